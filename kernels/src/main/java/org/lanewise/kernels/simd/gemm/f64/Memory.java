package org.lanewise.kernels.simd.gemm.f64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.scalar.ScalarEpilogue;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.workspace.Workspace;

/** The vectors and the memory of this package: f64 in native segments, offsets in bytes. */
final class Memory {
  static final VectorSpecies<Double> F64 = Lanes.F64;
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Alignment is checked before a kernel runs; checking at each access would cost a tenth. */
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

  /** Elements of a vector. */
  static final int COUNT = F64.length();

  /** Bytes of an element. */
  static final int BYTES = Double.BYTES;

  /** Distance of elements in memory, in the unit of offsets. */
  static final int ELEMENT = BYTES;

  /** Length of a vector in memory, in the unit of offsets. */
  static final int VECTOR = COUNT * ELEMENT;

  private static final long PAGE = 4096;

  private Memory() {}

  /** Memory that is freed when nothing refers to it any more. */
  static MemorySegment allocate(long elements) {
    return Arena.ofAuto().allocate(elements * ELEMENT, PAGE);
  }

  /** Memory of the current workspace. */
  static MemorySegment scratch(long elements) {
    return Workspace.current().allocate(elements * ELEMENT, PAGE);
  }

  /** Sets all elements to 0. */
  static void clear(MemorySegment memory) {
    memory.fill((byte) 0);
  }

  /** Length in the unit of offsets. */
  static long length(MemorySegment memory) {
    return memory.byteSize();
  }

  /**
   * Applies an epilogue's function with an exponential to the elements of a tile, one after the
   * other.
   */
  static void apply(
      Epilogue epilogue, MemorySegment x, long offset, long rowStride, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        long at = offset + i * rowStride + (long) j * ELEMENT;
        x.set(DOUBLE, at, ScalarEpilogue.apply(epilogue, x.get(DOUBLE, at)));
      }
    }
  }
}

package org.lanewise.kernels.simd.gemm.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.math.TileFunctions;
import org.lanewise.kernels.workspace.Workspace;

/** The vectors and the memory of this package: f32 in native segments, offsets in bytes. */
final class Memory {
  static final VectorSpecies<Float> F32 = Lanes.F32;
  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Alignment is checked before a kernel runs; checking at each access would cost a tenth. */
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Elements of a vector. */
  static final int COUNT = F32.length();

  /** Bytes of an element. */
  static final int BYTES = Float.BYTES;

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

  /** Applies an epilogue's function with an exponential to the elements of a tile. */
  static void apply(
      Epilogue epilogue, MemorySegment x, long offset, long rowStride, int rows, int columns) {
    MemorySegment tile = TileFunctions.tileOfThread();
    long width = TileFunctions.roundUp(columns);
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(
          x, offset + i * rowStride, tile, i * width * BYTES, (long) columns * BYTES);
    }
    TileFunctions.apply(epilogue.function(), tile, rows * width);
    for (int i = 0; i < rows; i++) {
      MemorySegment.copy(
          tile, i * width * BYTES, x, offset + i * rowStride, (long) columns * BYTES);
    }
  }
}

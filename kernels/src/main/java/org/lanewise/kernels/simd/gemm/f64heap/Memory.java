package org.lanewise.kernels.simd.gemm.f64heap;

import java.util.Arrays;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.scalar.ScalarEpilogue;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.workspace.Workspace;

/** The vectors and the memory of this package: f64 in arrays, offsets in elements. */
final class Memory {
  static final VectorSpecies<Double> F64 = Lanes.F64;

  /** Elements of a vector. */
  static final int COUNT = F64.length();

  /** Bytes of an element. */
  static final int BYTES = Double.BYTES;

  /** Distance of elements in memory, in the unit of offsets. */
  static final int ELEMENT = 1;

  /** Length of a vector in memory, in the unit of offsets. */
  static final int VECTOR = COUNT * ELEMENT;

  private Memory() {}

  /** Memory that is freed when nothing refers to it any more. */
  static double[] allocate(int elements) {
    return new double[elements];
  }

  /** Memory of the current workspace. */
  static double[] scratch(int elements) {
    return Workspace.current().doubles(elements);
  }

  /** Sets all elements to 0. */
  static void clear(double[] memory) {
    Arrays.fill(memory, 0);
  }

  /** Length in the unit of offsets. */
  static int length(double[] memory) {
    return memory.length;
  }

  /**
   * Applies an epilogue's function with an exponential to the elements of a tile, one after the
   * other.
   */
  static void apply(
      Epilogue epilogue, double[] x, int offset, int rowStride, int rows, int columns) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = offset + i * rowStride + j;
        x[at] = ScalarEpilogue.apply(epilogue, x[at]);
      }
    }
  }
}

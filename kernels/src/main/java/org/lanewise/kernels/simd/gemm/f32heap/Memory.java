package org.lanewise.kernels.simd.gemm.f32heap;

import java.util.Arrays;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.math.arrays.TileFunctions;
import org.lanewise.kernels.workspace.Workspace;

/** The vectors and the memory of this package: f32 in arrays, offsets in elements. */
final class Memory {
  static final VectorSpecies<Float> F32 = Lanes.F32;

  /** Elements of a vector. */
  static final int COUNT = F32.length();

  /** Bytes of an element. */
  static final int BYTES = Float.BYTES;

  /** Distance of elements in memory, in the unit of offsets. */
  static final int ELEMENT = 1;

  /** Length of a vector in memory, in the unit of offsets. */
  static final int VECTOR = COUNT * ELEMENT;

  private Memory() {}

  /** Memory that is freed when nothing refers to it any more. */
  static float[] allocate(int elements) {
    return new float[elements];
  }

  /** Memory of the current workspace. */
  static float[] scratch(int elements) {
    return Workspace.current().floats(elements);
  }

  /** Sets all elements to 0. */
  static void clear(float[] memory) {
    Arrays.fill(memory, 0);
  }

  /** Length in the unit of offsets. */
  static int length(float[] memory) {
    return memory.length;
  }

  /** Applies an epilogue's function with an exponential to the elements of a tile. */
  static void apply(
      Epilogue epilogue, float[] x, int offset, int rowStride, int rows, int columns) {
    float[] tile = TileFunctions.tileOfThread();
    int width = TileFunctions.roundUp(columns);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(x, offset + i * rowStride, tile, i * width, columns);
    }
    TileFunctions.apply(epilogue.function(), tile, rows * width);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(tile, i * width, x, offset + i * rowStride, columns);
    }
  }
}

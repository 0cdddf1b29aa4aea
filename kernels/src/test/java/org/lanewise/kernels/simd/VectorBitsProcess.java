package org.lanewise.kernels.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lanewise.kernels.Blas1;
import org.lanewise.kernels.Gemm;
import org.lanewise.kernels.PackedMatrix;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Transpose;

/** Prints what comes of each way to the vector kernels, taken twice. */
final class VectorBitsProcess {
  private VectorBitsProcess() {}

  public static void main(String[] args) {
    MemorySegment segment = Arena.global().allocate(Double.BYTES);
    float[] floats = new float[1];
    double[] doubles = new double[1];
    List<Runnable> ways =
        List.of(
            () -> Blas1.scal(1, 2, segment, segment),
            () -> org.lanewise.kernels.arrays.Blas1.scal(1, 2, floats, floats),
            () -> Gemm.of(1, 1, 1),
            () -> Gemm.sgemm(1, 1, 1, floats, floats, new float[1]),
            () -> PackedMatrix.ofFloats(Transpose.NO, 1, 1, segment).close(),
            () -> PackedMatrix.ofDoubles(Transpose.NO, 1, 1, segment).close(),
            () -> PackedMatrix.of(Transpose.NO, 1, 1, floats).close(),
            () -> PackedMatrix.of(Transpose.NO, 1, 1, doubles).close(),
            () -> Backends.open("cpu", 1).close());
    for (int time = 0; time < 2; time++) {
      for (Runnable way : ways) {
        try {
          way.run();
          System.out.println("done");
        } catch (IllegalStateException refused) {
          System.out.println(refused.getMessage());
        }
      }
    }
  }
}

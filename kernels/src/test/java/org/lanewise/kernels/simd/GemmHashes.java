package org.lanewise.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.lanewise.kernels.Gemm;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;

/** Lines with hashes of products in f32 and f64, for comparison between JVMs. */
final class GemmHashes {
  private GemmHashes() {}

  /** Products with rests in all dimensions and more than one depth block. */
  static List<String> small() {
    return all(9, 37, 515);
  }

  /** Products whose operands are copied, with rests and more than one block. */
  static List<String> packed() {
    return all(301, 333, 1030);
  }

  private static List<String> all(int m, int n, int k) {
    List<String> lines = new ArrayList<>();
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        Gemm gemm = Gemm.of(m, n, k).alpha(0.7).beta(0.3).epilogue(Epilogue.BIAS_RELU);
        if (transA == Transpose.YES) {
          gemm.transposeA();
        }
        if (transB == Transpose.YES) {
          gemm.transposeB();
        }
        String name = "%d×%d×%d %s %s".formatted(m, k, n, transA, transB);
        lines.add("sgemm segments " + name + " " + hash(f32Segments(gemm, m, n, k)));
        lines.add("sgemm arrays " + name + " " + hash(f32Arrays(gemm, m, n, k)));
        lines.add("dgemm segments " + name + " " + hash(f64Segments(gemm, m, n, k)));
        lines.add("dgemm arrays " + name + " " + hash(f64Arrays(gemm, m, n, k)));
      }
    }
    return lines;
  }

  private static float[] f32Arrays(Gemm gemm, int m, int n, int k) {
    float[] c = floats(m * n, 4);
    gemm.sgemm(floats(m * k, 1), floats(k * n, 2), c, floats(n, 3), null);
    return c;
  }

  private static double[] f64Arrays(Gemm gemm, int m, int n, int k) {
    double[] c = doubles(m * n, 4);
    gemm.dgemm(doubles(m * k, 1), doubles(k * n, 2), c, doubles(n, 3), null);
    return c;
  }

  private static float[] f32Segments(Gemm gemm, int m, int n, int k) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment c = arena.allocateFrom(JAVA_FLOAT, floats(m * n, 4));
      gemm.sgemm(
          arena.allocateFrom(JAVA_FLOAT, floats(m * k, 1)),
          arena.allocateFrom(JAVA_FLOAT, floats(k * n, 2)),
          c,
          arena.allocateFrom(JAVA_FLOAT, floats(n, 3)),
          null);
      return c.toArray(JAVA_FLOAT);
    }
  }

  private static double[] f64Segments(Gemm gemm, int m, int n, int k) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment c = arena.allocateFrom(JAVA_DOUBLE, doubles(m * n, 4));
      gemm.dgemm(
          arena.allocateFrom(JAVA_DOUBLE, doubles(m * k, 1)),
          arena.allocateFrom(JAVA_DOUBLE, doubles(k * n, 2)),
          c,
          arena.allocateFrom(JAVA_DOUBLE, doubles(n, 3)),
          null);
      return c.toArray(JAVA_DOUBLE);
    }
  }

  private static String hash(float[] values) {
    return Integer.toHexString(Arrays.hashCode(values));
  }

  private static String hash(double[] values) {
    return Integer.toHexString(Arrays.hashCode(values));
  }

  private static float[] floats(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static double[] doubles(int size, long seed) {
    return new SplittableRandom(seed).doubles(size, -0.5, 0.5).toArray();
  }
}

package org.lanewise.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** GEMM has the bits of its scalar twin, whatever sizes, layout and scalars. */
class GemmTest {
  /** With one thread; {@link GemmThreadsTest} has more. */
  private static final WorkerPool CALLER = new WorkerPool(1);

  /** Around tiles of 1, 4 and 6 rows. */
  private static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 37};

  /** Around tiles of 4, 8, 16, 32 and 64 columns. */
  private static final int[] COLUMNS = {
    1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 97, 127, 128, 129
  };

  private static final double[] ALPHAS = {1, 0, -0.5};
  private static final double[] BETAS = {0, 1, 0.75};

  static Stream<GemmCase> tiles() {
    List<GemmCase> cases = new ArrayList<>();
    for (int m : ROWS) {
      for (int n : COLUMNS) {
        cases.add(next(cases.size(), m, n, 1 + cases.size() % 23));
      }
    }
    return cases.stream();
  }

  static Stream<GemmCase> emptyAndSingle() {
    List<GemmCase> cases = new ArrayList<>();
    for (int m = 0; m < 2; m++) {
      for (int n = 0; n < 2; n++) {
        for (int k = 0; k < 2; k++) {
          addAllLayouts(cases, m, n, k);
        }
      }
    }
    for (int[] size : new int[][] {{0, 5, 5}, {5, 0, 5}, {5, 5, 0}, {70, 70, 0}, {130, 9, 0}}) {
      addAllLayouts(cases, size[0], size[1], size[2]);
    }
    return cases.stream();
  }

  /** Around the depth blocks of the numeric contract, 512, and of packing, a multiple of it. */
  static Stream<GemmCase> depths() {
    List<GemmCase> cases = new ArrayList<>();
    for (int k : new int[] {511, 512, 513, 1023, 1024, 1025, 1537, 2049}) {
      for (int[] size : new int[][] {{1, 1}, {1, 70}, {5, 3}, {7, 17}, {13, 67}}) {
        addAllLayouts(cases, size[0], size[1], k);
      }
    }
    return cases.stream();
  }

  static Stream<GemmCase> scalars() {
    List<GemmCase> cases = new ArrayList<>();
    for (double alpha : ALPHAS) {
      for (double beta : BETAS) {
        for (int[] size : new int[][] {{9, 70, 20}, {3, 17, 520}, {12, 128, 1025}, {5, 5, 0}}) {
          cases.add(GemmCase.of(size[0], size[1], size[2]).scalars(alpha, beta));
          cases.add(
              GemmCase.of(size[0], size[1], size[2])
                  .scalars(alpha, beta)
                  .gaps(0, 0, 3)
                  .epilogue(Epilogue.BIAS_RELU));
        }
      }
    }
    cases.add(GemmCase.of(9, 70, 20).scalars(-0.0, -0.0));
    cases.add(GemmCase.of(9, 70, 20).scalars(1e-60, 1e-60)); // 0 in f32
    cases.add(GemmCase.of(9, 70, 20).scalars(0.1, 0.3)); // rounded to f32
    cases.add(GemmCase.of(9, 70, 20).scalars(Double.NaN, 1));
    cases.add(GemmCase.of(9, 70, 20).scalars(1, Double.NaN));
    cases.add(GemmCase.of(9, 70, 0).scalars(Double.POSITIVE_INFINITY, 1));
    return cases.stream();
  }

  static Stream<GemmCase> random() {
    SplittableRandom random = new SplittableRandom(20);
    return Stream.generate(() ->
            GemmCase.of(random.nextInt(1, 301), random.nextInt(1, 301), random.nextInt(1, 41))
                .transposed(transpose(random.nextBoolean()), transpose(random.nextBoolean()))
                .gaps(random.nextInt(17), random.nextInt(17), random.nextInt(17))
                .offsets(random.nextInt(9), random.nextInt(9), random.nextInt(9))
                .scalars(ALPHAS[random.nextInt(3)], BETAS[random.nextInt(3)]))
        .limit(300);
  }

  private static void addAllLayouts(List<GemmCase> cases, int m, int n, int k) {
    for (int i = 0; i < 4; i++) {
      cases.add(next(i + 4 * cases.size(), m, n, k));
    }
  }

  /** A case that differs from the one before in all else: the index runs through what there is. */
  private static GemmCase next(int index, int m, int n, int k) {
    GemmCase next =
        GemmCase.of(m, n, k).transposed(transpose(index % 2 == 1), transpose(index / 2 % 2 == 1));
    if (index % 3 > 0) {
      next.gaps(index % 5, index % 7, index % 11);
    }
    return next.offsets(index % 4, index % 9, index % 6)
        .scalars(ALPHAS[index % 5 % 3], BETAS[index % 7 % 3]);
  }

  private static Transpose transpose(boolean transpose) {
    return transpose ? Transpose.YES : Transpose.NO;
  }

  @ParameterizedTest
  @MethodSource({"tiles", "emptyAndSingle", "depths", "scalars", "random"})
  void hasTheBitsOfTheScalarTwin(GemmCase g) {
    GemmTwins.assertSameBits(g, CALLER);
  }
}

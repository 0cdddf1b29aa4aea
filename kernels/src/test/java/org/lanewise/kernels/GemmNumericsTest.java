package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Transpose;

/** How far GEMM is from the real sum, and what it does with numbers that are not ordinary. */
class GemmNumericsTest {
  private static final double NAN = Double.NaN;

  /** Elements of C that are compared: the exact sum takes time. */
  private static final int SAMPLES = 40;

  static Stream<Arguments> products() {
    return Stream.of(
            GemmCase.of(1, 1, 1),
            GemmCase.of(7, 9, 3).scalars(-0.5, 0.75),
            GemmCase.of(13, 70, 100).transposed(Transpose.YES, Transpose.NO).scalars(2.5, 1),
            GemmCase.of(5, 33, 511).transposed(Transpose.NO, Transpose.YES).gaps(1, 2, 3),
            GemmCase.of(65, 31, 1025).transposed(Transpose.YES, Transpose.YES).scalars(1, -3),
            GemmCase.of(3, 5, 4099).scalars(1e-3, 0.1),
            GemmCase.of(100, 300, 900))
        .flatMap(g -> Arrays.stream(GemmKind.values()).map(kind -> Arguments.of(kind, g)));
  }

  @ParameterizedTest
  @MethodSource("products")
  void isWithinTheErrorBoundOfTheRealSum(GemmKind kind, GemmCase g) {
    GemmOperands x = GemmOperands.random(g, 7);
    double[] c = kind.run(g.gemm(), x);
    double alpha = kind.round(g.alpha);
    double beta = kind.round(g.beta);
    SplittableRandom random = new SplittableRandom(8);
    for (int sample = 0; sample < SAMPLES; sample++) {
      int i = random.nextInt(g.m);
      int j = random.nextInt(g.n);
      BigDecimal sum = BigDecimal.ZERO;
      double magnitude = 0;
      for (int p = 0; p < g.k; p++) {
        double a = kind.round(x.a[g.aIndex(0, i, p)]);
        double b = kind.round(x.b[g.bIndex(0, p, j)]);
        sum = sum.add(new BigDecimal(a).multiply(new BigDecimal(b)));
        magnitude += Math.abs(a * b);
      }
      double old = kind.round(x.c[g.cIndex(0, i, j)]);
      BigDecimal real =
          sum.multiply(new BigDecimal(alpha))
              .add(new BigDecimal(beta).multiply(new BigDecimal(old)));
      double error =
          new BigDecimal(c[g.cIndex(0, i, j)])
              .subtract(real)
              .abs()
              .round(MathContext.DECIMAL32)
              .doubleValue();
      double bound =
          (g.k + 2)
              * kind.roundoff()
              * (Math.abs(alpha) * magnitude + Math.abs(beta) * Math.abs(old));
      assertThat(error)
          .as("%s C[%d][%d] of %s", kind, i, j, g)
          .isLessThanOrEqualTo(bound + kind.smallest());
    }
  }

  @ParameterizedTest
  @EnumSource
  void betaZeroOverwritesNaN(GemmKind kind) {
    for (int[] size : new int[][] {{1, 1, 1}, {5, 67, 3}, {4, 64, 513}, {5, 67, 0}}) {
      GemmCase g = GemmCase.of(size[0], size[1], size[2]);
      for (double alpha : new double[] {1, 0, 0.5}) {
        g.scalars(alpha, 0);
        GemmOperands x = GemmOperands.random(g, 1);
        Arrays.fill(x.c, 0, size[0] * size[1], Double.NaN);
        double[] c = kind.run(g.gemm(), x);
        assertThat(Arrays.copyOf(c, size[0] * size[1])).as("%s %s", kind, g).doesNotContain(NAN);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void alphaZeroDoesNotReadTheOperands(GemmKind kind) {
    for (int[] size : new int[][] {{1, 1, 1}, {5, 67, 3}, {4, 64, 513}, {130, 300, 1025}}) {
      GemmCase g = GemmCase.of(size[0], size[1], size[2]).scalars(0, 2);
      GemmOperands x = GemmOperands.random(g, 1);
      Arrays.fill(x.a, NAN);
      Arrays.fill(x.b, NAN);
      double[] c = kind.run(g.gemm(), x);
      for (int i = 0; i < size[0] * size[1]; i++) {
        assertThat(c[i]).isEqualTo(2 * kind.round(x.c[i]));
      }
    }
  }

  /** A row, a column, the old element of C with β = 1, and the sum that IEEE 754 says. */
  static Stream<Arguments> sums() {
    double infinity = Double.POSITIVE_INFINITY;
    return Stream.of(
            sum(List.of(infinity, 1.), List.of(1., 1.), 0, infinity),
            sum(List.of(infinity, 1.), List.of(1., -infinity), 0, NAN),
            sum(List.of(infinity, 1.), List.of(0., 1.), 0, NAN),
            sum(List.of(NAN, 1.), List.of(1., 1.), 0, NAN),
            sum(List.of(NAN, 1.), List.of(0., 1.), 0, NAN),
            sum(List.of(1., 2.), List.of(3., 4.), -infinity, -infinity),
            sum(List.of(infinity, 2.), List.of(3., 4.), -infinity, NAN),
            sum(List.of(1., 2.), List.of(3., 4.), NAN, NAN),
            sum(List.of(-1., 0.), List.of(0., 5.), -0., 0), // +0 + −0 = +0
            sum(List.of(1e-30, 1.), List.of(1e-10, 1e-41), 0, 1e-40 + 1e-41))
        .flatMap(sum ->
            Arrays.stream(GemmKind.values())
                .map(kind ->
                    Arguments.of(kind, sum.get()[0], sum.get()[1], sum.get()[2], sum.get()[3])));
  }

  private static Arguments sum(List<Double> row, List<Double> column, double c, double sum) {
    return Arguments.of(row, column, c, sum);
  }

  @ParameterizedTest
  @MethodSource("sums")
  void sumsAsIeee(GemmKind kind, List<Double> row, List<Double> column, double c, double sum) {
    int k = row.size();
    for (int m : new int[] {1, 4, 7}) { // in kernels for single rows and for tiles
      for (int n : new int[] {1, 5, 16, 67}) {
        GemmCase g = GemmCase.of(m, n, k).scalars(1, 1);
        GemmOperands x = GemmOperands.random(g, 1);
        for (int p = 0; p < k; p++) {
          for (int i = 0; i < m; i++) {
            x.a[g.aIndex(0, i, p)] = row.get(p);
          }
          for (int j = 0; j < n; j++) {
            x.b[g.bIndex(0, p, j)] = column.get(p);
          }
        }
        Arrays.fill(x.c, 0, m * n, c);
        double[] actual = kind.run(g.gemm(), x);
        for (int i = 0; i < m * n; i++) {
          String element = "%s %d×%d, element %d".formatted(kind, m, n, i);
          if (Double.isFinite(sum) && sum != 0) {
            double tolerance = kind.smallest() + Math.abs(sum) * 2 * kind.roundoff();
            assertThat(Math.abs(actual[i] - sum)).as(element).isLessThanOrEqualTo(tolerance);
          } else { // as objects: NaN is NaN, and −0 is not 0
            assertThat(Double.valueOf(actual[i])).as(element).isEqualTo(Double.valueOf(sum));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsSubnormalNumbers(GemmKind kind) {
    double tiny = kind.smallest();
    GemmCase g = GemmCase.of(5, 67, 2);
    GemmOperands x = GemmOperands.random(g, 1);
    Arrays.fill(x.a, 3);
    Arrays.fill(x.b, tiny);
    double[] c = kind.run(g.gemm(), x);
    assertThat(Arrays.copyOf(c, 5 * 67)).containsOnly(6 * tiny);
  }
}

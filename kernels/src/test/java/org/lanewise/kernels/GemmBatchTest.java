package org.lanewise.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;

/** Batches have the bits of the scalar twin, which computes one matrix after the other. */
class GemmBatchTest {
  private static final WorkerPool[] POOLS = {new WorkerPool(1), new WorkerPool(3)};

  static Stream<GemmCase> cases() {
    List<GemmCase> cases = new ArrayList<>();
    for (int count : new int[] {0, 1, 2, 5, 16}) {
      for (int[] size : new int[][] {{1, 1, 1}, {9, 17, 30}, {13, 70, 513}, {5, 6, 0}}) {
        for (Transpose transA : Transpose.values()) {
          for (Transpose transB : Transpose.values()) {
            addAll(cases, count, size[0], size[1], size[2], transA, transB);
          }
        }
      }
    }
    // Large enough for several threads: fewer matrices than threads, and more
    cases.add(GemmCase.of(70, 150, 200).batch(2, 70 * 200, 200 * 150, 70 * 150));
    cases.add(GemmCase.of(33, 65, 300).batch(7, 33 * 300, 300 * 65, 33 * 65));
    cases.add(
        GemmCase.of(33, 65, 300)
            .gaps(0, 0, 6 * 65 + 1)
            .scalars(1, 1)
            .epilogue(Epilogue.BIAS.withResidual())
            .batch(7, 0, 300 * 65, 65));
    return cases.stream();
  }

  private static void addAll(
      List<GemmCase> cases, int count, int m, int n, int k, Transpose transA, Transpose transB) {
    Epilogue epilogue = Epilogue.BIAS_RELU.withResidual();
    cases.add( // one after the other
        GemmCase.of(m, n, k).transposed(transA, transB).batch(count, m * k, k * n, m * n));
    cases.add( // with gaps
        GemmCase.of(m, n, k)
            .transposed(transA, transB)
            .gaps(1, 2, 3)
            .offsets(3, 2, 1)
            .scalars(-0.5, 0.75)
            .epilogue(epilogue)
            .batch(count, (m + k) * (m + k + 1), (k + n) * (k + n + 2), m * (n + 3) + 5));
    cases.add( // side by side in the rows of one matrix
        GemmCase.of(m, n, k)
            .transposed(transA, transB)
            .gaps(0, 0, count * (n + 2))
            .scalars(1, 0.75)
            .epilogue(epilogue)
            .batch(count, m * k, k * n, n + 2));
    cases.add(GemmCase.of(m, n, k).transposed(transA, transB).batch(count, 0, k * n, m * n));
    cases.add(GemmCase.of(m, n, k).transposed(transA, transB).batch(count, m * k, 0, m * n));
    cases.add( // side by side without a gap, as the heads of attention
        GemmCase.of(m, n, k)
            .transposed(transA, transB)
            .gaps(0, 0, Math.max(0, count - 1) * n)
            .batch(count, 0, 0, n));
  }

  @AfterAll
  static void close() {
    for (WorkerPool pool : POOLS) {
      pool.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheBitsOfTheScalarTwin(GemmCase g) {
    GemmTwins.assertSameBits(g, POOLS);
  }
}

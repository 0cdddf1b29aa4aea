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

/**
 * Large products, whose operands are copied, have the bits of the twin on any number of threads.
 */
class GemmThreadsTest {
  private static final WorkerPool[] POOLS =
      Stream.of(1, 2, 3, 7).map(WorkerPool::new).toArray(WorkerPool[]::new);

  static Stream<GemmCase> cases() {
    int[][] sizes = {
      {130, 1101, 300}, // B is copied, in more than one block of columns
      {601, 101, 530}, // A is copied, in more than one block of rows
      {301, 333, 1030}, // both, in more than one block of depth
      {1, 5003, 130}, // rows of C are computed one by one
      {5003, 1, 130},
      {3, 1100, 300},
      {400, 13, 700},
      {97, 129, 2049}
    };
    List<GemmCase> cases = new ArrayList<>();
    for (int[] size : sizes) {
      for (Transpose transA : Transpose.values()) {
        for (Transpose transB : Transpose.values()) {
          GemmCase g = GemmCase.of(size[0], size[1], size[2]).transposed(transA, transB);
          if (cases.size() % 3 > 0) {
            g.gaps(5, 1, 3).scalars(-0.5, 0.75).offsets(1, 2, 3);
          }
          if (cases.size() % 2 > 0) {
            g.epilogue(Epilogue.BIAS_RELU.withResidual());
          }
          cases.add(g);
        }
      }
    }
    return cases.stream();
  }

  @AfterAll
  static void close() {
    for (WorkerPool pool : POOLS) {
      pool.close();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theNumberOfThreadsDoesNotMatter(GemmCase g) {
    GemmTwins.assertSameBits(g, POOLS);
  }
}

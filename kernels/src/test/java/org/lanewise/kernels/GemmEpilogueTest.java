package org.lanewise.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Epilogue.Bias;
import org.lanewise.kernels.op.Epilogue.Function;
import org.lanewise.kernels.parallel.WorkerPool;

/** Epilogues have the bits of the scalar twin, each bias with each function. */
class GemmEpilogueTest {
  private static final WorkerPool CALLER = new WorkerPool(1);

  private static final int[][] SIZES = {
    {1, 1, 1}, {1, 67, 5}, {9, 70, 20}, {13, 37, 513}, {5, 9, 0}, {530, 5, 20}
  };

  static List<Epilogue> epilogues() {
    List<Epilogue> epilogues = new ArrayList<>();
    for (Bias bias : Bias.values()) {
      for (Function function : Function.values()) {
        Epilogue epilogue = Epilogue.of(bias, function);
        epilogues.add(epilogue);
        epilogues.add(epilogue.withResidual());
      }
      Epilogue clamp = Epilogue.of(bias, Function.NONE).withClamp(-0.3, 0.1);
      epilogues.add(clamp);
      epilogues.add(clamp.withResidual());
    }
    return epilogues;
  }

  static Stream<GemmCase> cases() {
    List<GemmCase> cases = new ArrayList<>();
    for (Epilogue epilogue : epilogues()) {
      for (int[] size : SIZES) {
        cases.add(GemmCase.of(size[0], size[1], size[2]).epilogue(epilogue));
        cases.add(
            GemmCase.of(size[0], size[1], size[2])
                .epilogue(epilogue)
                .scalars(-0.5, 0.75)
                .gaps(1, 2, 3)
                .offsets(4, 5, 6));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheBitsOfTheScalarTwin(GemmCase g) {
    GemmTwins.assertSameBits(g, CALLER);
  }
}

package org.lanewise.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lanewise.cli.UserException;

class ContestTest {
  private static final Implementation WRONG =
      new Implementation() {
        @Override
        public String name() {
          return "wrong";
        }

        @Override
        public void setThreads(int threads) {}

        @Override
        public Runnable product(Operands operands) {
          return () -> operands.c().fill((byte) 0);
        }
      };

  private static Optional<Result> run(
      BooleanSupplier stopped, Type type, Implementation... implementations) {
    Operands operands = Operands.random(Shape.dense(3, 4, 5, Trans.TN), type, Arena.ofAuto());
    try (FmaPeak peak = new FmaPeak(type, 1)) {
      return new Contest(List.of(implementations), 3, 1e-4, 1e-2, stopped).run(operands, 1, peak);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyoneHasATurnInEachRound(Type type) {
    Result result =
        run(
                () -> false,
                type,
                new NaiveGemm("first", Memory.HEAP),
                new NaiveGemm("second", Memory.NATIVE))
            .orElseThrow();
    assertThat(result.lanewise().implementation()).isEqualTo("first");
    assertThat(result.lanewise().rounds()).hasSize(3).doesNotContain(0);
    assertThat(result.peers()).extracting(Measurement::implementation).containsExactly("second");
    assertThat(result.peers().getFirst().rounds()).hasSize(3).doesNotContain(0);
    assertThat(result.peak()).isPositive();
  }

  @Test
  void whoIsWrongIsNotMeasured() {
    assertThatThrownBy(
            () -> run(() -> false, Type.F32, new NaiveGemm("first", Memory.NATIVE), WRONG))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("wrong is wrong: C[0][0] of 3×5×4 TN is 0.0");
  }

  @Test
  void endsWhenItIsStopped() {
    assertThat(run(() -> true, Type.F32, new NaiveGemm("first", Memory.NATIVE))).isEmpty();
  }
}

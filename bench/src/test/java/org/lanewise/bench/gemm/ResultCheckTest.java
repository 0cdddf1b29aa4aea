package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.cli.UserException;

class ResultCheckTest {
  private static Operands operands(Trans trans, Type type) {
    return Operands.random(Shape.padded(5, 7, 9, trans, 3, 1, 2), type, Arena.ofAuto());
  }

  private static Runnable naive(Operands operands, Trans trans) {
    Shape shape = operands.shape();
    Shape seen =
        new Shape(shape.m(), shape.n(), shape.k(), trans, shape.lda(), shape.ldb(), shape.ldc());
    return () ->
        NaiveGemm.multiply(
            operands,
            new Operands(seen, operands.type(), operands.a(), operands.b(), operands.c()));
  }

  private static void check(Operands operands, Runnable product) {
    ResultCheck.check("peer", product, operands);
  }

  @ParameterizedTest
  @EnumSource
  void acceptsARightProduct(Trans trans) {
    Operands operands = operands(trans, Type.F32);
    assertThatCode(() -> check(operands, naive(operands, trans))).doesNotThrowAnyException();
  }

  @Test
  void seesAWrongElement() {
    Operands operands = operands(Trans.NN, Type.F32);
    Runnable product = naive(operands, Trans.NN);
    assertThatThrownBy(() ->
            check(
                operands,
                () -> {
                  product.run();
                  float first = operands.c().get(JAVA_FLOAT, 0);
                  operands.c().set(JAVA_FLOAT, 0, first + 1e-4f);
                }))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("peer is wrong: C[0][0] of 5×9×7 NN is ");
  }

  @Test
  void seesATransposeThatIsIgnored() {
    Operands operands = Operands.random(Shape.dense(8, 8, 8, Trans.NT), Type.F32, Arena.ofAuto());
    assertThatThrownBy(() -> check(operands, naive(operands, Trans.NN)))
        .hasMessageContaining("peer is wrong");
  }

  @Test
  void seesWhatIsNotWritten() {
    assertThatThrownBy(() -> check(operands(Trans.NN, Type.F64), () -> {}))
        .hasMessage("peer is wrong: C[0][0] of 5×9×7 NN is not written");
  }

  @Test
  void seesWhatIsWrittenBetweenRows() {
    Operands operands = operands(Trans.NN, Type.F32);
    assertThatThrownBy(() -> check(operands, () -> operands.c().fill((byte) 0)))
        .hasMessage("peer is wrong: C[0][7] of 5×9×7 NN is written, after the end of its row");
  }

  static Stream<Arguments> kinds() {
    return Arrays.stream(Trans.values())
        .flatMap(trans -> Arrays.stream(Type.values()).map(type -> Arguments.of(trans, type)));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void openBlasIsRight(Trans trans, Type type) {
    assumeTrue(OpenBlas.isAvailable());
    CblasPeer peer = OpenBlas.load();
    peer.setThreads(2);
    Operands operands = operands(trans, type);
    assertThatCode(() -> check(operands, peer.product(operands))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void lanewiseIsRight(Trans trans) {
    try (LanewiseGemm gemm = new LanewiseGemm(Memory.NATIVE)) {
      gemm.setThreads(2);
      Operands operands = operands(trans, Type.F32);
      assertThatCode(() -> check(operands, gemm.product(operands))).doesNotThrowAnyException();
    }
  }
}

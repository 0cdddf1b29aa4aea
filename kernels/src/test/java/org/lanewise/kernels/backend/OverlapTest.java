package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.cpu.CpuBackend;
import org.lanewise.kernels.backend.scalar.ScalarBackend;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.InPlaceCase;
import org.lanewise.kernels.cases.OverlapCase;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;

/** Operands that share memory: what ops allow gives the same bits, all else is refused. */
class OverlapTest {
  static Stream<InPlaceCase> inPlace() {
    return InPlaceCase.all();
  }

  @ParameterizedTest
  @MethodSource("inPlace")
  void inPlaceGivesTheSameBits(InPlaceCase c) {
    try (Backend scalar = new ScalarBackend();
        Backend alone = new CpuBackend(1);
        Backend threads = new CpuBackend(3)) {
      List<float[]> expected = new BoundOp(scalar, c.op()).run();
      for (Backend backend : List.of(scalar, alone, threads)) {
        c.check(expected, new BoundOp(backend, c).run());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void otherOverlapsAreRefused(String name) {
    OverlapCase.all()
        .forEach(c -> {
          try (Backend backend = Backends.open(name, 1)) {
            c.checkRefused(backend);
          }
        });
  }

  @Test
  void partsOfABufferThatMeetDoNotOverlap() {
    try (Backend cpu = new CpuBackend(1)) {
      Buffer buffer = cpu.allocate(8 * Float.BYTES);
      Operand x = new Operand(buffer, 0, f32(4));
      Operand y = new Operand(buffer, 4 * Float.BYTES, f32(4));
      Operand nothing = new Operand(buffer, 2 * Float.BYTES, f32(0));
      assertThat(x.overlaps(y)).isFalse();
      assertThat(x.overlaps(nothing)).isFalse();
      Op twice = new ElementwiseOp.Scale(2f);
      cpu.bind(twice, List.of(x), List.of(y), List.of(Write.ADD)).run();
      Operand half = new Operand(buffer, 3 * Float.BYTES, f32(4));
      assertThatThrownBy(() -> cpu.bind(twice, List.of(x), List.of(half)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Scale: y f32[4] must not overlap with x f32[4] but they are bytes 12 to 28 and 0 to"
                  + " 16 of one buffer");
    }
  }
}

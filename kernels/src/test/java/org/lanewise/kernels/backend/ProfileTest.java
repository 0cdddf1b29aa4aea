package org.lanewise.kernels.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.op.TensorType.f32;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.TensorType;

class ProfileTest {
  private static final TensorType VECTOR = f32(1000);

  /** The table after a run that moves 8,000 bytes in 81 ns, or 99 GB/s. */
  private static String table(double bandwidth) {
    SlowAtFirst backend = new SlowAtFirst(0, 1);
    Profile profile = new Profile(backend, () -> new Speed(1e12, bandwidth, 1e-6, true));
    Operand operand = new Operand(profile.allocate(VECTOR.byteSize()), 0, VECTOR);
    profile.bind(new ElementwiseOp.Scale(0.5f), List.of(operand), List.of(operand)).run();
    return profile.table();
  }

  @Test
  void showsHowNearTheBoundAnOpIs() {
    assertThat(table(200e9))
        .startsWith("slow at first: 1000.0 GFLOP/s in matrix products, 200.0 GB/s in vectors, ")
        .containsPattern(" 49 %  Scale")
        .doesNotContain("More than 100 %");
  }

  @Test
  void explainsWhatIsBeyondTheBound() {
    assertThat(table(50e9))
        .containsPattern(" 198 %  Scale")
        .contains("More than 100 % of the bound: the data was in the cache");
  }

  @Test
  void measuresTheSpeedOfCodeThatHasRun() {
    SlowAtFirst backend = new SlowAtFirst(0, 1);
    int[] measured = {0};
    Profile profile =
        new Profile(
            backend,
            () -> {
              measured[0]++;
              return new Speed(1, 1, 1, true);
            });
    assertThat(measured[0]).isZero();
    profile.table();
    profile.table();
    assertThat(measured[0]).isEqualTo(1);
  }
}

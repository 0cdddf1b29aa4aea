package org.lanewise.nn.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.data.Batches;

class SummaryTest {
  @Test
  void countsParametersFlopsAndBytes() {
    Summary summary =
        Trainer.classifier(new Models.Mlp())
            .optimizer(Optimizer.adam(1e-3))
            .summary(Batches.of(Models.points(1, 1)).size(10).signature());
    long hidden = 6 * 24 + 24;
    long out = 24 * 3 + 3;
    assertThat(summary.parameters()).isEqualTo(hidden + out);
    assertThat(summary.stateBytes()).isEqualTo(4 * 4 * (hidden + out));
    assertThat(summary.layers().get(0).flops()).isEqualTo(2 * 10 * 6 * 24);
    assertThat(summary.layers().get(1).flops()).isEqualTo(2 * 10 * 24 * 3);
    long products = 2 * 10 * (6 * 24 + 24 * 3);
    long gradientProducts = 2 * 10 * (6 * 24 + 2 * 24 * 3);
    assertThat(summary.step().flops()).isGreaterThan(products + gradientProducts);
    assertThat(summary.toString())
        .contains("hidden", "Gemm + bias + relu", "[10, 24]", "168")
        .contains("243 parameters");
  }

  @Test
  void columnsLineUpHoweverLongNamesAre() {
    String longName = "encoder.layers.11.attention.query";
    Shape output = Shape.of(32, 128, 768);
    Summary summary =
        new Summary(
            List.of(
                new Summary.LayerSummary("a", "Gemm", output, 1, 2),
                new Summary.LayerSummary(
                    longName, "Convolution + bias + geluTanh", output, 1_234_567, 2)),
            List.of(),
            1,
            Cost.ZERO,
            Cost.ZERO,
            0,
            0);
    List<String> lines = summary.toString().lines().toList();
    assertThat(lines.get(0).indexOf("op")).isEqualTo(longName.length() + 1);
    assertThat(lines.get(1).indexOf("Gemm")).isEqualTo(longName.length() + 1);
    assertThat(lines.get(1)).hasSameSizeAs(lines.get(2));
  }
}

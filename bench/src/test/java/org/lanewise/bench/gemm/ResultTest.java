package org.lanewise.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final Shape SHAPE = Shape.dense(2, 3, 4, Trans.NN);

  static Result result(double lanewise, double... peers) {
    List<Measurement> others = new ArrayList<>();
    for (double peer : peers) {
      others.add(new Measurement("peer" + others.size(), new double[] {peer}));
    }
    return new Result(SHAPE, 1, new Measurement("lanewise", new double[] {lanewise}), others, 120);
  }

  @Test
  void aSpeedIsTheMedianOfItsRounds() {
    assertThat(Measurement.median(3, 1, 2)).isEqualTo(2);
    assertThat(Measurement.median(4, 1, 2, 3)).isEqualTo(2.5);
    assertThat(new Measurement("x", new double[] {1000, 5, 6}).gflops()).isEqualTo(6);
  }

  @Test
  void theRatioIsThatToTheFastestPeer() {
    assertThat(result(30, 20, 40, 10).ratio()).hasValue(0.75);
    assertThat(result(30).ratio()).isEmpty();
  }

  @Test
  void ratiosAverageGeometrically() {
    assertThat(Result.meanRatio(List.of(result(1, 2), result(8, 1), result(5))).orElseThrow())
        .isCloseTo(2, within(1e-12));
    assertThat(Result.meanRatio(List.of(result(5)))).isEmpty();
  }

  @Test
  void aQuantileIsOneOfTheRatios() {
    List<Result> sorted = List.of(result(1, 1), result(2, 1), result(3, 1), result(4, 1));
    assertThat(Summary.quantile(sorted, 0)).isEqualTo(1);
    assertThat(Summary.quantile(sorted, 0.01)).isEqualTo(1);
    assertThat(Summary.quantile(sorted, 0.5)).isEqualTo(2);
    assertThat(Summary.quantile(sorted, 0.9)).isEqualTo(4);
  }
}

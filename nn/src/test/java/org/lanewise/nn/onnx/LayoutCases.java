package org.lanewise.nn.onnx;

import static org.lanewise.nn.Constant.constant;

import java.util.Arrays;
import java.util.stream.Stream;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Init;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.onnx.OnnxCase.Nothing;

/** Copies in another layout, reductions and lengths that are computed. */
final class LayoutCases {
  private LayoutCases() {}

  /** A table of which as many rows are used as x has times. */
  record Table(Parameter rows) {
    Table() {
      this(Parameter.of(Init.normal(1f), 16, 4));
    }
  }

  static Stream<OnnxCase> all() {
    return Stream.of(
        OnnxCase.of("flatten", new Nothing(), Tensor::flatten, 3, 2, 5),
        OnnxCase.of("rows of all", new Nothing(), x -> x.reshape(-1, 5), 3, 2, 5).withTime("x"),
        OnnxCase.of("one axis", new Nothing(), x -> x.reshape(-1), 3, 2, 5).withTime("x"),
        OnnxCase.of(
                "heads and back",
                new Nothing(),
                x -> {
                  long batch = x.shape().dimension(0);
                  long time = x.shape().dimension(1);
                  return x.reshape(batch * time, 2, 3)
                      .mul(2f)
                      .reshape(batch, time, 2, 3)
                      .permute(0, 2, 1, 3)
                      .reshape(batch * 2, time, 3)
                      .mul(3f)
                      .reshape(batch, 2, time, 3);
                },
                3,
                4,
                6)
            .withTime("x"),
        OnnxCase.of(
                "axes that change places",
                new Nothing(),
                x -> {
                  long batch = x.shape().dimension(0);
                  return x.reshape(x.shape().dimension(1), 6, batch);
                },
                3,
                4,
                6)
            .withTime("x"),
        OnnxCase.of("permute", new Nothing(), x -> x.permute(2, 0, 3, 1), 2, 3, 4, 5),
        OnnxCase.of("transpose", new Nothing(), x -> x.transpose(-1, -2), 2, 3, 4),
        OnnxCase.of("concat", new Nothing(), x -> x.concat(1, x.mul(2f), x), 2, 3, 4).withTime("x"),
        OnnxCase.of("slice", new Nothing(), x -> x.slice(1, 1, 3), 2, 4),
        OnnxCase.of(
                "the last time",
                new Nothing(),
                x -> x.slice(1, x.shape().dimension(1) - 1, x.shape().dimension(1)),
                2,
                4,
                3)
            .withTime("x"),
        OnnxCase.of(
                "all but the last time",
                new Nothing(),
                x -> x.slice(1, 0, x.shape().dimension(1) - 1),
                2,
                4,
                3)
            .withTime("x"),
        OnnxCase.of("pad", new Nothing(), x -> x.pad(1, 2, 1, -1.5f), 2, 4),
        OnnxCase.of(
                "pad to a length",
                new Nothing(),
                x -> x.pad(1, 0, 12 - x.shape().dimension(1)),
                2,
                4,
                3)
            .withTime("x"),
        positions(),
        OnnxCase.of(
                "a constant of any size",
                new Nothing(),
                x -> {
                  float[] twos = new float[(int) x.shape().size()];
                  Arrays.fill(twos, 2f);
                  return x.mul(
                      constant(
                          HostTensor.of(twos, x.shape().dimension(0), x.shape().dimension(1))));
                },
                3,
                4)
            .withTime("x"),
        OnnxCase.of("sum", new Nothing(), x -> x.sum(), 3, 4, 5).withTime("x"),
        OnnxCase.of("mean", new Nothing(), x -> x.mean(), 3, 4, 5).withTime("x"),
        OnnxCase.of("sum of last", new Nothing(), x -> x.sum(-1), 3, 4, 5).withTime("x"),
        OnnxCase.of("sum of first", new Nothing(), x -> x.sum(0), 3, 4, 5).withTime("x"),
        OnnxCase.of("mean of images", new Nothing(), x -> x.mean(2, 3), 3, 4, 5, 6),
        OnnxCase.of("mean of two axes", new Nothing(), x -> x.mean(0, 1), 3, 4, 5).withTime("x"),
        OnnxCase.of("mean of times", new Nothing(), x -> x.permute(0, 2, 1).mean(-1), 3, 4, 5)
            .withTime("x"),
        OnnxCase.of(
            "sum of an axis of length 1",
            new Nothing(),
            x -> x.reshape(x.shape().append(1)).sum(-1),
            3,
            4));
  }

  /** The rows of a table for as many times as there are, added to each sample. */
  private static OnnxCase positions() {
    Table table = new Table();
    return OnnxCase.of(
            "positions",
            table,
            x -> {
              long times = x.shape().dimension(1);
              Tensor rows =
                  x.slice(0, 0, 1)
                      .reshape(times, 4)
                      .apply(new LayoutOp.Concat(0), table.rows())
                      .slice(0, times, 2 * times);
              return x.add(rows);
            },
            2,
            4,
            4)
        .withTime("x");
  }
}

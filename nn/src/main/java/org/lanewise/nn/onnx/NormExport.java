package org.lanewise.nn.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.nn.HostTensor;

/** Norms. */
final class NormExport {
  private NormExport() {}

  static String export(NormOp.Forward op, Emitter e) {
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) ->
          e.addAll("LayerNormalization", 1, Map.of("axis", -1L, "epsilon", epsilon), e.inputs())
              .getFirst();
      case NormOp.RmsNorm(var epsilon) -> rmsNorm(epsilon, e);
      case NormOp.BatchNorm(_, _, var training) when training ->
          throw e.refusal("it computes with the statistics of the batch, as a training does");
      case NormOp.BatchNorm(var epsilon, _, _) ->
          e.addAll("BatchNormalization", 1, Map.of("epsilon", epsilon), e.inputs()).getFirst();
      case NormOp.GroupNorm(var groups, var epsilon) -> groupNorm(groups, epsilon, e);
    };
  }

  private static String rmsNorm(float epsilon, Emitter e) {
    String x = e.input(0);
    Map<String, Object> last = Map.of("keepdims", 1L, "axes", new long[] {-1});
    String variance = e.add("ReduceMean", last, e.add("Mul", x, x));
    String deviation = e.add("Sqrt", e.add("Add", variance, e.number(epsilon)));
    return e.add("Mul", e.add("Div", x, deviation), e.input(1));
  }

  /** Each group is an instance of its own, as no version before 21 has group norm right. */
  private static String groupNorm(long groups, float epsilon, Emitter e) {
    String x = e.input(0);
    float[] ones = new float[(int) groups];
    Arrays.fill(ones, 1f);
    String normalized =
        e.add(
            "InstanceNormalization",
            Map.of("epsilon", epsilon),
            e.reshape(x, 0, groups, -1),
            e.constant(HostTensor.of(ones, groups)),
            e.constant(HostTensor.of(new float[ones.length], groups)));
    String shaped = e.add("Reshape", normalized, e.add("Shape", x));
    return e.add("Add", e.add("Mul", shaped, ofChannels(e, 1)), ofChannels(e, 2));
  }

  /** A parameter of the channels, with an axis of length 1 for each that follows. */
  private static String ofChannels(Emitter e, int input) {
    int spatial = e.rank(0) - 2;
    return spatial == 0
        ? e.input(input)
        : e.unsqueeze(e.input(input), LongStream.rangeClosed(1, spatial).toArray());
  }
}

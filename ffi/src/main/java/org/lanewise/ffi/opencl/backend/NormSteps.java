package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Shape;

/** Normalization on a device. */
final class NormSteps {
  private static final String FILE = "norm.cl";

  private NormSteps() {}

  static Step bind(NormOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case NormOp.LayerNorm(var epsilon) ->
          all(launcher.kernel(FILE, "layer_norm"), in, out)
              .number(out.size(1))
              .number(in.size(1))
              .real(epsilon)
              .over(out.size(1));
      case NormOp.RmsNorm(var epsilon) ->
          all(launcher.kernel(FILE, "rms_norm"), in, out)
              .number(out.size(1))
              .number(in.size(1))
              .real(epsilon)
              .over(out.size(1));
      case NormOp.LayerNormBackward _ ->
          all(launcher.kernel(FILE, "layer_norm_backward"), in, out)
              .number(in.size(2))
              .number(in.size(1))
              .flag(out.adds(0))
              .over(in.size(2));
      case NormOp.RmsNormBackward _ ->
          all(launcher.kernel(FILE, "rms_norm_backward"), in, out)
              .number(in.size(2))
              .number(in.size(1))
              .flag(out.adds(0))
              .over(in.size(2));
      case NormOp.LayerNormParameterGradients _ ->
          all(launcher.kernel(FILE, "layer_norm_parameters"), in, out)
              .number(in.size(1))
              .number(out.size(0))
              .flag(out.adds(0))
              .flag(out.adds(1))
              .over(Launcher.vectors(out.size(0)));
      case NormOp.RmsNormParameterGradients _ ->
          all(launcher.kernel(FILE, "rms_norm_parameters"), in, out)
              .number(in.size(1))
              .number(out.size(0))
              .flag(out.adds(0))
              .over(Launcher.vectors(out.size(0)));
      case NormOp.BatchNorm norm -> batchNorm(norm, in, out, launcher);
      case NormOp.BatchNormBackward backward -> batchNormBackward(backward, in, out, launcher);
      case NormOp.GroupNorm norm -> groupNorm(norm, in, out, launcher);
      case NormOp.GroupNormBackward(var groups) -> groupNormBackward(groups, in, out, launcher);
      case NormOp.GroupNormParameterGradients(var groups) -> {
        Channels channels = Channels.of(in.shape(0));
        yield all(launcher.kernel(FILE, "group_norm_parameters"), in, out)
            .number(channels.batch())
            .number(groups)
            .number(channels.count())
            .number(channels.spatial())
            .flag(out.adds(0))
            .flag(out.adds(1))
            .over(channels.count());
      }
    };
  }

  /** Adds all operands. */
  private static Launcher.Arguments all(Launcher.Arguments arguments, Operands in, Operands out) {
    in.operands().forEach(arguments::tensor);
    out.operands().forEach(arguments::tensor);
    return arguments;
  }

  private static Step batchNorm(NormOp.BatchNorm op, Operands in, Operands out, Launcher launcher) {
    Channels channels = Channels.of(in.shape(0));
    Operand scales = launcher.scratch(Math.max(1, channels.count()));
    if (!op.training()) {
      Step statistics =
          launcher
              .kernel(FILE, "batch_norm_evaluation")
              .tensor(in.get(1))
              .tensor(in.get(4))
              .tensor(out.get(1))
              .tensor(scales)
              .number(channels.count())
              .real(op.epsilon())
              .overVectors(channels.count());
      return launcher.sequence(
          statistics,
          normalize(channels, in.get(0), in.get(3), scales, in.get(2), out.get(0), launcher));
    }
    Operand shifts = launcher.scratch(Math.max(1, channels.count()));
    Step statistics =
        launcher
            .kernel(FILE, "batch_norm_training")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(in.get(3))
            .tensor(in.get(4))
            .tensor(out.get(1))
            .tensor(out.get(2))
            .tensor(out.get(3))
            .tensor(out.get(4))
            .tensor(scales)
            .tensor(shifts)
            .number(channels.batch())
            .number(channels.count())
            .number(channels.spatial())
            .real(op.epsilon())
            .real(op.momentum())
            .over(channels.items());
    return launcher.sequence(
        statistics,
        normalize(channels, in.get(0), out.get(2), scales, shifts, out.get(0), launcher));
  }

  private static Step normalize(
      Channels channels,
      Operand x,
      Operand means,
      Operand scales,
      Operand shifts,
      Operand y,
      Launcher launcher) {
    return launcher
        .kernel(FILE, "batch_norm")
        .tensor(x)
        .tensor(means)
        .tensor(scales)
        .tensor(shifts)
        .tensor(y)
        .number(channels.elements())
        .number(channels.count())
        .number(channels.spatial())
        .overVectors(channels.elements());
  }

  private static Step batchNormBackward(
      NormOp.BatchNormBackward op, Operands in, Operands out, Launcher launcher) {
    Channels channels = Channels.of(in.shape(0));
    Operand scales = launcher.scratch(Math.max(1, channels.count()));
    Operand slopes = launcher.scratch(Math.max(1, channels.count()));
    Operand shifts = launcher.scratch(Math.max(1, channels.count()));
    Step parameters =
        launcher
            .kernel(FILE, "batch_norm_parameters")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(in.get(3))
            .tensor(in.get(4))
            .tensor(out.get(1))
            .tensor(out.get(2))
            .tensor(scales)
            .tensor(slopes)
            .tensor(shifts)
            .number(channels.batch())
            .number(channels.count())
            .number(channels.spatial())
            .flag(op.training())
            .flag(out.adds(1))
            .flag(out.adds(2))
            .over(channels.items());
    return launcher.sequence(
        parameters,
        gradient(channels, in.get(0), in.get(2), scales, slopes, shifts, in.get(4), out, launcher));
  }

  private static Step gradient(
      Channels channels,
      Operand x,
      Operand means,
      Operand scales,
      Operand slopes,
      Operand shifts,
      Operand dy,
      Operands out,
      Launcher launcher) {
    return launcher
        .kernel(FILE, "batch_norm_backward")
        .tensor(x)
        .tensor(means)
        .tensor(scales)
        .tensor(slopes)
        .tensor(shifts)
        .tensor(dy)
        .tensor(out.get(0))
        .number(channels.elements())
        .number(channels.count())
        .number(channels.spatial())
        .flag(out.adds(0))
        .overVectors(channels.elements());
  }

  private static Step groupNorm(NormOp.GroupNorm op, Operands in, Operands out, Launcher launcher) {
    Channels channels = Channels.of(in.shape(0));
    Channels runs = channels.ofOneSample();
    Operand means = launcher.scratch(Math.max(1, runs.count()));
    Operand scales = launcher.scratch(Math.max(1, runs.count()));
    Operand shifts = launcher.scratch(Math.max(1, runs.count()));
    Step statistics =
        launcher
            .kernel(FILE, "group_norm_statistics")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(out.get(1))
            .tensor(out.get(2))
            .tensor(means)
            .tensor(scales)
            .tensor(shifts)
            .number(out.size(1))
            .number(op.groups())
            .number(channels.count())
            .number(channels.spatial())
            .real(op.epsilon())
            .over(out.size(1));
    return launcher.sequence(
        statistics, normalize(runs, in.get(0), means, scales, shifts, out.get(0), launcher));
  }

  private static Step groupNormBackward(long groups, Operands in, Operands out, Launcher launcher) {
    Channels channels = Channels.of(in.shape(0));
    Channels runs = channels.ofOneSample();
    Operand means = launcher.scratch(Math.max(1, runs.count()));
    Operand scales = launcher.scratch(Math.max(1, runs.count()));
    Operand slopes = launcher.scratch(Math.max(1, runs.count()));
    Operand shifts = launcher.scratch(Math.max(1, runs.count()));
    Step factors =
        launcher
            .kernel(FILE, "group_norm_factors")
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(in.get(3))
            .tensor(in.get(4))
            .tensor(means)
            .tensor(scales)
            .tensor(slopes)
            .tensor(shifts)
            .number(in.size(2))
            .number(groups)
            .number(channels.count())
            .number(channels.spatial())
            .over(in.size(2));
    return launcher.sequence(
        factors,
        gradient(runs, in.get(0), means, scales, slopes, shifts, in.get(4), out, launcher));
  }

  /** A tensor [batch, count, spatial]. */
  private record Channels(long batch, long count, long spatial) {
    static Channels of(Shape x) {
      return new Channels(x.dimension(0), x.dimension(1), x.size(2, x.rank()));
    }

    /** The same memory, where each channel of each sample is one. */
    Channels ofOneSample() {
      return new Channels(1, batch * count, spatial);
    }

    long elements() {
      return batch * count * spatial;
    }

    /** Work items that form sums: where channels lie together, each takes a vector of them. */
    long items() {
      return spatial == 1 ? Launcher.vectors(count) : count;
    }
  }
}

package org.lanewise.kernels.op;

import java.util.List;

/**
 * Normalization and its gradients. In what follows, z is a normalized element, before weight and
 * bias, and rstd the reciprocal of the deviation, {@code 1 / √(variance + epsilon)}, where the
 * variance is a mean of squares.
 */
public sealed interface NormOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends NormOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends NormOp, Op.Backward {}

  /**
   * Layer norm (Ba, Kiros, Hinton, arXiv 1607.06450): {@code y = z · weight + bias} with {@code z =
   * (x − mean) · rstd}, mean and variance being those along the last axis.
   *
   * <p>Inputs: x [..., columns] of any rank from 1, weight [columns], bias [columns]. Outputs: y
   * [..., columns], which may be x, and mean [...] and rstd [...], which the backward ops need.
   */
  record LayerNorm(float epsilon) implements Forward {
    /**
     * @throws IllegalArgumentException if epsilon is negative or not finite
     */
    public LayerNorm {
      Ranges.atLeastZero("epsilon", epsilon);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(3));
      parameter(in, 1, "weight", x);
      parameter(in, 2, "bias", x);
      return List.of(x, statistics(x), statistics(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "bias").writes("y", "x").writes("mean").writes("rstd");
    }

    @Override
    public long flops(Inputs in) {
      return 8 * in.size(0);
    }
  }

  /**
   * The gradient of {@link LayerNorm} with respect to x: {@code dx = rstd · (g − mean of g − z ·
   * mean of g · z)} with {@code g = dy · weight} and the means along the last axis.
   *
   * <p>Inputs: x [..., columns], weight [columns], mean [...], rstd [...], dy as x. Output: dx as
   * x, which may be dy.
   */
  record LayerNormBackward() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(5));
      parameter(in, 1, "weight", x);
      in.type(2, "mean", statistics(x)).type(3, "rstd", statistics(x)).equal(0, "x", 4, "dy");
      return List.of(x);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "mean", "rstd", "dy").adds("dx", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 13 * in.size(0);
    }
  }

  /**
   * The gradients of {@link LayerNorm} with respect to its parameters: {@code dWeight = Σ dy · z}
   * and {@code dBias = Σ dy} over all axes but the last.
   *
   * <p>Inputs: x [..., columns], mean [...], rstd [...], dy as x. Outputs: dWeight [columns], dBias
   * [columns].
   */
  record LayerNormParameterGradients() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(4));
      in.type(1, "mean", statistics(x)).type(2, "rstd", statistics(x)).equal(0, "x", 3, "dy");
      return List.of(parameter(x), parameter(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "mean", "rstd", "dy").adds("dWeight").adds("dBias");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * in.size(0);
    }
  }

  /**
   * RMS norm (Zhang, Sennrich, arXiv 1910.07467): {@code y = z · weight} with {@code z = x · rstd},
   * the variance being the mean of x² along the last axis.
   *
   * <p>Inputs: x [..., columns] of any rank from 1, weight [columns]. Outputs: y [..., columns],
   * which may be x, and rstd [...], which the backward ops need.
   */
  record RmsNorm(float epsilon) implements Forward {
    /**
     * @throws IllegalArgumentException if epsilon is negative or not finite
     */
    public RmsNorm {
      Ranges.atLeastZero("epsilon", epsilon);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(2));
      parameter(in, 1, "weight", x);
      return List.of(x, statistics(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight").writes("y", "x").writes("rstd");
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  /**
   * The gradient of {@link RmsNorm} with respect to x: {@code dx = rstd · (g − z · mean of g · z)}
   * with {@code g = dy · weight} and the mean along the last axis.
   *
   * <p>Inputs: x [..., columns], weight [columns], rstd [...], dy as x. Output: dx as x, which may
   * be dy.
   */
  record RmsNormBackward() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(4));
      parameter(in, 1, "weight", x);
      in.type(2, "rstd", statistics(x)).equal(0, "x", 3, "dy");
      return List.of(x);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "rstd", "dy").adds("dx", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 8 * in.size(0);
    }
  }

  /**
   * The gradient of {@link RmsNorm} with respect to weight: {@code dWeight = Σ dy · z} over all
   * axes but the last.
   *
   * <p>Inputs: x [..., columns], rstd [...], dy as x. Output: dWeight [columns].
   */
  record RmsNormParameterGradients() implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = rows(in.count(3));
      in.type(1, "rstd", statistics(x)).equal(0, "x", 2, "dy");
      return List.of(parameter(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "rstd", "dy").adds("dWeight");
    }

    @Override
    public long flops(Inputs in) {
      return 3 * in.size(0);
    }
  }

  /**
   * Batch norm (Ioffe, Szegedy, arXiv 1502.03167): {@code y = z · weight + bias} with {@code z = (x
   * − mean) · rstd} for each channel, which is axis 1.
   *
   * <p>In training, mean and variance are those of the channel in x, and the running ones move
   * towards them: the new running mean is {@code (1 − momentum) · running mean + momentum · mean},
   * and so is the new running variance, with the variance's divisor reduced by one. Otherwise mean
   * and variance are the running ones, and momentum does not matter.
   *
   * <p>Inputs: x [n, channels] or [n, channels, spatial...], in training with at least two elements
   * of each channel; weight, bias, running mean and running variance [channels]. Outputs: y as x,
   * which may be x, and rstd [channels], which the backward op needs. In training three more, all
   * [channels]: the mean, which the backward op needs too, the new running mean, which may be
   * running mean, and the new running variance, which may be running variance.
   */
  record BatchNorm(float epsilon, float momentum, boolean training) implements Forward {
    /**
     * @throws IllegalArgumentException if epsilon is negative or not finite, or momentum not in
     *     0..1
     */
    public BatchNorm {
      Ranges.atLeastZero("epsilon", epsilon);
      Ranges.zeroToOne("momentum", momentum);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = images(in.count(5), training);
      TensorType channels = channels(x);
      in.type(1, "weight", channels)
          .type(2, "bias", channels)
          .type(3, "running mean", channels)
          .type(4, "running variance", channels);
      return training ? List.of(x, channels, channels, channels, channels) : List.of(x, channels);
    }

    @Override
    public Effects effects() {
      Effects effects =
          Effects.reads("x", "weight", "bias", "running mean", "running variance")
              .writes("y", "x")
              .writes("rstd");
      return training
          ? effects
              .writes("mean")
              .writes("new running mean", "running mean")
              .writes("new running variance", "running variance")
          : effects;
    }

    @Override
    public long flops(Inputs in) {
      return (training ? 6 : 3) * in.size(0);
    }
  }

  /**
   * The gradients of {@link BatchNorm}: {@code dBias = Σ dy} and {@code dWeight = Σ dy · z} over
   * each channel, and {@code dx = weight · rstd · dy}, in training less {@code weight · rstd ·
   * (mean of dy + z · mean of dy · z)}. It is one op because dx needs the sums.
   *
   * <p>Inputs: x as there; weight, mean and rstd [channels], the mean being the running one if not
   * in training; dy as x. Outputs: dx as x, which may be dy, dWeight [channels], dBias [channels].
   *
   * @param training whether mean and variance were those of x
   */
  record BatchNormBackward(boolean training) implements Backward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = images(in.count(5), training);
      TensorType channels = channels(x);
      in.type(1, "weight", channels)
          .type(2, "mean", channels)
          .type(3, "rstd", channels)
          .equal(0, "x", 4, "dy");
      return List.of(x, channels, channels);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "mean", "rstd", "dy")
          .adds("dx", "dy")
          .adds("dWeight")
          .adds("dBias");
    }

    @Override
    public long flops(Inputs in) {
      return (training ? 9 : 5) * in.size(0);
    }
  }

  /**
   * Group norm (Wu, He, arXiv 1803.08494): {@code y = z · weight + bias} with {@code z = (x − mean)
   * · rstd}, mean and variance being those of a sample's elements in a group of neighbouring
   * channels, which are axis 1.
   *
   * <p>Inputs: x [n, channels] or [n, channels, spatial...], weight [channels], bias [channels].
   * Outputs: y as x, which may be x, and mean [n, groups] and rstd [n, groups], which the backward
   * ops need.
   *
   * @param groups of equally many channels
   */
  record GroupNorm(long groups, float epsilon) implements Forward {
    /**
     * @throws IllegalArgumentException if there is no group, or epsilon is negative or not finite
     */
    public GroupNorm {
      Ranges.atLeast("groups", 1, groups);
      Ranges.atLeastZero("epsilon", epsilon);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = grouped(in.count(3), groups);
      in.type(1, "weight", channels(x)).type(2, "bias", channels(x));
      return List.of(x, statistics(x, groups), statistics(x, groups));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "bias").writes("y", "x").writes("mean").writes("rstd");
    }

    @Override
    public long flops(Inputs in) {
      return 8 * in.size(0);
    }
  }

  /**
   * The gradient of {@link GroupNorm} with respect to x: {@code dx = rstd · (g − mean of g − z ·
   * mean of g · z)} with {@code g = dy · weight} and the means over a sample's elements in a group.
   *
   * <p>Inputs: x [n, channels, spatial...], weight [channels], mean [n, groups], rstd [n, groups],
   * dy as x. Output: dx as x, which may be dy.
   */
  record GroupNormBackward(long groups) implements Backward {
    /**
     * @throws IllegalArgumentException if there is no group
     */
    public GroupNormBackward {
      Ranges.atLeast("groups", 1, groups);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = grouped(in.count(5), groups);
      in.type(1, "weight", channels(x))
          .type(2, "mean", statistics(x, groups))
          .type(3, "rstd", statistics(x, groups))
          .equal(0, "x", 4, "dy");
      return List.of(x);
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "weight", "mean", "rstd", "dy").adds("dx", "dy");
    }

    @Override
    public long flops(Inputs in) {
      return 10 * in.size(0);
    }
  }

  /**
   * The gradients of {@link GroupNorm} with respect to its parameters: {@code dWeight = Σ dy · z}
   * and {@code dBias = Σ dy} over each channel.
   *
   * <p>Inputs: x [n, channels, spatial...], mean [n, groups], rstd [n, groups], dy as x. Outputs:
   * dWeight [channels], dBias [channels].
   */
  record GroupNormParameterGradients(long groups) implements Backward {
    /**
     * @throws IllegalArgumentException if there is no group
     */
    public GroupNormParameterGradients {
      Ranges.atLeast("groups", 1, groups);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = grouped(in.count(4), groups);
      in.type(1, "mean", statistics(x, groups))
          .type(2, "rstd", statistics(x, groups))
          .equal(0, "x", 3, "dy");
      return List.of(channels(x), channels(x));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "mean", "rstd", "dy").adds("dWeight").adds("dBias");
    }

    @Override
    public long flops(Inputs in) {
      return 4 * in.size(0);
    }
  }

  private static TensorType rows(Inputs in) {
    return in.f32(0, "x", 1);
  }

  private static TensorType parameter(TensorType x) {
    return TensorType.f32(x.shape().dimension(x.shape().rank() - 1));
  }

  private static void parameter(Inputs in, int index, String name, TensorType x) {
    in.type(index, name, parameter(x));
  }

  private static TensorType statistics(TensorType x) {
    return TensorType.f32(x.shape().withoutLast());
  }

  private static TensorType images(Inputs in, boolean training) {
    TensorType x = in.f32(0, "x", 2);
    long ofChannel = x.shape().size(0, 1) * x.shape().size(2, x.shape().rank());
    if (training && ofChannel < 2) {
      throw new ShapeException(
          "%s: x must have at least 2 elements of each channel in training but is %s"
              .formatted(in.opName(), x));
    }
    return x;
  }

  private static TensorType grouped(Inputs in, long groups) {
    TensorType x = in.f32(0, "x", 2);
    long channels = x.shape().dimension(1);
    if (channels % groups != 0) {
      throw new ShapeException(
          "%s: %d groups do not divide the %d channels of x %s"
              .formatted(in.opName(), groups, channels, x));
    }
    return x;
  }

  private static TensorType statistics(TensorType x, long groups) {
    return TensorType.f32(x.shape().dimension(0), groups);
  }

  private static TensorType channels(TensorType x) {
    return TensorType.f32(x.shape().dimension(1));
  }
}

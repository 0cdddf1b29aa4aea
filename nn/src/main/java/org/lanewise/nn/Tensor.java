package org.lanewise.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.plan.Value;

/**
 * A tensor that has a shape but no elements yet. Applying operations to it records them; the first
 * dimension is the batch.
 *
 * <p>All methods throw {@link ShapeException}, whose message ends with the line of the caller, if
 * the shapes do not fit.
 */
public final class Tensor {
  private final Trace trace;
  private final Value value;

  Tensor(Trace trace, Value value) {
    this.trace = trace;
    this.value = value;
  }

  /** Its dimensions, the batch first. */
  public Shape shape() {
    return value.type().shape();
  }

  /** {@code x·Wᵀ + b} of x […, inputs], W [outputs, inputs] and b [outputs]: […, outputs]. */
  public Tensor linear(Parameter weight, Parameter bias) {
    int rank = shape().rank();
    if (rank > 2) { // as a matrix
      Tensor rows = reshape(Shape.of(shape().size(0, rank - 1), shape().dimension(rank - 1)));
      Tensor y = rows.linear(weight, bias);
      return y.reshape(shape().withDimension(rank - 1, y.shape().dimension(1)));
    }
    return trace.apply(
        new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.BIAS),
        List.of(value, trace.value(weight), trace.value(bias)));
  }

  /**
   * {@code x + y}. The shape is that of x. If y is smaller, it is repeated to fill x: along all
   * axes, the first or the last ones, where y has length 1 or no axis, aligned at the last one.
   */
  public Tensor add(Tensor y) {
    return binary(BinaryFunction.ADD, value(y));
  }

  /** {@code x + y}, see {@link #add(Tensor)}. */
  public Tensor add(Parameter y) {
    return binary(BinaryFunction.ADD, trace.value(y));
  }

  /** {@code x − y}; y may be smaller as for {@link #add(Tensor)}. */
  public Tensor sub(Tensor y) {
    return binary(BinaryFunction.SUBTRACT, value(y));
  }

  /** {@code x · y} of elements; y may be smaller as for {@link #add(Tensor)}. */
  public Tensor mul(Tensor y) {
    return binary(BinaryFunction.MULTIPLY, value(y));
  }

  /** {@code x · y} of elements, see {@link #mul(Tensor)}. */
  public Tensor mul(Parameter y) {
    return binary(BinaryFunction.MULTIPLY, trace.value(y));
  }

  /** {@code factor · x}. */
  public Tensor mul(float factor) {
    return trace.apply(new ElementwiseOp.Scale(factor, false), List.of(value));
  }

  /** {@code x / y} of elements; y may be smaller as for {@link #add(Tensor)}. */
  public Tensor div(Tensor y) {
    return binary(BinaryFunction.DIVIDE, value(y));
  }

  /** The larger element of x and y; y may be smaller as for {@link #add(Tensor)}. */
  public Tensor maximum(Tensor y) {
    return binary(BinaryFunction.MAXIMUM, value(y));
  }

  /** The smaller element of x and y; y may be smaller as for {@link #add(Tensor)}. */
  public Tensor minimum(Tensor y) {
    return binary(BinaryFunction.MINIMUM, value(y));
  }

  private Tensor binary(BinaryFunction function, Value y) {
    return trace.apply(new ElementwiseOp.Binary(function), List.of(value, y));
  }

  /** The sum of all elements, a scalar. */
  public Tensor sum() {
    return trace.apply(new ReductionOp.Sum(Shape.of(), false), List.of(value));
  }

  /**
   * The sum over some axes, which are left out of the shape of the result.
   *
   * @param axes the first or the last ones; negative ones count from the end
   */
  public Tensor sum(int... axes) {
    Set<Integer> reduced = axes(axes);
    return trace
        .apply(new ReductionOp.Sum(withLengthOne(reduced), false), List.of(value))
        .reshape(without(reduced));
  }

  /** The mean of all elements, a scalar. */
  public Tensor mean() {
    return trace.apply(new ReductionOp.Mean(Shape.of()), List.of(value));
  }

  /**
   * The mean over some axes, which are left out of the shape of the result.
   *
   * @param axes the first or the last ones; negative ones count from the end
   */
  public Tensor mean(int... axes) {
    Set<Integer> reduced = axes(axes);
    return trace
        .apply(new ReductionOp.Mean(withLengthOne(reduced)), List.of(value))
        .reshape(without(reduced));
  }

  private Shape withLengthOne(Set<Integer> axes) {
    Shape shape = shape();
    for (int axis : axes) {
      shape = shape.withDimension(axis, 1);
    }
    return shape;
  }

  private Shape without(Set<Integer> axes) {
    return Shape.of(
        IntStream.range(0, shape().rank())
            .filter(axis -> !axes.contains(axis))
            .mapToLong(shape()::dimension)
            .toArray());
  }

  /**
   * Rows of a matrix: this tensor holds i32 indices of any shape in 0..vocabulary−1, and the result
   * is [this shape…, columns].
   *
   * @param weight [vocabulary, columns]
   */
  public Tensor embedding(Parameter weight) {
    return trace.apply(new EmbeddingOp.Embedding(), List.of(trace.value(weight), value));
  }

  /**
   * The elements with permuted axes: axis k of the result is axis {@code axes[k]} of this tensor.
   *
   * @param axes all axes, at most 4; negative ones count from the end
   */
  public Tensor permute(int... axes) {
    List<Integer> order = Arrays.stream(axes).map(this::axis).boxed().toList();
    return trace.apply(new LayoutOp.Permute(order), List.of(value));
  }

  /** The elements with two axes exchanged; negative ones count from the end. */
  public Tensor transpose(int axis0, int axis1) {
    int[] order = IntStream.range(0, shape().rank()).toArray();
    order[axis(axis0)] = axis(axis1);
    order[axis(axis1)] = axis(axis0);
    return permute(order);
  }

  /**
   * This tensor and others, one after the other along an axis; their shapes differ in it alone.
   *
   * @param axis a negative one counts from the end
   */
  public Tensor concat(int axis, Tensor... others) {
    List<Value> parts =
        Stream.concat(Stream.of(this), Arrays.stream(others)).map(this::value).toList();
    return trace.apply(new LayoutOp.Concat(axis(axis)), parts);
  }

  /**
   * The part {@code from ≤ i < to} of an axis.
   *
   * @param axis a negative one counts from the end
   */
  public Tensor slice(int axis, long from, long to) {
    return trace.apply(new LayoutOp.Slice(axis(axis), from, to, false), List.of(value));
  }

  /**
   * A margin of zeros before and after the elements of an axis.
   *
   * @param axis a negative one counts from the end
   */
  public Tensor pad(int axis, long before, long after) {
    return pad(axis, before, after, 0f);
  }

  /**
   * A margin of some value before and after the elements of an axis.
   *
   * @param axis a negative one counts from the end
   */
  public Tensor pad(int axis, long before, long after, float margin) {
    return trace.apply(new LayoutOp.Pad(axis(axis), before, after, margin, false), List.of(value));
  }

  /**
   * The same elements in another shape, in most cases without a copy.
   *
   * @param dimensions one of them may be −1, which stands for what is left
   */
  public Tensor reshape(long... dimensions) {
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < dimensions.length; axis++) {
      if (dimensions[axis] != -1) {
        known *= dimensions[axis];
      } else if (open < 0) {
        open = axis;
      } else {
        throw trace.mismatch("one dimension may be -1 but they are " + Arrays.toString(dimensions));
      }
    }
    long[] lengths = dimensions.clone();
    if (open >= 0) {
      if (known == 0 || shape().size() % known != 0) {
        throw trace.mismatch(
            "no length fits for -1 in %s, as %s has %d elements"
                .formatted(Arrays.toString(dimensions), this, shape().size()));
      }
      lengths[open] = shape().size() / known;
    }
    return reshape(Shape.of(lengths));
  }

  private Tensor reshape(Shape shape) {
    return shape.equals(shape())
        ? this
        : trace.apply(new LayoutOp.Reshape(shape, false), List.of(value));
  }

  private Set<Integer> axes(int[] axes) {
    return Arrays.stream(axes).map(this::axis).boxed().collect(Collectors.toSet());
  }

  /** An axis counted from the first one. */
  private int axis(int axis) {
    int rank = shape().rank();
    if (axis < -rank || axis >= rank) {
      throw trace.mismatch("axis %d is none of %s".formatted(axis, this));
    }
    return axis < 0 ? axis + rank : axis;
  }

  private Value value(Tensor other) {
    if (other.trace != trace) {
      throw new IllegalArgumentException(other + " is of another model");
    }
    return other.value;
  }

  /** Rectified linear unit: {@code max(x, 0)}. */
  public Tensor relu() {
    return activate(Activation.RELU);
  }

  /** Logistic function: {@code 1 / (1 + e⁻ˣ)}. */
  public Tensor sigmoid() {
    return activate(Activation.SIGMOID);
  }

  /** Hyperbolic tangent. */
  public Tensor tanh() {
    return activate(Activation.TANH);
  }

  /**
   * Convolution of images [images, channels, height, width] with a window.
   *
   * @param weight [filters, channels / groups, kernelHeight, kernelWidth]
   * @param bias [filters]
   * @return [images, filters, outputHeight, outputWidth]
   */
  public Tensor convolution(Parameter weight, Parameter bias, Window window, long groups) {
    return trace.apply(
        new ConvolutionOp.Convolution(window, groups, true),
        List.of(value, trace.value(weight), trace.value(bias)));
  }

  /** The largest element of each window of images [images, channels, height, width]. */
  public Tensor maxPooling(Window window) {
    return trace.apply(new PoolingOp.MaxPooling(window), List.of(value));
  }

  /**
   * The mean of each window of images [images, channels, height, width], in which padding counts as
   * zeros.
   */
  public Tensor averagePooling(Window window) {
    return trace.apply(new PoolingOp.AveragePooling(window, true), List.of(value));
  }

  /**
   * Scaled dot-product attention of queries to keys and values: {@code softmax(q·kᵀ/√headSize)·v}
   * for each head.
   *
   * <p>This tensor is q [batch, heads, queries, headSize].
   *
   * @param k keys [batch, heads, keys, headSize]
   * @param v values, with the shape of k
   * @param causal whether query i sees only the keys {@code j ≤ i + keys − queries}
   * @return with the shape of q
   */
  public Tensor attention(Tensor k, Tensor v, boolean causal) {
    return trace.apply(
        new AttentionOp.Attention(causal, false, AttentionOp.DEFAULT_SCALE),
        List.of(value, k.value, v.value));
  }

  /**
   * Softmax along an axis: {@code exp(x) / Σ exp(x)}.
   *
   * @param axis from 0, or if negative back from the end, −1 being the last
   */
  public Tensor softmax(int axis) {
    return trace.apply(new SoftmaxOp.Softmax(axis), List.of(value));
  }

  /**
   * Softmax along the last axis of scores [..., T, S] of T queries for S keys, of which none sees a
   * later key: the other elements are 0. With fewer queries than keys, they are the last ones.
   */
  public Tensor causalSoftmax() {
    return trace.apply(new SoftmaxOp.CausalSoftmax(), List.of(value));
  }

  /**
   * Logarithm of softmax along an axis: {@code x − log(Σ exp(x))}.
   *
   * @param axis from 0, or if negative back from the end, −1 being the last; no axis inside of it
   *     is longer than 1
   */
  public Tensor logSoftmax(int axis) {
    return trace.apply(new SoftmaxOp.LogSoftmax(axis), List.of(value));
  }

  /**
   * Layer norm along the last axis: {@code (x − mean) / √(variance + epsilon) · weight + bias} of x
   * [..., columns], weight [columns] and bias [columns].
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor layerNorm(Parameter weight, Parameter bias, float epsilon) {
    return trace.apply(
        new NormOp.LayerNorm(epsilon), List.of(value, trace.value(weight), trace.value(bias)));
  }

  /**
   * RMS norm along the last axis: {@code x / √(mean of x² + epsilon) · weight} of x [..., columns]
   * and weight [columns].
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor rmsNorm(Parameter weight, float epsilon) {
    return trace.apply(new NormOp.RmsNorm(epsilon), List.of(value, trace.value(weight)));
  }

  private Tensor activate(Activation function) {
    return trace.apply(new ActivationOp.Activate(function), List.of(value));
  }

  Value value() {
    return value;
  }

  @Override
  public String toString() {
    return "tensor " + value.type();
  }
}

package org.lanewise.nn;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * A tensor that has a shape but no elements yet. Applying operations to it records them; the first
 * dimension is the batch.
 *
 * <p>All methods throw {@link ShapeException}, whose message ends with the layer and the line of
 * the caller, if the shapes do not fit.
 */
public final class Tensor
    implements Operand, Pointwise, Reshaping, Reducing, Windowing, Attending, Comparing {
  private final Trace trace;
  private final Value value;
  private final String layer;

  Tensor(Trace trace, Value value, String layer) {
    this.trace = trace;
    this.value = value;
    this.layer = layer;
  }

  /** Its dimensions, the batch first. */
  @Override
  public Shape shape() {
    return value.type().shape();
  }

  /**
   * x where a condition is not 0, and y elsewhere. What is not chosen does not matter, be it NaN,
   * to the result or to gradients. One of the three is as large as the result, and the others may
   * be smaller: they are repeated as those of {@link Pointwise} are.
   *
   * @param condition usually a comparison; it has no gradient
   */
  public static Tensor where(Tensor condition, Operand x, Operand y) {
    return condition.trace.apply(new ElementwiseOp.Where(), condition, x, y);
  }

  /** {@code x·Wᵀ} of x […, inputs] and W [outputs, inputs]: […, outputs]. */
  public Tensor linear(Operand weight) {
    return trace.apply(product(Transpose.YES, Epilogue.NONE), this, weight);
  }

  /** {@code x·Wᵀ + b} of x […, inputs], W [outputs, inputs] and b [outputs]: […, outputs]. */
  public Tensor linear(Operand weight, Operand bias) {
    return trace.apply(product(Transpose.YES, Epilogue.BIAS), this, weight, bias);
  }

  /**
   * {@code x·y} of matrices x […, m, k] and y […, k, n] with the same leading axes, or y [k, n] for
   * all x: […, m, n].
   */
  public Tensor matmul(Operand y) {
    return trace.apply(product(Transpose.NO, Epilogue.NONE), this, y);
  }

  private static ProductOp product(Transpose ofWeight, Epilogue epilogue) {
    return new ProductOp.Gemm(Transpose.NO, ofWeight, 1f, epilogue);
  }

  /**
   * Rows of a matrix: this tensor holds i32 indices of any shape in 0..vocabulary−1, and the result
   * is [this shape…, columns].
   *
   * @param weight [vocabulary, columns]
   */
  public Tensor embedding(Operand weight) {
    return trace.apply(new EmbeddingOp.Embedding(), weight, this);
  }

  /**
   * Attention as {@link Attending} describes it, of queries to other rows.
   *
   * @param q queries [batch, queries, heads · headSize]
   * @param k keys [batch, keys, heads · headSize]
   * @param v values, with the shape of k
   * @return with the shape of q
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, int heads) {
    return attention(q, k, v, AttentionForm.of(heads));
  }

  /**
   * Attention of queries to those rows that a mask leaves.
   *
   * @param mask i32 [batch, keys], 0 for a key that no query sees
   * @see #attention(Tensor, Tensor, Tensor, int)
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, Tensor mask, int heads) {
    return attention(q, k, v, AttentionForm.of(heads), mask);
  }

  /**
   * Attention of a form: causal, so that query i sees the keys {@code j ≤ i + keys − queries}, of
   * fewer heads of keys and values, or of another scale.
   *
   * @see #attention(Tensor, Tensor, Tensor, int)
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, AttentionForm form) {
    return q.trace.apply(new AttentionOp.Attention(form), q, k, v);
  }

  /**
   * Attention of a form to those rows that a mask leaves.
   *
   * @param mask i32 [batch, keys], 0 for a key that no query sees
   * @see #attention(Tensor, Tensor, Tensor, AttentionForm)
   */
  public static Tensor attention(Tensor q, Tensor k, Tensor v, AttentionForm form, Tensor mask) {
    return q.trace.apply(new AttentionOp.Attention(form.withMask()), q, k, v, mask);
  }

  /**
   * Attention of some tokens of a text to those before them, whose keys and values are in a cache,
   * and to each other: theirs are written there first. It has the bits of attention to the whole
   * text at once, and no gradient.
   *
   * @param form causal, unless the tokens are to see later ones of theirs
   * @param position i32 [batch], of the first of the tokens in the text of each sample
   * @see #attention(Tensor, Tensor, Tensor, AttentionForm)
   */
  public static Tensor attention(
      Tensor q, Tensor k, Tensor v, AttentionForm form, KeyValueCache cache, Tensor position) {
    Tensor keys = k.writeTo(cache.keys(), position);
    Tensor values = v.writeTo(cache.values(), position);
    return q.trace.apply(new AttentionOp.Attention(form.withPosition()), q, keys, values, position);
  }

  /**
   * Layer norm along the last axis: {@code (x − mean) / √(variance + epsilon) · weight + bias} of x
   * [..., columns], weight [columns] and bias [columns] (Ba et al., arXiv 1607.06450).
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor layerNorm(Operand weight, Operand bias, float epsilon) {
    return trace.apply(new NormOp.LayerNorm(epsilon), this, weight, bias);
  }

  /**
   * RMS norm along the last axis: {@code x / √(mean of x² + epsilon) · weight} of x [..., columns]
   * and weight [columns] (Zhang and Sennrich, arXiv 1910.07467).
   *
   * @throws IllegalArgumentException if epsilon is negative or not finite
   */
  public Tensor rmsNorm(Operand weight, float epsilon) {
    return trace.apply(new NormOp.RmsNorm(epsilon), this, weight);
  }

  /**
   * Batch norm of each channel (Ioffe and Szegedy, ICML 2015) of x [batch, channels, …]: {@code (x
   * − mean) / √(variance + epsilon) · weight + bias}. In training, mean and variance are those of
   * the batch, and the running ones move towards them; else they are the running ones.
   *
   * @param weight [channels]
   * @param bias [channels]
   * @param runningMean [channels]
   * @param runningVariance [channels]
   * @param momentum part of the batch's statistics in the new running ones, in [0, 1]
   * @param epsilon at least 0
   * @throws IllegalArgumentException if momentum or epsilon is out of range
   */
  public Tensor batchNorm(
      Operand weight,
      Operand bias,
      State runningMean,
      State runningVariance,
      float momentum,
      float epsilon) {
    boolean training = trace.mode() == Mode.TRAIN;
    NormOp op = new NormOp.BatchNorm(epsilon, momentum, training);
    Node node = trace.node(op, this, weight, bias, runningMean, runningVariance);
    if (training) {
      trace.update(runningMean, node.output(3));
      trace.update(runningVariance, node.output(4));
    }
    return trace.result(node);
  }

  /**
   * A parameter, state or constant as a tensor of the function that this one belongs to, so that it
   * has a tensor's methods: {@code x.linear(x.read(weight).slice(0, 0, width))}.
   */
  public Tensor read(Operand operand) {
    return operand instanceof Tensor tensor
        ? tensor
        : new Tensor(trace, trace.value(operand), layer);
  }

  /**
   * Tensors one after the other along an axis; their shapes differ in it alone.
   *
   * @param parts at least one
   */
  public static Tensor concat(int axis, List<Tensor> parts) {
    Operand[] others = parts.subList(1, parts.size()).toArray(Operand[]::new);
    return others.length == 0 ? parts.getFirst() : parts.getFirst().concat(axis, others);
  }

  /**
   * An op of the vocabulary that has no method here, or one of the user's own.
   *
   * @param others its operands after this one
   * @return its first result
   */
  public Tensor apply(Op.Forward op, Operand... others) {
    return results(op, others).getFirst();
  }

  /**
   * An op that has several results.
   *
   * @param others its operands after this one
   * @return as many as {@link Op#results} says
   */
  public List<Tensor> results(Op.Forward op, Operand... others) {
    Operand[] operands = Stream.concat(Stream.of(this), Stream.of(others)).toArray(Operand[]::new);
    return trace.results(trace.node(op, operands));
  }

  /**
   * A layer applied to this tensor, of whose values a training keeps none for its gradients but the
   * result: they are computed a second time when they are needed, to the same bits (Chen et al.,
   * "Training Deep Nets with Sublinear Memory Cost", arXiv 1604.06174). So a model of many blocks
   * takes the memory of one block, at the price of another forward pass:
   *
   * <pre>{@code
   * for (Block block : blocks) {
   *   x = x.recomputed(block);
   * }
   * }</pre>
   */
  public Tensor recomputed(Layer layer) {
    return trace.recomputed(layer, this);
  }

  /**
   * This tensor, which becomes an output of the traced function, beside those that it returns, so
   * that the caller can read it under this name: {@code logits.as("logits").crossEntropy(labels)}.
   *
   * @throws IllegalArgumentException if there is another output of that name
   */
  public Tensor as(String name) {
    trace.output(name, this);
    return this;
  }

  Trace trace() {
    return trace;
  }

  Value value() {
    return value;
  }

  /** The path of the layer that it comes from, or nothing. */
  String layer() {
    return layer;
  }

  /**
   * This tensor as if it came from a layer, so that messages about what is done to it name that
   * layer, also if no op has a parameter. Nothing is computed.
   *
   * @param parameter of the layer
   */
  public Tensor inLayerOf(Operand parameter) {
    return new Tensor(trace, value, trace.layer(parameter, this));
  }

  /** An axis counted from the first one. */
  int axis(int axis) {
    int rank = shape().rank();
    if (axis < -rank || axis >= rank) {
      throw mismatch("axis %d is none of %s".formatted(axis, this));
    }
    return axis < 0 ? axis + rank : axis;
  }

  /**
   * An exception of a layer that does not take this tensor, to be thrown.
   *
   * @param message to which the path of the layer and the line of the model are added
   */
  public ShapeException mismatch(String message) {
    return trace.mismatch(message, layer);
  }

  @Override
  public String toString() {
    return "tensor " + value.type();
  }
}

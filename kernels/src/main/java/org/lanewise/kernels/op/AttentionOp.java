package org.lanewise.kernels.op;

import java.util.List;

/** Scaled dot-product attention (Vaswani et al., NeurIPS 2017) and its gradient. */
public sealed interface AttentionOp extends Op {
  /** The factor of the scores, which a {@code scale} of 0 stands for: 1/√headSize. */
  float DEFAULT_SCALE = 0f;

  /** Whether a query sees only the keys that are not later than it. */
  boolean causal();

  /** Whether there is a mask of keys. */
  boolean masked();

  /** The factor of the scores, or {@link #DEFAULT_SCALE}. */
  float scale();

  /**
   * {@code o = softmax(scale · q·kᵀ) · v} for each head. A query that sees no key gives zeros.
   *
   * <p>Inputs: q [batch, heads, queries, headSize], k and v [batch, heads, keys, headSize], and if
   * {@code masked} i32 [batch, keys], 0 for a key that no query sees. Outputs: o like q, and the
   * normalizers of each query's scores [batch, heads, queries, 2], which the backward op needs: the
   * greatest score, and {@code Σ exp(score − max)}, or twice 0 if no key counts.
   *
   * @param causal whether query i sees the keys {@code j ≤ i + keys − queries} only
   */
  record Attention(boolean causal, boolean masked, float scale) implements AttentionOp, Op.Forward {
    /**
     * Checks the scale.
     *
     * @throws IllegalArgumentException if the scale is not finite
     */
    public Attention {
      checkScale(scale);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      AttentionShape shape = shape(in.count(masked ? 4 : 3).types());
      in.type(2, "v", in.types().get(1));
      checkMask(this, in);
      return List.of(in.types().getFirst(), normalizers(shape));
    }

    @Override
    public Effects effects() {
      return Effects.reads("q", "k", "v").readsIf(masked, "mask").writes("o").writes("log-sum-exp");
    }

    @Override
    public long flops(Inputs in) {
      return 2 * products(this, in.types());
    }
  }

  /**
   * The gradients of q, k and v.
   *
   * <p>Inputs: those of {@link Attention}, its outputs, and the gradient of o. Outputs: dq, dk, dv.
   */
  record AttentionBackward(boolean causal, boolean masked, float scale)
      implements AttentionOp, Op.Backward {
    /**
     * Checks the scale.
     *
     * @throws IllegalArgumentException if the scale is not finite
     */
    public AttentionBackward {
      checkScale(scale);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      AttentionShape shape = shape(in.count(masked ? 7 : 6).types());
      in.type(2, "v", in.types().get(1));
      checkMask(this, in);
      int next = masked ? 4 : 3;
      in.type(next, "o", in.types().getFirst());
      in.type(next + 1, "normalizers", normalizers(shape));
      in.type(next + 2, "do", in.types().getFirst());
      return in.types().subList(0, 3);
    }

    @Override
    public Effects effects() {
      return (masked
              ? Effects.reads("q", "k", "v", "mask", "o", "log-sum-exp", "do")
              : Effects.reads("q", "k", "v", "o", "log-sum-exp", "do"))
          .adds("dq")
          .adds("dk")
          .adds("dv");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * products(this, in.types());
    }
  }

  /** The sizes of an op on such operands, whose first ones are q and k. */
  default AttentionShape shape(List<TensorType> types) {
    TensorType q = types.get(0);
    TensorType k = types.get(1);
    boolean fit =
        q.dtype() == DType.F32
            && k.dtype() == DType.F32
            && q.shape().rank() == 4
            && k.shape().rank() == 4
            && q.shape().dimension(0) == k.shape().dimension(0)
            && q.shape().dimension(1) == k.shape().dimension(1)
            && q.shape().dimension(3) == k.shape().dimension(3);
    if (!fit) {
      throw new ShapeException(
          "%s takes q [batch, heads, queries, headSize] and k [batch, heads, keys, headSize] but got %s and %s"
              .formatted(name(), q, k));
    }
    AttentionShape shape =
        new AttentionShape(size(q, 0), size(q, 1), size(q, 2), size(k, 2), size(q, 3));
    shape = scale() == DEFAULT_SCALE ? shape : shape.withScale(scale());
    return causal() ? shape.withCausal() : shape;
  }

  private static int size(TensorType type, int axis) {
    long size = type.shape().dimension(axis);
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException("attention takes sizes below 2^31 but got " + type);
    }
    return (int) size;
  }

  private static void checkMask(AttentionOp op, Inputs in) {
    if (op.masked()) {
      Shape k = in.shape(1);
      in.type(3, "mask", TensorType.i32(k.dimension(0), k.dimension(2)));
    }
  }

  private static TensorType normalizers(AttentionShape shape) {
    return TensorType.f32(shape.batch(), shape.heads(), shape.queries(), 2);
  }

  /** Operations of one product of all queries with all keys that they see. */
  private static long products(AttentionOp op, List<TensorType> types) {
    AttentionShape shape = op.shape(types);
    long all =
        2L * shape.batch() * shape.heads() * shape.queries() * shape.keys() * shape.headSize();
    return op.causal() ? all / 2 : all;
  }

  private static void checkScale(float scale) {
    if (!Float.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be finite but is " + scale);
    }
  }
}

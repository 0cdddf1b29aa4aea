package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;

/** Scaled dot-product attention (Vaswani et al., NeurIPS 2017) and its gradient. */
public sealed interface AttentionOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends AttentionOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends AttentionOp, Op.Backward {}

  /** Which attention it is. */
  AttentionForm form();

  /**
   * {@code o = softmax(scale · q·kᵀ) · v} for each head. A query that sees no key gives zeros.
   *
   * <p>Inputs: q [batch, queries, heads · headSize], k and v [batch, keys, keyValueHeads ·
   * headSize]; or if the form is fused, one tensor with the columns of q, k and v in this order,
   * [batch, length, (heads + 2 · keyValueHeads) · headSize]. If it is masked, i32 [batch, keys], 0
   * for a key that no query sees. If it is positioned, i32 [batch], where the first query of each
   * sample is among the keys, in 0..keys−queries: later keys than the last query's do not count,
   * and causal queries do not see later ones than they are. Results are those of exactly so many
   * keys. Outputs: o [batch, queries, heads · headSize], and the normalizers of each query's scores
   * [batch, heads, queries, 2], which the backward op needs: the greatest score, and {@code Σ
   * exp(score − max)}, or twice 0 if no key counts.
   */
  record Attention(AttentionForm form) implements Forward {
    /** Attention of a form. */
    public Attention {
      Objects.requireNonNull(form, "form");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      AttentionShape shape = shape(in.count(form.inputs()).types());
      checkOptional(form, in, shape);
      return List.of(result(shape), normalizers(shape));
    }

    @Override
    public Effects effects() {
      return reads(form).writes("o").writes("normalizers");
    }

    @Override
    public long flops(Inputs in) {
      return 2 * products(this, in.types());
    }
  }

  /**
   * The gradients of q, k and v.
   *
   * <p>Inputs: those of {@link Attention}, its outputs, and the gradient of o. Outputs: dq, dk, dv;
   * or if the form is fused, one tensor with the columns of all three.
   */
  record AttentionBackward(AttentionForm form) implements Backward {
    /**
     * The gradients of a form.
     *
     * @throws IllegalArgumentException if the position of the queries is known at run time only
     */
    public AttentionBackward {
      if (form.positioned()) {
        throw new IllegalArgumentException(
            "attention at a position that is known at run time has no gradient");
      }
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      int next = form.inputs();
      AttentionShape shape = shape(in.count(next + 3).types());
      checkOptional(form, in, shape);
      in.type(next, "o", result(shape));
      in.type(next + 1, "normalizers", normalizers(shape));
      in.type(next + 2, "do", result(shape));
      return in.types().subList(0, form.names().size());
    }

    @Override
    public Effects effects() {
      Effects effects =
          reads(form).readsIf(true, "o").readsIf(true, "normalizers").readsIf(true, "do");
      return form.fused() ? effects.adds("dqkv") : effects.adds("dq").adds("dk").adds("dv");
    }

    @Override
    public long flops(Inputs in) {
      return 5 * products(this, in.types());
    }
  }

  /** The sizes and layouts of an op on such operands, of which the first ones count. */
  default AttentionShape shape(List<TensorType> types) {
    AttentionShape shape = form().fused() ? fused(types.getFirst()) : rows(types);
    shape = form().scale() == AttentionForm.DEFAULT_SCALE ? shape : shape.withScale(form().scale());
    return form().causal() ? shape.withCausal() : shape;
  }

  private AttentionShape fused(TensorType qkv) {
    int heads = form().heads();
    int keyValueHeads = form().keyValueHeads();
    if (!isRows(qkv) || size(qkv, 2) % (heads + 2 * keyValueHeads) > 0) {
      throw new ShapeException(
          "%s takes q, k and v of %d, %d and %d heads as [batch, length, columns] but got %s"
              .formatted(name(), heads, keyValueHeads, keyValueHeads, qkv));
    }
    int headSize = size(qkv, 2) / (heads + 2 * keyValueHeads);
    return AttentionShape.fused(size(qkv, 0), heads, keyValueHeads, size(qkv, 1), headSize);
  }

  private AttentionShape rows(List<TensorType> types) {
    TensorType q = types.get(0);
    TensorType k = types.get(1);
    int heads = form().heads();
    int keyValueHeads = form().keyValueHeads();
    boolean fit =
        isRows(q)
            && isRows(k)
            && size(q, 0) == size(k, 0)
            && size(q, 2) % heads == 0
            && size(k, 2) == size(q, 2) / heads * keyValueHeads
            && types.get(2).equals(k);
    if (!fit) {
      throw new ShapeException(
          "%s takes q [batch, queries, %d · headSize], and k and v [batch, keys, %d · headSize], but got %s, %s and %s"
              .formatted(name(), heads, keyValueHeads, q, k, types.get(2)));
    }
    return AttentionShape.ofRows(
        size(q, 0), heads, keyValueHeads, size(q, 1), size(k, 1), size(q, 2) / heads);
  }

  private static boolean isRows(TensorType type) {
    return type.dtype() == DType.F32 && type.shape().rank() == 3;
  }

  private static int size(TensorType type, int axis) {
    long size = type.shape().dimension(axis);
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException("attention takes sizes below 2^31 but got " + type);
    }
    return (int) size;
  }

  /** Refuses a mask that is not of the keys, and positions that are not of the samples. */
  private static void checkOptional(AttentionForm form, Inputs in, AttentionShape shape) {
    if (form.masked()) {
      in.type(form.maskIndex(), "mask", TensorType.i32(shape.batch(), shape.keys()));
    }
    if (form.positioned()) {
      in.type(form.positionIndex(), "position", TensorType.i32(shape.batch()));
      if (shape.keys() < shape.queries()) {
        throw new ShapeException(
            "%s: %d queries have no room among %d keys"
                .formatted(in.opName(), shape.queries(), shape.keys()));
      }
    }
  }

  private static Effects reads(AttentionForm form) {
    return Effects.reads(form.names().toArray(String[]::new))
        .readsIf(form.masked(), "mask")
        .readsIf(form.positioned(), "position");
  }

  private static TensorType result(AttentionShape shape) {
    return TensorType.f32(shape.batch(), shape.queries(), (long) shape.heads() * shape.headSize());
  }

  private static TensorType normalizers(AttentionShape shape) {
    return TensorType.f32(shape.batch(), shape.heads(), shape.queries(), 2);
  }

  /** Operations of one product of all queries with all keys that they see. */
  private static long products(AttentionOp op, List<TensorType> types) {
    AttentionShape shape = op.shape(types);
    long all =
        2L * shape.batch() * shape.heads() * shape.queries() * shape.keys() * shape.headSize();
    return op.form().causal() ? all / 2 : all;
  }
}

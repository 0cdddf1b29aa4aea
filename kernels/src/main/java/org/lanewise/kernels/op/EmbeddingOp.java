package org.lanewise.kernels.op;

import java.util.List;

/** Rows of a matrix by index, as for the vectors of words (Bengio et al., JMLR 3, 2003). */
public sealed interface EmbeddingOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends EmbeddingOp, Op.Forward {}

  /** A step of the gradient of one. */
  sealed interface Backward extends EmbeddingOp, Op.Backward {}

  /**
   * {@code y[i] = weight[indices[i]]}. Inputs: weight [vocabulary, columns], indices i32 of any
   * shape, in 0..vocabulary−1. Output: y [indices' shape…, columns].
   */
  record Embedding() implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape weight = in.count(2).matrix(0, "weight");
      Shape indices = in.i32(1, "indices").shape();
      return List.of(TensorType.f32(indices.append(weight.dimension(1))));
    }

    @Override
    public Effects effects() {
      return Effects.reads("weight", "indices").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * {@code dweight[v] = Σ dy[i]} over all i with {@code indices[i] = v} in their order. Inputs: dy
   * [indices' shape…, columns], indices i32. Output: dweight [vocabulary, columns].
   *
   * @param vocabulary rows of the weight, at least 0
   */
  record EmbeddingBackward(long vocabulary) implements Backward {
    /**
     * The gradient with respect to a weight of so many rows.
     *
     * @throws IllegalArgumentException if the vocabulary is negative
     */
    public EmbeddingBackward {
      Ranges.atLeast("vocabulary", 0, vocabulary);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType dy = in.count(2).f32(0, "dy");
      Shape indices = in.i32(1, "indices").shape();
      int rank = dy.shape().rank();
      if (rank == 0 || !indices.append(dy.shape().dimension(rank - 1)).equals(dy.shape())) {
        throw new ShapeException(
            "EmbeddingBackward: dy must have the axes of indices and one more but they are %s and %s"
                .formatted(dy.shape(), indices));
      }
      return List.of(TensorType.f32(vocabulary, dy.shape().dimension(rank - 1)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("dy", "indices").adds("dweight");
    }

    @Override
    public long flops(Inputs in) {
      return in.size(0);
    }
  }
}

package org.lanewise.nn.models;

import org.lanewise.nn.Tensor;

/** How the vectors of a text's tokens become one of the text. */
public enum Pooling {
  /** The mean over the tokens, padding left out. */
  MEAN {
    @Override
    public Tensor apply(Tensor states, Tensor mask) {
      long batch = states.shape().dimension(0);
      Tensor present = mask.toF32();
      // A product adds token after token, so that padding behind them changes no bit.
      Tensor sums = present.reshape(batch, 1, present.shape().dimension(1)).matmul(states);
      Tensor counts = present.sum(-1).clamp(1f, Float.MAX_VALUE);
      return rows(sums).div(counts.reshape(batch, 1));
    }
  },
  /** The vector of the first token, which BERT calls [CLS]. */
  CLS {
    @Override
    public Tensor apply(Tensor states, Tensor mask) {
      return first(states);
    }
  };

  /** Keeps what divides by a length from dividing by zero. */
  private static final float LEAST_LENGTH = 1e-12f;

  /**
   * The vectors of texts.
   *
   * @param states f32 [batch, length, width], of tokens
   * @param mask i32 [batch, length], 1 for tokens and 0 for padding; the mean over none is 0
   * @return f32 [batch, width]
   */
  public abstract Tensor apply(Tensor states, Tensor mask);

  /** The vectors of the first tokens. */
  static Tensor first(Tensor states) {
    return rows(states.slice(1, 0, 1));
  }

  private static Tensor rows(Tensor states) {
    return states.reshape(states.shape().dimension(0), states.shape().dimension(2));
  }

  /** Rows divided by their lengths: the cosine of two is their product. */
  static Tensor normalize(Tensor rows) {
    Tensor lengths = rows.square().sum(-1).sqrt().clamp(LEAST_LENGTH, Float.MAX_VALUE);
    return rows.div(lengths.reshape(rows.shape().dimension(0), 1));
  }
}

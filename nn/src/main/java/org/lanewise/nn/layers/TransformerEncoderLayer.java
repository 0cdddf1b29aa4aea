package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;

/**
 * A block of a transformer's encoder (Vaswani et al., NeurIPS 2017) with the parameters of
 * PyTorch's nn.TransformerEncoderLayer: attention of a sequence to itself, and two linear layers,
 * each added to what it reads. A norm comes after each sum, or with the norm first before each part
 * (Xiong et al., ICML 2020), as in GPT-2. With {@link AttentionPattern#CAUSAL} it is a decoder's
 * without a memory.
 *
 * @param selfAttention of the sequence
 * @param linear1 from the width to that of the feed-forward part
 * @param linear2 back to the width
 * @param norm1 of attention
 * @param norm2 of the feed-forward part
 * @param activation between the linear layers
 * @param normFirst whether norms come before the parts and not after the sums
 * @param dropout probability with which an element of each part's result, or between the linear
 *     layers, is dropped in training
 */
public record TransformerEncoderLayer(
    @Name("self_attn") MultiHeadAttention selfAttention,
    Linear linear1,
    Linear linear2,
    LayerNorm norm1,
    LayerNorm norm2,
    Activation activation,
    boolean normFirst,
    float dropout)
    implements Layer {
  /** This layer with another function between the linear layers; it is ReLU unless set. */
  public TransformerEncoderLayer activation(Activation function) {
    return new TransformerEncoderLayer(
        selfAttention, linear1, linear2, norm1, norm2, function, normFirst, dropout);
  }

  /** This layer with norms before the parts or after the sums. */
  public TransformerEncoderLayer normFirst(boolean first) {
    return new TransformerEncoderLayer(
        selfAttention, linear1, linear2, norm1, norm2, activation, first, dropout);
  }

  /** This layer with another probability of dropping elements; it is 0.1 unless set. */
  public TransformerEncoderLayer dropout(float p) {
    return new TransformerEncoderLayer(
        selfAttention, linear1, linear2, norm1, norm2, activation, normFirst, p);
  }

  /** The sequences x [batch, length, width] after this layer. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, AttentionPattern.FULL, null);
  }

  /**
   * The sequences x [batch, length, width] after this layer.
   *
   * @param mask i32 [batch, length], 0 for a position that none sees; null if all are seen
   */
  public Tensor forward(Tensor x, AttentionPattern pattern, Tensor mask) {
    SublayerConnection residual = new SublayerConnection(normFirst, dropout);
    Tensor y = residual.add(x, norm1, part -> selfAttention.forward(part, pattern, mask));
    return residual.add(y, norm2, new FeedForward(linear1, linear2, activation, dropout));
  }
}

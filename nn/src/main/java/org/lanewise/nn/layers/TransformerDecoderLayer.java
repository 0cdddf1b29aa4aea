package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;

/**
 * A block of a transformer's decoder (Vaswani et al., NeurIPS 2017) with the parameters of
 * PyTorch's nn.TransformerDecoderLayer: attention of a sequence to itself, attention to a memory,
 * which an encoder made, and two linear layers, each added to what it reads.
 *
 * @param selfAttention of the sequence
 * @param memoryAttention of the sequence to the memory
 * @param linear1 from the width to that of the feed-forward part
 * @param linear2 back to the width
 * @param norm1 of attention to itself
 * @param norm2 of attention to the memory
 * @param norm3 of the feed-forward part
 * @param activation between the linear layers
 * @param normFirst whether norms come before the parts and not after the sums
 * @param dropout probability with which an element of each part's result, or between the linear
 *     layers, is dropped in training
 */
public record TransformerDecoderLayer(
    @Name("self_attn") MultiHeadAttention selfAttention,
    @Name("multihead_attn") MultiHeadAttention memoryAttention,
    Linear linear1,
    Linear linear2,
    LayerNorm norm1,
    LayerNorm norm2,
    LayerNorm norm3,
    Activation activation,
    boolean normFirst,
    float dropout) {
  /** This layer with another function between the linear layers; it is ReLU unless set. */
  public TransformerDecoderLayer activation(Activation function) {
    return with(function, normFirst, dropout);
  }

  /** This layer with norms before the parts or after the sums. */
  public TransformerDecoderLayer normFirst(boolean first) {
    return with(activation, first, dropout);
  }

  /** This layer with another probability of dropping elements; it is 0.1 unless set. */
  public TransformerDecoderLayer dropout(float p) {
    return with(activation, normFirst, p);
  }

  private TransformerDecoderLayer with(Activation function, boolean first, float p) {
    return new TransformerDecoderLayer(
        selfAttention, memoryAttention, linear1, linear2, norm1, norm2, norm3, function, first, p);
  }

  /**
   * The sequences x [batch, length, width] after this layer, in which no position sees later ones.
   *
   * @param memory [batch, keys, width]
   */
  public Tensor forward(Tensor x, Tensor memory) {
    return forward(x, memory, AttentionPattern.CAUSAL, null, null);
  }

  /**
   * The sequences x [batch, length, width] after this layer.
   *
   * @param memory [batch, keys, width]
   * @param pattern of attention of x to itself
   * @param mask i32 [batch, length], 0 for a position of x that none sees; null if all are seen
   * @param memoryMask i32 [batch, keys], 0 for a position of the memory that none sees, or null
   */
  public Tensor forward(
      Tensor x, Tensor memory, AttentionPattern pattern, Tensor mask, Tensor memoryMask) {
    SublayerConnection residual = new SublayerConnection(normFirst, dropout);
    Tensor y = residual.add(x, norm1, part -> selfAttention.forward(part, pattern, mask));
    y = residual.add(y, norm2, part -> memoryAttention.attend(part, memory, memoryMask));
    return residual.add(y, norm3, new FeedForward(linear1, linear2, activation, dropout));
  }
}

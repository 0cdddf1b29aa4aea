package org.lanewise.nn.layers;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Tensor;

/**
 * Blocks of a decoder, one after the other, with the names of PyTorch's nn.TransformerDecoder.
 *
 * @param layers the blocks
 * @param norm of the last one's result, or null
 */
public record TransformerDecoder(List<TransformerDecoderLayer> layers, LayerNorm norm) {
  /** A decoder of copies. */
  public TransformerDecoder {
    layers = List.copyOf(layers);
  }

  /**
   * A decoder of so many blocks, without a norm at the end.
   *
   * @param layer makes a block, with parameters of its own
   */
  public static TransformerDecoder of(int layers, Supplier<TransformerDecoderLayer> layer) {
    return new TransformerDecoder(Stream.generate(layer).limit(layers).toList(), null);
  }

  /** This decoder with a norm at the end, which blocks whose norms come first need. */
  public TransformerDecoder norm(LayerNorm last) {
    return new TransformerDecoder(layers, last);
  }

  /**
   * The sequences x [batch, length, width] after all blocks, in which no position sees later ones.
   *
   * @param memory [batch, keys, width]
   */
  public Tensor forward(Tensor x, Tensor memory) {
    return forward(x, memory, AttentionPattern.CAUSAL, null, null);
  }

  /**
   * The sequences x [batch, length, width] after all blocks.
   *
   * @param memory [batch, keys, width]
   * @param pattern of attention of x to itself
   * @param mask i32 [batch, length], 0 for a position of x that none sees; null if all are seen
   * @param memoryMask i32 [batch, keys], 0 for a position of the memory that none sees, or null
   */
  public Tensor forward(
      Tensor x, Tensor memory, AttentionPattern pattern, Tensor mask, Tensor memoryMask) {
    Tensor y = x;
    for (TransformerDecoderLayer layer : layers) {
      y = layer.forward(y, memory, pattern, mask, memoryMask);
    }
    return norm == null ? y : norm.forward(y);
  }
}

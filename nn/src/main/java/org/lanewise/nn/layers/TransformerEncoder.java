package org.lanewise.nn.layers;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * Blocks of an encoder, one after the other, with the names of PyTorch's nn.TransformerEncoder.
 *
 * @param layers the blocks
 * @param norm of the last one's result, or null
 */
public record TransformerEncoder(List<TransformerEncoderLayer> layers, LayerNorm norm)
    implements Layer {
  /** An encoder of copies. */
  public TransformerEncoder {
    layers = List.copyOf(layers);
  }

  /**
   * An encoder of so many blocks, without a norm at the end.
   *
   * @param layer makes a block, with parameters of its own
   */
  public static TransformerEncoder of(int layers, Supplier<TransformerEncoderLayer> layer) {
    return new TransformerEncoder(Stream.generate(layer).limit(layers).toList(), null);
  }

  /** This encoder with a norm at the end, which blocks whose norms come first need. */
  public TransformerEncoder norm(LayerNorm last) {
    return new TransformerEncoder(layers, last);
  }

  /** The sequences x [batch, length, width] after all blocks. */
  @Override
  public Tensor forward(Tensor x) {
    return forward(x, AttentionPattern.FULL, null);
  }

  /**
   * The sequences x [batch, length, width] after all blocks.
   *
   * @param mask i32 [batch, length], 0 for a position that none sees; null if all are seen
   */
  public Tensor forward(Tensor x, AttentionPattern pattern, Tensor mask) {
    Tensor y = x;
    for (TransformerEncoderLayer layer : layers) {
      y = layer.forward(y, pattern, mask);
    }
    return norm == null ? y : norm.forward(y);
  }
}

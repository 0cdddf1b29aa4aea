package org.lanewise.nn.models;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;

/**
 * DistilBERT (Sanh et al., arXiv 1910.01108), a BERT of fewer layers without token types, with the
 * parameters that Hugging Face's DistilBertModel has.
 */
public record DistilBert(BertConfig config, Embeddings embeddings, Transformer transformer)
    implements TextEncoder {
  /** A model as it is before it is trained. */
  public static DistilBert of(BertConfig config) {
    return new DistilBert(
        config,
        Embeddings.of(config),
        new Transformer(Stream.generate(() -> Layer.of(config)).limit(config.layers()).toList()));
  }

  @Override
  public Tensor forward(Tensor ids, Tensor types, Tensor mask) {
    Tensor x = embeddings.forward(ids, config);
    for (Layer layer : transformer.layer) {
      x = layer.forward(x, mask, config);
    }
    return x;
  }

  /** What a token's vector starts as: the sum of two rows. */
  public record Embeddings(
      @Name("word_embeddings") Embedding words,
      @Name("position_embeddings") Embedding positions,
      @Name("LayerNorm") LayerNorm norm) {
    static Embeddings of(BertConfig config) {
      return new Embeddings(
          EncoderLayers.embedding(config.vocabulary(), config.width()),
          EncoderLayers.embedding(config.positions(), config.width()),
          EncoderLayers.norm(config));
    }

    Tensor forward(Tensor ids, BertConfig config) {
      Tensor x = words.forward(ids).add(EncoderLayers.positions(ids, positions, config));
      return norm.forward(x).dropout(config.dropout());
    }
  }

  /** The layers, one after the other. */
  public record Transformer(List<Layer> layer) {}

  /** Attention and two linear layers, each added to what it reads and then normalized. */
  public record Layer(
      Attention attention,
      @Name("sa_layer_norm") LayerNorm attentionNorm,
      @Name("ffn") FeedForward feedForward,
      @Name("output_layer_norm") LayerNorm outputNorm) {
    static Layer of(BertConfig config) {
      int width = config.width();
      return new Layer(
          new Attention(
              EncoderLayers.linear(width, width),
              EncoderLayers.linear(width, width),
              EncoderLayers.linear(width, width),
              EncoderLayers.linear(width, width)),
          EncoderLayers.norm(config),
          new FeedForward(
              EncoderLayers.linear(width, config.feedForward()),
              EncoderLayers.linear(config.feedForward(), width)),
          EncoderLayers.norm(config));
    }

    Tensor forward(Tensor x, Tensor mask, BertConfig config) {
      Tensor attended = attentionNorm.forward(attention.forward(x, mask, config.heads()).add(x));
      return outputNorm.forward(feedForward.forward(attended, config).add(attended));
    }
  }

  /** Attention of the tokens to each other. */
  public record Attention(
      @Name("q_lin") Linear query,
      @Name("k_lin") Linear key,
      @Name("v_lin") Linear value,
      @Name("out_lin") Linear output) {
    Tensor forward(Tensor x, Tensor mask, int heads) {
      return output.forward(
          Tensor.attention(query.forward(x), key.forward(x), value.forward(x), mask, heads));
    }
  }

  /** Two linear layers with a function between them. */
  public record FeedForward(@Name("lin1") Linear first, @Name("lin2") Linear second) {
    Tensor forward(Tensor x, BertConfig config) {
      Tensor inner = first.forward(x).activate(config.activation());
      return second.forward(inner).dropout(config.dropout());
    }
  }
}

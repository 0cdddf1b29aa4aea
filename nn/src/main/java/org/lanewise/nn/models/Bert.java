package org.lanewise.nn.models;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;

/**
 * BERT (Devlin et al., arXiv 1810.04805) and RoBERTa (Liu et al., arXiv 1907.11692), with the
 * parameters that Hugging Face's BertModel and RobertaModel have.
 *
 * <p>RoBERTa's library counts positions without the padding tokens; here all tokens count, which is
 * the same unless a text spells out the name of the padding token.
 *
 * @param pooler of a vector for the whole text, or null for none
 */
public record Bert(BertConfig config, Embeddings embeddings, Encoder encoder, Pooler pooler)
    implements TextEncoder {
  /** A model with a pooler, as it is before it is trained. */
  public static Bert of(BertConfig config) {
    return new Bert(
        config,
        Embeddings.of(config),
        new Encoder(Stream.generate(() -> Layer.of(config)).limit(config.layers()).toList()),
        new Pooler(EncoderLayers.linear(config.width(), config.width())));
  }

  /** This model without its pooler. */
  public Bert withoutPooler() {
    return new Bert(config, embeddings, encoder, null);
  }

  @Override
  public Tensor forward(Tensor ids, Tensor types, Tensor mask) {
    Tensor x = embeddings.forward(ids, types, config);
    for (Layer layer : encoder.layer) {
      x = layer.forward(x, mask, config);
    }
    return x;
  }

  /** What a token's vector starts as: the sum of three rows. */
  public record Embeddings(
      @Name("word_embeddings") Embedding words,
      @Name("position_embeddings") Embedding positions,
      @Name("token_type_embeddings") Embedding types,
      @Name("LayerNorm") LayerNorm norm) {
    static Embeddings of(BertConfig config) {
      return new Embeddings(
          EncoderLayers.embedding(config.vocabulary(), config.width()),
          EncoderLayers.embedding(config.positions(), config.width()),
          EncoderLayers.embedding(config.types(), config.width()),
          EncoderLayers.norm(config));
    }

    Tensor forward(Tensor ids, Tensor typeIds, BertConfig config) {
      Tensor x =
          words
              .forward(ids)
              .add(types.forward(typeIds))
              .add(EncoderLayers.positions(ids, positions, config));
      return norm.forward(x).dropout(config.dropout());
    }
  }

  /** The layers, one after the other. */
  public record Encoder(List<Layer> layer) {}

  /** Attention and two linear layers, each added to what it reads and then normalized. */
  public record Layer(Attention attention, Dense intermediate, Output output) {
    static Layer of(BertConfig config) {
      int width = config.width();
      return new Layer(
          new Attention(
              new SelfAttention(
                  EncoderLayers.linear(width, width),
                  EncoderLayers.linear(width, width),
                  EncoderLayers.linear(width, width)),
              Output.of(width, config)),
          new Dense(EncoderLayers.linear(width, config.feedForward())),
          Output.of(config.feedForward(), config));
    }

    Tensor forward(Tensor x, Tensor mask, BertConfig config) {
      Tensor heads = attention.heads.forward(x, mask, config.heads());
      Tensor attended = attention.output.forward(heads, x, config.dropout());
      Activation activation = config.activation();
      Tensor inner = intermediate.dense.forward(attended).activate(activation);
      return output.forward(inner, attended, config.dropout());
    }
  }

  /** Attention of the tokens to each other, and what becomes of it. */
  public record Attention(@Name("self") SelfAttention heads, Output output) {}

  /** The queries, keys and values of attention. */
  public record SelfAttention(Linear query, Linear key, Linear value) {
    Tensor forward(Tensor x, Tensor mask, int heads) {
      return Tensor.attention(query.forward(x), key.forward(x), value.forward(x), mask, heads);
    }
  }

  /** A linear layer. */
  public record Dense(Linear dense) {}

  /** A linear layer, whose result is added to something and normalized. */
  public record Output(Linear dense, @Name("LayerNorm") LayerNorm norm) {
    static Output of(long inputs, BertConfig config) {
      return new Output(EncoderLayers.linear(inputs, config.width()), EncoderLayers.norm(config));
    }

    Tensor forward(Tensor x, Tensor residual, float dropout) {
      return norm.forward(dense.forward(x).dropout(dropout).add(residual));
    }
  }

  /** The first token's vector as one of the whole text. */
  public record Pooler(Linear dense) {
    /** From vectors [batch, length, width] of tokens: [batch, width]. */
    public Tensor forward(Tensor states) {
      return dense.forward(Pooling.first(states)).tanh();
    }
  }
}

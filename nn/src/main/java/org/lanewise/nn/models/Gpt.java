package org.lanewise.nn.models;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.Init;
import org.lanewise.nn.KeyValueCache;
import org.lanewise.nn.Name;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.LayerNorm;

/**
 * GPT-2 (Radford et al., "Language Models are Unsupervised Multitask Learners", 2019): what comes
 * after each token of a text, from those before it. Its parameters have the names and the layouts
 * of Hugging Face's GPT2Model, and its head is the table of its tokens.
 *
 * <p>In training, elements of the embeddings' sum and of what each part adds to it are dropped. The
 * library also drops weights of attention, which never exist as a whole here.
 *
 * @param tokens a row for each token of the vocabulary
 * @param positions a row for each position of a text
 * @param blocks one after the other
 * @param norm of what the last block gives
 * @param recomputes whether blocks are computed once more for the backward pass
 */
public record Gpt(
    GptConfig config,
    @Name("wte") Embedding tokens,
    @Name("wpe") Embedding positions,
    @Name("h") List<Block> blocks,
    @Name("ln_f") LayerNorm norm,
    boolean recomputes) {
  private static final float DEVIATION = 0.02f;

  /**
   * A model before it is trained: weights are normal with standard deviation 0.02, those that end a
   * residual path with that divided by √(2 · layers), and biases are 0.
   */
  public static Gpt of(GptConfig config) {
    return new Gpt(
        config,
        embedding(config.vocabulary(), config.width()),
        embedding(config.context(), config.width()),
        Stream.generate(() -> Block.of(config)).limit(config.layers()).toList(),
        layerNorm(config),
        false);
  }

  /**
   * This model, whose blocks do not keep their values for the backward pass but are computed once
   * more, see {@link Tensor#recomputed}. Its results have the same bits.
   */
  public Gpt recomputing() {
    return new Gpt(config, tokens, positions, blocks, norm, true);
  }

  private static Embedding embedding(long rows, long width) {
    return new Embedding(Parameter.of(Init.normal(DEVIATION), rows, width));
  }

  private static LayerNorm layerNorm(GptConfig config) {
    return new LayerNorm(
        Parameter.of(Init.ones(), config.width()),
        Parameter.of(Init.zeros(), config.width()),
        config.epsilon());
  }

  // ---- Whole texts ----------------------------------------------------------------------------

  /**
   * What comes after each token of texts.
   *
   * @param ids i32 [batch, length], of tokens
   * @return logits f32 [batch, length, vocabulary]
   * @throws ShapeException if a text has more tokens than {@link GptConfig#context}
   */
  public Tensor forward(Tensor ids) {
    long length = ids.shape().dimension(1);
    if (length > config.context()) {
      throw ids.inLayerOf(positions.weight())
          .mismatch(
              "a text may have at most %d tokens but %s has %d"
                  .formatted(config.context(), ids, length));
    }
    Tensor rows = ids.read(positions.weight()).slice(0, 0, length);
    Tensor x = tokens.forward(ids).add(rows).dropout(config.dropout());
    AttentionForm form = form();
    for (Block block : blocks) {
      x =
          recomputes
              ? x.recomputed(part -> block.forward(part, config, qkv -> qkv.selfAttention(form)))
              : block.forward(x, config, qkv -> qkv.selfAttention(form));
    }
    return logits(x);
  }

  private AttentionForm form() {
    return AttentionForm.of(config.heads()).withCausal();
  }

  private Tensor logits(Tensor x) {
    return norm.forward(x).linear(tokens.weight());
  }

  // ---- Token by token -------------------------------------------------------------------------

  /**
   * Caches for {@link #next}, one for each block.
   *
   * @param name that no other caches of the session have
   * @param batch number of texts
   */
  public List<KeyValueCache> caches(String name, int batch) {
    return IntStream.range(0, config.layers())
        .mapToObj(i -> KeyValueCache.of(name + "." + i, batch, config.context(), config.width()))
        .toList();
  }

  /**
   * What comes after the last of some tokens of each text; caches have what was before these. It
   * has the bits of {@link #forward} of the whole text.
   *
   * @param ids i32 [batch, length], of tokens
   * @param places i32 [batch, length], their positions in the text, from 0
   * @param position i32 [batch], that of the first of them
   * @param caches of {@link #caches}
   * @return logits f32 [batch, vocabulary]
   */
  public Tensor next(Tensor ids, Tensor places, Tensor position, List<KeyValueCache> caches) {
    AttentionForm form = form();
    Tensor x = tokens.forward(ids).add(positions.forward(places));
    for (int i = 0; i < blocks.size(); i++) {
      KeyValueCache cache = caches.get(i);
      x = blocks.get(i).forward(x, config, qkv -> qkv.selfAttention(form, cache, position));
    }
    long length = ids.shape().dimension(1);
    return logits(x.slice(1, length - 1, length).flatten(0, 1));
  }

  // ---- Layers ---------------------------------------------------------------------------------

  /** Attention and two linear layers, each of which reads what is normalized, and adds to it. */
  public record Block(
      @Name("ln_1") LayerNorm norm1,
      @Name("attn") Attention attention,
      @Name("ln_2") LayerNorm norm2,
      @Name("mlp") FeedForward feedForward) {
    static Block of(GptConfig config) {
      return new Block(
          layerNorm(config), Attention.of(config), layerNorm(config), FeedForward.of(config));
    }

    Tensor forward(Tensor x, GptConfig config, UnaryOperator<Tensor> attend) {
      Tensor h = x.add(attention.forward(norm1.forward(x), attend).dropout(config.dropout()));
      return h.add(feedForward.forward(norm2.forward(h)).dropout(config.dropout()));
    }
  }

  /** Attention between what makes queries, keys and values, and what joins the heads. */
  public record Attention(
      @Name("c_attn") Projection queriesKeysValues, @Name("c_proj") Projection projection) {
    static Attention of(GptConfig config) {
      int width = config.width();
      return new Attention(
          Projection.of(width, 3 * width, DEVIATION),
          Projection.of(width, width, deviationOfLast(config)));
    }

    Tensor forward(Tensor x, UnaryOperator<Tensor> attend) {
      return projection.forward(attend.apply(queriesKeysValues.forward(x)));
    }
  }

  /** Two linear layers with GELU, in its tanh form, between them. */
  public record FeedForward(@Name("c_fc") Projection up, @Name("c_proj") Projection down) {
    private static final int FACTOR = 4;

    static FeedForward of(GptConfig config) {
      int width = config.width();
      return new FeedForward(
          Projection.of(width, FACTOR * width, DEVIATION),
          Projection.of(FACTOR * width, width, deviationOfLast(config)));
    }

    Tensor forward(Tensor x) {
      return down.forward(up.forward(x).geluTanh());
    }
  }

  private static float deviationOfLast(GptConfig config) {
    return (float) (DEVIATION / Math.sqrt(2.0 * config.layers()));
  }

  /**
   * {@code y = x·W + b}: a linear layer whose weight lies as in GPT-2's files, which call it
   * Conv1D, so that they are used as they are.
   *
   * @param weight W [inputs, outputs]
   * @param bias b [outputs]
   */
  public record Projection(Parameter weight, Parameter bias) {
    static Projection of(long inputs, long outputs, float deviation) {
      return new Projection(
          Parameter.of(Init.normal(deviation), inputs, outputs),
          Parameter.of(Init.zeros(), outputs));
    }

    Tensor forward(Tensor x) {
      return x.matmul(weight).add(bias);
    }
  }
}

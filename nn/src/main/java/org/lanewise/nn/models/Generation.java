package org.lanewise.nn.models;

import java.util.PrimitiveIterator;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.text.Tokenizer;

/**
 * Continues texts token by token. The model reads each token once and keeps its keys and values in
 * the session, which gives the bits of reading the whole text for each. When the text has filled
 * the model's context, it goes on from the second half of it, which is read again.
 *
 * <p>Each method that changes a setting returns another generation with the same caches. The same
 * prompt, settings and seed give the same text. Several streams may be read by turns, but each turn
 * then reads its text again; one thread at a time may use the session.
 */
public final class Generation {
  private final Gpt gpt;
  private final CachedGpt model;
  private final Sampling sampling;
  private final long seed;
  private final int[] excluded;

  private Generation(Gpt gpt, CachedGpt model, Sampling sampling, long seed, int[] excluded) {
    this.gpt = gpt;
    this.model = model;
    this.sampling = sampling;
    this.seed = seed;
    this.excluded = excluded;
  }

  /**
   * Draws tokens with the model's probabilities, with seed 0.
   *
   * @param session has the model's weights, and keeps the caches until it is closed
   */
  public static Generation of(Gpt model, Session session) {
    return new Generation(model, new CachedGpt(model, session), Sampling.PLAIN, 0, new int[0]);
  }

  /** Tokens are chosen in another way. */
  public Generation sampling(Sampling value) {
    return new Generation(gpt, model, value, seed, excluded);
  }

  /**
   * Logits are divided by a temperature.
   *
   * @throws IllegalArgumentException if it is negative or not finite
   * @see Sampling
   */
  public Generation temperature(double value) {
    return sampling(new Sampling(value, sampling.topK(), sampling.topP()));
  }

  /**
   * Tokens are drawn from the most probable ones.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if it is less
   * @see Sampling
   */
  public Generation topK(int count) {
    return sampling(new Sampling(sampling.temperature(), count, sampling.topP()));
  }

  /**
   * Tokens are drawn from the most probable ones that make a share.
   *
   * @param share above 0 and at most 1
   * @throws IllegalArgumentException if it is out of range
   * @see Sampling
   */
  public Generation topP(double share) {
    return sampling(new Sampling(sampling.temperature(), sampling.topK(), share));
  }

  /** Random numbers are others. */
  public Generation seed(long value) {
    return new Generation(gpt, model, sampling, value, excluded);
  }

  /**
   * Some tokens are never chosen, such as the one that stands for unknown characters.
   *
   * @throws IllegalArgumentException if one is none of the model's
   */
  public Generation without(int... tokens) {
    requireTokens(tokens);
    return new Generation(gpt, model, sampling, seed, tokens.clone());
  }

  private void requireTokens(int[] tokens) {
    int vocabulary = gpt.config().vocabulary();
    for (int token : tokens) {
      if (token < 0 || token >= vocabulary) {
        throw new IllegalArgumentException(
            "token %d is none of the model's %d".formatted(token, vocabulary));
      }
    }
  }

  /**
   * The tokens that follow a text.
   *
   * @param prompt tokens, at least one
   * @param length how many follow, at least 0
   * @return computed as they are asked for
   * @throws IllegalArgumentException if there is no token, or one is none of the model
   */
  public IntStream stream(int[] prompt, long length) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt has no token to continue");
    }
    requireTokens(prompt);
    PrimitiveIterator.OfInt tokens = new Continuation(model, prompt, sampling, seed, excluded);
    return IntStream.generate(tokens::nextInt).limit(length);
  }

  /**
   * The text that follows a text, in pieces that together are what the tokens mean: a piece has
   * whole characters, so it may stand for several tokens. A special token ends it.
   *
   * @param tokenizer of the model, of byte pairs or characters
   * @param prompt at least a token
   * @param length how many tokens follow at most, at least 0
   * @return computed as they are asked for
   * @throws IllegalArgumentException if the prompt has no token
   */
  public Stream<String> stream(Tokenizer tokenizer, String prompt, long length) {
    int[] ids = tokenizer.tokenize(prompt).ids();
    PrimitiveIterator.OfInt tokens =
        stream(ids, length).takeWhile(token -> !tokenizer.isSpecial(token)).iterator();
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(new TextPieces(tokenizer, tokens), 0), false);
  }
}

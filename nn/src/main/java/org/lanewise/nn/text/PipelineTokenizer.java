package org.lanewise.nn.text;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tokenizer of steps: normalizer, pre-tokenizer, model, template, and a decoder for the way back.
 */
final class PipelineTokenizer implements Tokenizer {
  private final Parts parts;
  private final Vocabulary vocabulary;
  private final AddedTokens raw;
  private final AddedTokens normalized;
  private final BitSet special = new BitSet();

  /**
   * What a tokenizer is made of.
   *
   * @param added in the order of their ids
   */
  record Parts(
      List<AddedToken> added,
      Normalizer normalizer,
      PreTokenizer preTokenizer,
      Model model,
      Template template,
      Decoder decoder) {
    Parts {
      added = List.copyOf(added);
    }
  }

  /**
   * A tokenizer.
   *
   * @throws IllegalArgumentException if added tokens do not fit the model's vocabulary
   */
  PipelineTokenizer(Parts parts) {
    this.parts = parts;
    Map<String, Integer> ids = new HashMap<>(parts.model.vocabulary().ids());
    for (AddedToken token : parts.added) {
      Integer other = ids.put(token.content(), token.id());
      if (other != null && other != token.id()) {
        throw new IllegalArgumentException(
            "token '%s' has id %d among the added ones and %d in the vocabulary"
                .formatted(token.content(), token.id(), other));
      }
      special.set(token.id(), token.special());
    }
    Vocabulary known = parts.model.vocabulary();
    this.vocabulary = ids.size() == known.ids().size() ? known : new Vocabulary(ids);
    List<AddedToken> rawTokens = parts.added.stream().filter(t -> !t.normalized()).toList();
    List<AddedToken> others = parts.added.stream().filter(AddedToken::normalized).toList();
    this.raw = new AddedTokens(rawTokens, rawTokens.stream().map(AddedToken::content).toList());
    this.normalized =
        new AddedTokens(
            others, others.stream().map(token -> normalize(token.content()).toString()).toList());
  }

  Parts parts() {
    return parts;
  }

  private AlignedText normalize(String text) {
    return parts.normalizer.normalize(AlignedText.of(text, 0, text.length()));
  }

  @Override
  public Encoding encode(String text, int maxLength) {
    return encode(parts.template, text, maxLength);
  }

  @Override
  public Encoding tokenize(String text) {
    return encode(parts.template.bare(), text, Integer.MAX_VALUE);
  }

  private Encoding encode(Template template, String text, int maxLength) {
    int room = room(template.single(), maxLength);
    Tokens tokens = tokens(text, room);
    int count = Math.min(tokens.count(), room);
    return Template.fill(template.single(), new Tokens[] {tokens}, new int[] {count});
  }

  @Override
  public Encoding encode(String first, String second, int maxLength) {
    int room = room(parts.template.pair(), maxLength);
    Tokens[] tokens = {tokens(first, room), tokens(second, room)};
    return Template.fill(
        parts.template.pair(), tokens, counts(tokens[0].count(), tokens[1].count(), room));
  }

  /** The lengths of two texts that share the room; the shorter one keeps up to half of it. */
  private static int[] counts(int first, int second, int room) {
    if ((long) first + second <= room) {
      return new int[] {first, second};
    }
    boolean swapped = first > second;
    int shorter = Math.min(Math.min(first, second), room / 2);
    int longer = room - shorter;
    return swapped ? new int[] {longer, shorter} : new int[] {shorter, longer};
  }

  private static int room(List<Template.Piece> pieces, int maxLength) {
    int specials = Template.specials(pieces);
    if (maxLength < specials) {
      throw new IllegalArgumentException(
          "maxLength must be at least %d, the number of special tokens, but is %d"
              .formatted(specials, maxLength));
    }
    return maxLength - specials;
  }

  private Tokens tokens(String text, int limit) {
    Tokens tokens = new Tokens(limit, text.length());
    AlignedText whole = AlignedText.of(text, 0, text.length());
    raw.split(
        whole.chars(),
        0,
        whole.length(),
        new AddedTokens.Parts() {
          @Override
          public void text(int from, int to) {
            if (from < to && !tokens.isFull()) {
              AlignedText part =
                  to - from == text.length() ? whole : AlignedText.of(text, from, to);
              addNormalized(parts.normalizer.normalize(part), tokens);
            }
          }

          @Override
          public void token(int id, int from, int to) {
            tokens.add(id, from, to);
          }
        });
    if (parts.template.trimmed()) {
      tokens.trim(text);
    }
    return tokens;
  }

  private void addNormalized(AlignedText text, Tokens tokens) {
    Words words =
        (piece, from, to) -> {
          if (!tokens.isFull()) {
            parts.model.tokenize(piece, from, to, tokens);
          }
        };
    normalized.split(
        text.chars(),
        0,
        text.length(),
        new AddedTokens.Parts() {
          @Override
          public void text(int from, int to) {
            if (from < to && !tokens.isFull()) {
              parts.preTokenizer.split(text, from, to, words);
            }
          }

          @Override
          public void token(int id, int from, int to) {
            tokens.add(id, text.start(from), text.end(to - 1));
          }
        });
  }

  @Override
  public String decode(int[] ids, boolean specialTokens) {
    List<String> tokens = new ArrayList<>(ids.length);
    for (int id : ids) {
      String token = vocabulary.token(id);
      if (token == null) {
        throw new IllegalArgumentException(
            "id %d is of no token of a vocabulary of %d".formatted(id, vocabulary.size()));
      }
      if (specialTokens || !special.get(id)) {
        tokens.add(token);
      }
    }
    return parts.decoder.decode(tokens);
  }

  @Override
  public int vocabularySize() {
    return vocabulary.size();
  }

  @Override
  public OptionalInt id(String token) {
    int id = vocabulary.id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public Optional<String> token(int id) {
    return Optional.ofNullable(vocabulary.token(id));
  }

  @Override
  public boolean isSpecial(int id) {
    return id >= 0 && special.get(id);
  }

  @Override
  public String toString() {
    return "%s tokenizer of %d tokens"
        .formatted(parts.model.getClass().getSimpleName(), vocabulary.size());
  }
}

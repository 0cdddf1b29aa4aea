package org.lanewise.nn.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a byte-pair tokenizer from text (Sennrich et al., arXiv 1508.07909): beginning with the 256
 * bytes, the pair of tokens that is most frequent inside words becomes a token, again and again. Of
 * equally frequent pairs the one of the lower ids does, so that the same texts give the same
 * tokenizer. Words are those of GPT-2.
 *
 * <p>The time grows with the number of different words, which are counted once. No token becomes
 * longer than 1,024 bytes, whatever repeats in a text.
 *
 * @param vocabularySize number of tokens to reach; there are fewer if no pair occurs twice any more
 * @param specialTokens which have the first ids, and which training leaves out where they stand in
 *     a text
 */
public record BytePairTrainer(int vocabularySize, List<String> specialTokens) {
  private static final int BYTES = 256;

  /**
   * A trainer.
   *
   * @throws IllegalArgumentException if the vocabulary is too small for the bytes and the special
   *     tokens or too large, or a special token is empty or there twice
   */
  public BytePairTrainer {
    specialTokens = List.copyOf(specialTokens);
    int least = BYTES + specialTokens.size();
    if (vocabularySize < least || vocabularySize > Vocabulary.MAX_ID + 1) {
      throw new IllegalArgumentException(
          "vocabularySize must be between %d, for bytes and special tokens, and %d but is %d"
              .formatted(least, Vocabulary.MAX_ID + 1, vocabularySize));
    }
    if (specialTokens.stream().distinct().count() < specialTokens.size()) {
      throw new IllegalArgumentException("a special token is there twice: " + specialTokens);
    }
    for (String token : specialTokens) {
      AddedToken.special(0, token);
      if (token.length() == 1 && ByteSymbols.value(token.charAt(0)) >= 0) {
        throw new IllegalArgumentException("special token '%s' stands for a byte".formatted(token));
      }
    }
  }

  /** The tokenizer of texts; no word reaches from one text into the next. */
  public Tokenizer train(Iterable<String> texts) {
    List<AddedToken> added = new ArrayList<>();
    for (String token : specialTokens) {
      added.add(AddedToken.special(added.size(), token));
    }
    WordCounts counts = new WordCounts(added);
    texts.forEach(counts::add);
    PairCounts pairs = new PairCounts(counts.words(), specialTokens.size());
    List<String> tokens = new ArrayList<>(specialTokens);
    for (int b = 0; b < BYTES; b++) {
      tokens.add(String.valueOf(ByteSymbols.character(b)));
    }
    List<MergeTable.Merge> merges = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    tokens.forEach(token -> ids.put(token, ids.size()));
    while (ids.size() < vocabularySize) {
      PairCounts.Pair pair = pairs.mostFrequent();
      if (pair == null) {
        break;
      }
      String left = tokens.get(pair.left());
      String right = tokens.get(pair.right());
      if (left.length() + right.length() > Vocabulary.MAX_TOKEN_LENGTH) {
        continue;
      }
      Integer known = ids.get(left + right);
      if (known == null) {
        known = tokens.size();
        tokens.add(left + right);
        ids.put(left + right, known);
      }
      merges.add(new MergeTable.Merge(left, right));
      pairs.merge(pair, known);
    }
    return VocabularyFiles.byteLevel(new Vocabulary(ids), merges, added);
  }
}

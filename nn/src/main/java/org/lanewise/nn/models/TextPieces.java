package org.lanewise.nn.models;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import org.lanewise.nn.text.Tokenizer;

/** The text of tokens, piece by piece as soon as characters are whole. */
final class TextPieces implements Iterator<String> {
  /** Bytes of a character that a token may lack: as many tokens are waited for. */
  private static final int MOST_MISSING = 3;

  private static final char REPLACEMENT = '\ufffd';

  private final Tokenizer tokenizer;
  private final PrimitiveIterator.OfInt tokens;

  TextPieces(Tokenizer tokenizer, PrimitiveIterator.OfInt tokens) {
    this.tokenizer = tokenizer;
    this.tokens = tokens;
  }

  @Override
  public boolean hasNext() {
    return tokens.hasNext();
  }

  @Override
  public String next() {
    if (!tokens.hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    int[] pending = {tokens.nextInt()};
    String text = tokenizer.decode(pending);
    while (isCut(text) && pending.length <= MOST_MISSING && tokens.hasNext()) {
      pending = Arrays.copyOf(pending, pending.length + 1);
      pending[pending.length - 1] = tokens.nextInt();
      text = tokenizer.decode(pending);
    }
    return text;
  }

  /** Whether a text ends with bytes that are no character, or not yet. */
  private static boolean isCut(String text) {
    return !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
  }
}

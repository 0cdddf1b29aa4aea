package org.lanewise.nn.models;

import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;
import org.lanewise.nn.text.Tokenizer;

/** The text of tokens, piece by piece as soon as characters are whole. */
final class TextPieces implements Iterator<String> {
  /** Tokens that bytes which are no text may hold back. */
  private static final int MOST_PENDING = 32;

  private static final String REPLACEMENT = "\ufffd";

  private final Tokenizer tokenizer;
  private final PrimitiveIterator.OfInt tokens;

  /** Tokens of which not all text has been given. */
  private int[] pending = {};

  /** How many characters of their text have been given. */
  private int given;

  TextPieces(Tokenizer tokenizer, PrimitiveIterator.OfInt tokens) {
    this.tokenizer = tokenizer;
    this.tokens = tokens;
  }

  @Override
  public boolean hasNext() {
    return pending.length > 0 || tokens.hasNext();
  }

  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    while (pending.length < MOST_PENDING && tokens.hasNext()) {
      pending = Arrays.copyOf(pending, pending.length + 1);
      pending[pending.length - 1] = tokens.nextInt();
      String text = tokenizer.decode(pending);
      if (!text.endsWith(REPLACEMENT)) {
        break;
      }
      if (text.length() - 1 > given) { // the last character may be one that lacks bytes
        String piece = text.substring(given, text.length() - 1);
        given = text.length() - 1;
        return piece;
      }
    }
    String piece = tokenizer.decode(pending).substring(given);
    pending = new int[0];
    given = 0;
    return piece;
  }
}

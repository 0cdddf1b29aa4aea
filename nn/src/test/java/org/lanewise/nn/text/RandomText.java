package org.lanewise.nn.text;

import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/** Texts of all kinds of characters, side by side as no author would put them. */
final class RandomText {
  private static final String[] PIECES = {
    "the",
    " The",
    "don't",
    "I'll",
    "we've",
    "'S",
    " 're",
    "naïve",
    "Straße",
    "ΣΊΣΥΦΟΣ",
    "İstanbul",
    "한국어",
    "각",
    "日本語",
    "ひらがな",
    "ガ",
    "中文",
    "हिन्दी",
    "ภาษาไทย",
    "العربية",
    "עִבְרִית",
    "русский",
    "Ελλάδα",
    "👍🏽",
    "👨‍👩‍👧",
    "🇩🇪",
    "❤️",
    "😀",
    "ﬁ",
    "ﷺ",
    "①",
    "½",
    "Å",
    "e\u0301",
    "o\u0302\u0323",
    "12345",
    "3.14",
    "...",
    "!?",
    "  ",
    "   ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u0000",
    "\u0085",
    "\u001c",
    "\u00ad",
    "\ufffd",
    "[CLS]",
    "[MASK]",
    "##ing",
    "<|endoftext|>",
    "_",
    "▁",
    "a@b.c"
  };

  private final SplittableRandom random;
  private final IntPredicate allowed;

  /** Texts of characters that a predicate allows. */
  RandomText(long seed, IntPredicate allowed) {
    this.random = new SplittableRandom(seed);
    this.allowed = allowed;
  }

  /** The next text of up to 30 pieces, with unpaired surrogates among them. */
  String next() {
    StringBuilder text = new StringBuilder();
    for (int pieces = random.nextInt(30); pieces > 0; pieces--) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> text.append(PIECES[random.nextInt(PIECES.length)]);
        case 3 -> text.append((char) random.nextInt(' ', 0x7f));
        case 4 -> text.append((char) random.nextInt(0x100));
        case 5 -> add(text, random.nextInt(0x300, 0x370)); // combining marks
        case 6 -> add(text, random.nextInt(Character.MIN_SUPPLEMENTARY_CODE_POINT));
        default -> add(text, random.nextInt(Character.MAX_CODE_POINT + 1));
      }
    }
    return text.toString();
  }

  private void add(StringBuilder text, int codePoint) {
    if (allowed.test(codePoint)) {
      text.appendCodePoint(codePoint);
    }
  }

  /** The text as Unicode: unpaired surrogates are U+FFFD. */
  static String unicode(String text) {
    return AlignedText.of(text, 0, text.length()).toString();
  }
}

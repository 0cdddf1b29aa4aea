package org.lanewise.nn.text;

import java.text.Normalizer.Form;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BERT's normalization (Devlin et al., arXiv 1810.04805), which treats each character by itself:
 * what becomes of it stands in a table, page by page as characters are met.
 *
 * <p>The order of combining marks that are kept is the one thing that is not so. A text that has
 * such marks goes through the steps one by one.
 */
final class BertNormalizer implements Normalizer {
  private static final int PAGE = 256;

  /** Below the flags, an entry is a code point, or an index of an expansion. */
  private static final int VALUE = (1 << 21) - 1;

  private static final int EXPANSION = 1 << 21;
  private static final int SPACED = 1 << 22;
  private static final int REORDERED = 1 << 23;
  private static final int DROPPED = 1 << 24;

  private final boolean cleanText;
  private final boolean spaceChinese;
  private final boolean stripAccents;
  private final boolean lowercase;
  private final AtomicReferenceArray<Page> pages =
      new AtomicReferenceArray<>((Character.MAX_CODE_POINT + 1) / PAGE);

  private record Page(int[] entries, String[] expansions) {}

  /**
   * A normalizer.
   *
   * @param cleanText whether controls, formats and private characters are left out, and blanks of
   *     all kinds are spaces; unassigned characters stay, as in the Hugging Face library
   * @param spaceChinese whether Chinese characters are words of their own
   * @param stripAccents whether characters are decomposed (NFD) and lose their non-spacing marks
   */
  BertNormalizer(boolean cleanText, boolean spaceChinese, boolean stripAccents, boolean lowercase) {
    this.cleanText = cleanText;
    this.spaceChinese = spaceChinese;
    this.stripAccents = stripAccents;
    this.lowercase = lowercase;
  }

  boolean cleanText() {
    return cleanText;
  }

  boolean spaceChinese() {
    return spaceChinese;
  }

  boolean stripAccents() {
    return stripAccents;
  }

  boolean lowercase() {
    return lowercase;
  }

  @Override
  public AlignedText normalize(AlignedText text) {
    AlignedText.Builder result = text.builder();
    Page page = page(0);
    int pageNumber = 0;
    int width;
    for (int i = 0; i < text.length(); i += width) {
      int c = text.codePoint(i);
      width = c < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 1 : 2;
      if (c / PAGE != pageNumber) {
        pageNumber = c / PAGE;
        page = page(pageNumber);
      }
      int entry = page.entries[c % PAGE];
      int start = text.start(i);
      int end = text.end(i + width - 1);
      if (entry < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
        result.add((char) entry, start, end);
        continue;
      }
      if ((entry & REORDERED) != 0) {
        return stepByStep(text);
      }
      if ((entry & DROPPED) != 0) {
        continue;
      }
      if ((entry & SPACED) != 0) {
        result.add(' ', start, end);
      }
      if ((entry & EXPANSION) != 0) {
        result.add(page.expansions[entry & VALUE], start, end);
      } else {
        result.addCodePoint(entry & VALUE, start, end);
      }
      if ((entry & SPACED) != 0) {
        result.add(' ', start, end);
      }
    }
    return result.build();
  }

  private AlignedText stepByStep(AlignedText text) {
    AlignedText cleaned = new BertNormalizer(cleanText, spaceChinese, false, false).normalize(text);
    AlignedText ordered = new UnicodeNormalizer(Form.NFD).normalize(cleaned);
    AlignedText.Builder result = ordered.builder();
    int width;
    for (int i = 0; i < ordered.length(); i += width) {
      int c = ordered.codePoint(i);
      width = Character.charCount(c);
      if (Character.getType(c) != Character.NON_SPACING_MARK) {
        result.addCodePoint(
            lowercase ? Character.toLowerCase(c) : c, ordered.start(i), ordered.end(i + width - 1));
      }
    }
    return result.build();
  }

  private Page page(int number) {
    Page page = pages.get(number);
    if (page == null) {
      page = newPage(number * PAGE);
      pages.set(number, page);
    }
    return page;
  }

  private Page newPage(int firstCodePoint) {
    int[] entries = new int[PAGE];
    String[] expansions = new String[PAGE];
    for (int i = 0; i < PAGE; i++) {
      int c = firstCodePoint + i;
      if (cleanText && isUnwanted(c)) {
        entries[i] = DROPPED;
        continue;
      }
      if (stripAccents && isReordered(c)) {
        entries[i] = REORDERED;
        continue;
      }
      String mapped = mapped(c);
      if (mapped.isEmpty()) {
        entries[i] = DROPPED;
      } else if (mapped.codePointCount(0, mapped.length()) == 1) {
        entries[i] = mapped.codePointAt(0);
      } else {
        entries[i] = EXPANSION | i;
        expansions[i] = mapped;
      }
      if (spaceChinese && isChinese(c)) {
        entries[i] |= SPACED;
      }
    }
    return new Page(entries, expansions);
  }

  private String mapped(int c) {
    if (cleanText && Characters.isWhitespace(c)) {
      return " ";
    }
    if (Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE) {
      return "\ufffd"; // never looked up
    }
    String text = Character.toString(c);
    if (!stripAccents && !lowercase) {
      return text;
    }
    StringBuilder mapped = new StringBuilder();
    (stripAccents ? java.text.Normalizer.normalize(text, Form.NFD) : text)
        .codePoints()
        .filter(part -> !stripAccents || Character.getType(part) != Character.NON_SPACING_MARK)
        .forEach(part -> {
          mapped.appendCodePoint(lowercase ? Character.toLowerCase(part) : part);
          if (lowercase && part == 'İ') {
            mapped.append('\u0307');
          }
        });
    return mapped.toString();
  }

  private static boolean isUnwanted(int c) {
    return switch (c) {
      case '\t', '\n', '\r' -> false;
      case 0, 0xfffd -> true;
      default -> Characters.isControl(c);
    };
  }

  /**
   * Whether a character is a spacing mark that other marks may have to stand before or behind: one
   * of a combining class other than 0.
   */
  static boolean isReordered(int c) {
    if (Character.getType(c) != Character.COMBINING_SPACING_MARK) {
      return false;
    }
    String overlay = "\u0334"; // of the lowest class there is, so it goes to the front
    String mark = Character.toString(c);
    return java.text.Normalizer.normalize(mark + overlay, Form.NFD).startsWith(overlay);
  }

  /** The blocks that the original names, which leave newer ones out. */
  private static boolean isChinese(int c) {
    return c >= 0x3400
        && (c <= 0x4dbf
            || c >= 0x4e00 && c <= 0x9fff
            || c >= 0xf900 && c <= 0xfaff
            || c >= 0x20000 && c <= 0x2a6df
            || c >= 0x2a700 && c <= 0x2b73f
            || c >= 0x2b740 && c <= 0x2b81f
            || c >= 0x2b920 && c <= 0x2ceaf
            || c >= 0x2f800 && c <= 0x2fa1f);
  }
}

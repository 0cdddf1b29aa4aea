package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Puts tokens together to a text. */
sealed interface Decoder {
  /** The text of tokens, as the vocabulary writes them. */
  String decode(List<String> tokens);

  /** Tokens with spaces between them. */
  record Spaced() implements Decoder {
    @Override
    public String decode(List<String> tokens) {
      return String.join(" ", tokens);
    }
  }

  /** Tokens with nothing between them. */
  record Fuse() implements Decoder {
    @Override
    public String decode(List<String> tokens) {
      return String.join("", tokens);
    }
  }

  /** Tokens of bytes that are written as symbols. */
  record ByteLevel() implements Decoder {
    @Override
    public String decode(List<String> tokens) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      tokens.forEach(token -> ByteSymbols.addBytes(token, bytes));
      return bytes.toString(UTF_8);
    }
  }

  /**
   * Spaces between words, not between the tokens of a word.
   *
   * @param prefix of tokens that do not begin a word
   * @param cleanup whether spaces before punctuation and English contractions are left out
   */
  record WordPieces(String prefix, boolean cleanup) implements Decoder {
    @Override
    public String decode(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < tokens.size(); i++) {
        String token = tokens.get(i);
        if (i > 0) {
          token = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }
        text.append(cleanup ? cleaned(token) : token);
      }
      return text.toString();
    }

    private static String cleaned(String token) {
      return token
          .replace(" .", ".")
          .replace(" ?", "?")
          .replace(" !", "!")
          .replace(" ,", ",")
          .replace(" ' ", "'")
          .replace(" n't", "n't")
          .replace(" 'm", "'m")
          .replace(" do not", " don't")
          .replace(" 's", "'s")
          .replace(" 've", "'ve")
          .replace(" 're", "'re");
    }
  }

  /**
   * Spaces instead of sentencepiece's visible ones.
   *
   * @param prefix where there is one that was not in the text: those of the first token are left
   *     out
   */
  record Metaspace(char replacement, MetaspaceWords.Prefix prefix) implements Decoder {
    @Override
    public String decode(List<String> tokens) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < tokens.size(); i++) {
        for (char c : tokens.get(i).toCharArray()) {
          if (c != replacement) {
            text.append(c);
          } else if (i > 0 || prefix == MetaspaceWords.Prefix.NEVER) {
            text.append(' ');
          }
        }
      }
      return text.toString();
    }
  }
}

package org.lanewise.samples.gpt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.text.Tokenizer;

/**
 * A text as tokens: what to train on, and its last tenth, which training does not see.
 *
 * @param file where it is from
 * @param characters of the whole text
 * @param heldOutCharacters of its last tenth
 * @param checksum of the tokens
 */
record Corpus(
    Path file,
    Tokenizer tokenizer,
    int[] train,
    int[] heldOut,
    long characters,
    long heldOutCharacters,
    long checksum) {
  private static final int HELD_OUT = 10;

  /**
   * Reads a text. Byte pairs are made of what is trained on, characters are those of all of it.
   *
   * @param vocabulary the most byte pairs
   * @throws UserException if it is not there
   * @throws MalformedFileException if it is no text
   * @throws IOException if it cannot be read
   */
  static Corpus read(Path file, TokenizerName name, int vocabulary) throws IOException {
    String text = TextFile.read(file);
    int cut = text.length() - text.length() / HELD_OUT;
    if (cut < text.length() && Character.isLowSurrogate(text.charAt(cut))) {
      cut--;
    }
    String train = text.substring(0, cut);
    String heldOut = text.substring(cut);
    Tokenizer tokenizer = name.train(name == TokenizerName.BPE ? train : text, vocabulary);
    int[] tokens = tokenizer.tokenize(train).ids();
    int[] heldOutTokens = tokenizer.tokenize(heldOut).ids();
    CRC32 checksum = new CRC32();
    IntStream.concat(Arrays.stream(tokens), Arrays.stream(heldOutTokens))
        .forEach(token -> {
          checksum.update(token >> Byte.SIZE);
          checksum.update(token);
        });
    return new Corpus(
        file,
        tokenizer,
        tokens,
        heldOutTokens,
        text.codePointCount(0, text.length()),
        heldOut.codePointCount(0, heldOut.length()),
        checksum.getValue());
  }

  /**
   * Checks that there are texts as long as a model's context, to train on and to test with.
   *
   * @throws MalformedFileException if not
   */
  void requireMoreThan(int context) throws MalformedFileException {
    int fewest = Math.min(train.length, heldOut.length);
    if (fewest <= context) {
      throw new MalformedFileException(
          file,
          "the text is too short for a context of %d: a tenth of it has %d tokens"
              .formatted(context, fewest));
    }
  }

  /** How many tokens a character of the held-out text has. */
  double tokensPerCharacter() {
    return (double) heldOut.length / heldOutCharacters;
  }
}

package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.io.MalformedFileException;

/**
 * The sizes of an encoder of BERT's kind.
 *
 * @param family which parameters it has, and under which names
 * @param vocabulary number of tokens
 * @param width of a token's vector, a multiple of {@code heads}
 * @param layers of the encoder
 * @param heads of attention
 * @param feedForward width between the two linear layers of a block
 * @param positions rows of the table of positions
 * @param firstPosition row of a text's first token: 0, or in RoBERTa that behind the padding
 *     token's
 * @param types rows of the table of token types; 0 if there is none
 * @param epsilon of the layer norms
 * @param activation between the two linear layers of a block
 * @param dropout part of the elements that are dropped in training, in [0, 1)
 */
public record BertConfig(
    Family family,
    int vocabulary,
    int width,
    int layers,
    int heads,
    int feedForward,
    int positions,
    int firstPosition,
    int types,
    float epsilon,
    Activation activation,
    float dropout) {
  /** Encoders that differ in names, positions and token types. */
  public enum Family {
    /** Devlin et al., arXiv 1810.04805. */
    BERT,
    /** Liu et al., arXiv 1907.11692: positions are counted from another row. */
    ROBERTA,
    /** Sanh et al., arXiv 1910.01108: no token types and no pooler, and names of its own. */
    DISTILBERT
  }

  /**
   * A configuration.
   *
   * @throws IllegalArgumentException if a number is out of range; the message names it
   */
  public BertConfig {
    requireAtLeast("vocabulary", vocabulary, 1);
    requireAtLeast("width", width, 1);
    requireAtLeast("layers", layers, 1);
    requireAtLeast("heads", heads, 1);
    requireAtLeast("feedForward", feedForward, 1);
    requireAtLeast("firstPosition", firstPosition, 0);
    requireAtLeast("positions", positions, firstPosition + 1);
    requireAtLeast("types", types, family == Family.DISTILBERT ? 0 : 1);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "heads must divide the width but are %d of %d".formatted(heads, width));
    }
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon must be in [0, 1) but is " + epsilon);
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout must be in [0, 1) but is " + dropout);
    }
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d but is %d".formatted(name, least, value));
    }
  }

  /**
   * Reads the {@code config.json} of a published model.
   *
   * @throws MalformedFileException if it is of another architecture, or has a part that is not
   *     supported, which the message names
   * @throws IOException if it cannot be read
   */
  public static BertConfig read(Path file) throws IOException {
    return BertConfigJson.read(file);
  }

  /** The most tokens that a text may have. */
  public int maxLength() {
    return positions - firstPosition;
  }
}

package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.nn.io.MalformedFileException;

/**
 * The sizes of a decoder of GPT-2's kind.
 *
 * @param vocabulary number of tokens
 * @param context the most tokens that it sees at once
 * @param width of a token's vector, a multiple of {@code heads}
 * @param heads of attention
 * @param layers of the decoder
 * @param epsilon of the layer norms
 * @param dropout part of the elements that are dropped in training, in [0, 1)
 */
public record GptConfig(
    int vocabulary, int context, int width, int heads, int layers, float epsilon, float dropout) {
  private static final float EPSILON = 1e-5f;

  /**
   * A configuration.
   *
   * @throws IllegalArgumentException if a number is out of range; the message names it
   */
  public GptConfig {
    Ranges.atLeast("vocabulary", 1, vocabulary);
    Ranges.atLeast("context", 1, context);
    Ranges.atLeast("width", 1, width);
    Ranges.atLeast("heads", 1, heads);
    Ranges.atLeast("layers", 1, layers);
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

  /**
   * A configuration with GPT-2's ε, 1e-5, and no dropout.
   *
   * @throws IllegalArgumentException if a number is out of range; the message names it
   */
  public static GptConfig of(int vocabulary, int context, int width, int heads, int layers) {
    return new GptConfig(vocabulary, context, width, heads, layers, EPSILON, 0);
  }

  /**
   * The same sizes with another dropout.
   *
   * @throws IllegalArgumentException if it is not in [0, 1)
   */
  public GptConfig dropout(float p) {
    return new GptConfig(vocabulary, context, width, heads, layers, epsilon, p);
  }

  /**
   * Reads the {@code config.json} of a published model.
   *
   * @throws MalformedFileException if it is of another architecture, or has a part that is not
   *     supported, which the message names
   * @throws IOException if it cannot be read
   */
  public static GptConfig read(Path file) throws IOException {
    return GptConfigJson.read(file);
  }

  /**
   * Writes a {@code config.json} that the Hugging Face library reads too, whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    GptConfigJson.write(this, file);
  }
}

package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.weights.MismatchedWeightsException;

/**
 * An encoder, and how the vectors of a sentence's tokens become one of the sentence.
 *
 * @param encoder with its tokenizer
 * @param pooling of the tokens' vectors
 * @param isNormalized whether vectors are divided by their lengths
 * @param maxLength most tokens of a sentence, special ones included, at most {@link
 *     BertConfig#maxLength}; what a sentence has beyond is cut off
 * @param isLowercase whether sentences become lower case before they are cut into tokens
 */
public record SentenceModel(
    PretrainedEncoder encoder,
    Pooling pooling,
    boolean isNormalized,
    int maxLength,
    boolean isLowercase) {
  /**
   * A model.
   *
   * @throws IllegalArgumentException if {@code maxLength} is out of range
   */
  public SentenceModel {
    int most = encoder.model().config().maxLength();
    if (maxLength < 1 || maxLength > most) {
      throw new IllegalArgumentException(
          "maxLength must be in 1..%d but is %d".formatted(most, maxLength));
    }
  }

  /** An encoder that is used as it is: the mean over the tokens, divided by its length. */
  public static SentenceModel of(PretrainedEncoder encoder) {
    int maxLength = encoder.model().config().maxLength();
    return new SentenceModel(encoder, Pooling.MEAN, true, maxLength, false);
  }

  /**
   * Opens a folder as the sentence-transformers library writes it: {@code modules.json} names the
   * encoder's folder, the pooling and the normalization. A folder without that file is an encoder's
   * own, as {@link PretrainedEncoder#open} takes it, used as {@link #of} says.
   *
   * @throws MalformedFileException if a file is damaged, or says what is not supported: a module of
   *     another kind, or another pooling than one of {@link Pooling}
   * @throws MismatchedWeightsException if tensors are missing, or there are others
   * @throws NoSuchFileException if the folder lacks a file
   * @throws IOException if a file cannot be read
   */
  public static SentenceModel open(Path folder) throws IOException {
    Path modules = EncoderFolder.of(folder).path().resolve("modules.json");
    return Files.exists(modules)
        ? SentenceModules.read(modules).open()
        : of(PretrainedEncoder.open(folder));
  }

  /** This model with another pooling than its folder says. */
  public SentenceModel withPooling(Pooling other) {
    return new SentenceModel(encoder, other, isNormalized, maxLength, isLowercase);
  }
}

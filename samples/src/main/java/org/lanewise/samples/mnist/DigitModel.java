package org.lanewise.samples.mnist;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.samples.idx.Augmentation;
import org.lanewise.samples.idx.LabelledPictures;
import org.lanewise.samples.training.OptimizerName;
import org.lanewise.samples.training.Recipe;

/** The classifiers of digits that the command line offers. */
enum DigitModel {
  /** The perceptron 784-512-256-10. */
  MLP(
      DigitClassifier::new,
      "784-512-256-10, ReLU",
      new Recipe(5, 128, OptimizerName.ADAM, 1e-3, 0)),

  /** The usual convolutional network, of 1.2 million parameters. */
  CNN(
      ConvolutionalClassifier::new,
      "conv 32, conv 64, pool 2, 9216-128-10, ReLU",
      new Recipe(3, 64, OptimizerName.ADAM, 1e-3, 0)),

  /** A convolutional network of 26,090 parameters. */
  SMALL_CNN(
      SmallConvolutionalClassifier::new,
      "(conv, ReLU, pool 2, batch norm) × 3 with 16, 32, 64 filters, 256-10; pictures moved by up"
          + " to 2 pixels",
      new Recipe(15, 64, OptimizerName.ADAMW, 2e-3, 0.05));

  /** What a model's file calls its kind; a file that says nothing has a perceptron. */
  private static final String KIND = "lanewise.model";

  private static final Augmentation SHIFT = new Augmentation(2, false);

  private final Supplier<Layer> constructor;
  private final String description;
  private final Recipe recipe;

  DigitModel(Supplier<Layer> constructor, String description, Recipe recipe) {
    this.constructor = constructor;
    this.description = description;
    this.recipe = recipe;
  }

  /** The model, a record. */
  Layer create() {
    return constructor.get();
  }

  /** The model in a few words. */
  String description() {
    return description;
  }

  /** How it is trained. */
  Recipe recipe() {
    return recipe;
  }

  /** The pictures to train on as inputs {@code x}, the digits as {@code label}. */
  Dataset training(Digits digits) {
    return this == SMALL_CNN ? testing(digits).map(SHIFT) : testing(digits);
  }

  /** The pictures to test with, likewise. */
  Dataset testing(Digits digits) {
    return this == MLP
        ? MemoryDataset.of("x", digits.ink())
            .and("label", HostTensor.of(digits.labels(), digits.size()))
        : digits.pictures().dataset();
  }

  /** The pictures as an input. */
  HostTensor input(Digits digits) {
    return this == MLP ? digits.ink() : digits.pictures().pixels();
  }

  /** A picture as an input: 784 pixels, 0 the paper and 1 full ink. */
  HostTensor input(float[] picture) {
    return this == MLP
        ? HostTensor.of(picture, 1, Digits.PIXELS)
        : LabelledPictures.pixels(picture);
  }

  /** What the model's file says of its kind. */
  Map<String, String> metadata() {
    return this == MLP ? Map.of() : Map.of(KIND, toString());
  }

  /**
   * The kind of the model in a file.
   *
   * @throws MalformedFileException if it is another one than these
   * @throws IOException if the file cannot be read
   */
  static DigitModel of(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      String kind = SafeTensors.read(file, arena).metadata().getOrDefault(KIND, MLP.toString());
      return Stream.of(values())
          .filter(model -> model.toString().equals(kind))
          .findFirst()
          .orElseThrow(() ->
              new MalformedFileException(
                  file,
                  "the model is '%s', %s expected"
                      .formatted(
                          kind,
                          Arrays.stream(values())
                              .map(DigitModel::toString)
                              .collect(Collectors.joining(", ")))));
    }
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

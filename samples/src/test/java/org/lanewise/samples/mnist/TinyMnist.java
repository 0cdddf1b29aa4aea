package org.lanewise.samples.mnist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.lanewise.samples.idx.IdxWriter;

/** A database in MNIST's form that is learnt in no time: each class inks other rows. */
public final class TinyMnist {
  static final int TRAIN = 640;
  static final int TEST = 200;

  private TinyMnist() {}

  public static void write(Path folder) throws IOException {
    writePart(folder, "train", TRAIN, 1);
    writePart(folder, "t10k", TEST, 2);
  }

  private static void writePart(Path folder, String part, int size, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] pixels = new byte[size * Digits.PIXELS];
    byte[] labels = new byte[size];
    random.nextBytes(pixels);
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) random.nextInt(Digits.CLASSES);
      int from = i * Digits.PIXELS + 2 * labels[i] * Digits.SIDE;
      Arrays.fill(pixels, from, from + 2 * Digits.SIDE, (byte) 255);
    }
    IdxWriter.write(folder, part, pixels, labels);
  }
}

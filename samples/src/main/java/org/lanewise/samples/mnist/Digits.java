package org.lanewise.samples.mnist;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.lanewise.cli.UserException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.MalformedFileException;

/**
 * Pictures of digits as MNIST has them: 28 × 28 pixels, row-major, 0 the paper and 1 full ink, each
 * with the digit that it shows.
 */
final class Digits {
  /** Pixels in a row and in a column. */
  static final int SIDE = 28;

  /** Pixels in a picture. */
  static final int PIXELS = SIDE * SIDE;

  /** Digits that a picture may show. */
  static final int CLASSES = 10;

  /** Four times those of MNIST; they take 1 GB while they are read. */
  private static final int MAX_PICTURES = 1 << 18;

  private final MemorySegment pixels;
  private final int[] labels;

  private Digits(MemorySegment pixels, int[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The pictures to train on, from a folder that holds the MNIST database. */
  static Digits train(Path folder) throws IOException {
    return read(folder, "train");
  }

  /** The pictures to test with. */
  static Digits test(Path folder) throws IOException {
    return read(folder, "t10k");
  }

  private static Digits read(Path folder, String part) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new UserException(folder + ": no such directory; the MNIST files were expected there");
    }
    Path imageFile = find(folder, part + "-images-idx3-ubyte");
    Path labelFile = find(folder, part + "-labels-idx1-ubyte");
    IdxFile images = IdxFile.read(imageFile, MAX_PICTURES * PIXELS);
    IdxFile labels = IdxFile.read(labelFile, MAX_PICTURES);
    requireShape(imageFile, images.dimensions(), SIDE, SIDE);
    requireShape(labelFile, labels.dimensions());
    int size = images.dimensions()[0];
    if (labels.dimensions()[0] != size) {
      throw new MalformedFileException(
          labelFile,
          "%d labels, but %s has %d images".formatted(labels.dimensions()[0], imageFile, size));
    }
    return new Digits(ink(images.elements()), labels(labelFile, labels.elements()));
  }

  private static Path find(Path folder, String name) {
    Path plain = folder.resolve(name);
    Path compressed = folder.resolve(name + ".gz");
    if (!Files.exists(compressed) && !Files.exists(plain)) {
      throw new UserException("%s: neither it nor %s exists".formatted(compressed, name));
    }
    return Files.exists(compressed) ? compressed : plain;
  }

  private static void requireShape(Path file, int[] dimensions, int... each)
      throws MalformedFileException {
    int[] found = Arrays.copyOfRange(dimensions, 1, dimensions.length);
    if (!Arrays.equals(found, each)) {
      throw new MalformedFileException(
          file,
          "each item has the shape %s, %s expected"
              .formatted(Arrays.toString(found), Arrays.toString(each)));
    }
  }

  private static MemorySegment ink(byte[] bytes) {
    MemorySegment ink = Arena.ofAuto().allocate(JAVA_FLOAT, bytes.length);
    for (int from = 0; from < bytes.length; from += PIXELS) {
      fillPicture(bytes, from, ink);
    }
    return ink;
  }

  /** One picture at a time, so that the JIT compiles this before the first few are done. */
  private static void fillPicture(byte[] bytes, int from, MemorySegment ink) {
    for (int i = from; i < from + PIXELS; i++) {
      ink.setAtIndex(JAVA_FLOAT, i, (bytes[i] & 0xff) / 255f);
    }
  }

  private static int[] labels(Path file, byte[] bytes) throws MalformedFileException {
    int[] labels = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      labels[i] = bytes[i] & 0xff;
      if (labels[i] >= CLASSES) {
        throw new MalformedFileException(
            file, "label %d is %d, 0 to %d expected".formatted(i, labels[i], CLASSES - 1));
      }
    }
    return labels;
  }

  /** Number of pictures. */
  int size() {
    return labels.length;
  }

  /** The digit of each picture. */
  int[] labels() {
    return labels.clone();
  }

  /** The pixels of a picture. */
  float[] picture(int index) {
    return pixels
        .asSlice((long) index * PIXELS * Float.BYTES, (long) PIXELS * Float.BYTES)
        .toArray(JAVA_FLOAT);
  }

  /** The pixels of all pictures, one after the other. */
  float[] pictures() {
    return pixels.toArray(JAVA_FLOAT);
  }

  /** The pictures as inputs {@code x} of shape [784], the digits as {@code label}. */
  Dataset dataset() {
    return MemoryDataset.of("x", new HostTensor(TensorType.f32(size(), PIXELS), pixels))
        .and("label", HostTensor.of(labels, size()));
  }
}

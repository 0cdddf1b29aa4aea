package org.lanewise.samples.idx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.lanewise.cli.UserException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.MalformedFileException;

/** Gray pictures of 28 × 28 bytes, row-major, 0 the background, each with the class it is of. */
public final class LabelledPictures {
  /** Pixels in a row and in a column. */
  public static final int SIDE = 28;

  /** Pixels in a picture. */
  public static final int PIXELS = SIDE * SIDE;

  /** Four times those of MNIST; they take 1 GB as floats. */
  private static final int MAX_PICTURES = 1 << 18;

  private static final float WHITE = 255f;

  private final byte[] pixels;
  private final byte[] labels;

  private LabelledPictures(byte[] pixels, byte[] labels) {
    this.pixels = pixels;
    this.labels = labels;
  }

  /**
   * A database.
   *
   * @param name what it is called
   * @param classes that a picture may be of
   * @param hint where a user gets files that are missing; may be empty
   */
  public record Source(String name, int classes, String hint) {
    /** The pictures to train on, from the folder that holds the database. */
    public LabelledPictures train(Path folder) throws IOException {
      return read(this, folder, "train");
    }

    /** The pictures to test with. */
    public LabelledPictures test(Path folder) throws IOException {
      return read(this, folder, "t10k");
    }

    private UserException missing(String what) {
      return new UserException(hint.isEmpty() ? what : what + "; " + hint);
    }
  }

  private static LabelledPictures read(Source source, Path folder, String part) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw source.missing(
          "%s: no such directory; the %s files were expected there".formatted(folder, source.name));
    }
    Path imageFile = find(source, folder, part + "-images-idx3-ubyte");
    Path labelFile = find(source, folder, part + "-labels-idx1-ubyte");
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
    requireClasses(labelFile, labels.elements(), source.classes);
    return new LabelledPictures(images.elements(), labels.elements());
  }

  private static Path find(Source source, Path folder, String name) {
    Path plain = folder.resolve(name);
    Path compressed = folder.resolve(name + ".gz");
    if (!Files.exists(compressed) && !Files.exists(plain)) {
      throw source.missing("%s: neither it nor %s exists".formatted(compressed, name));
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

  private static void requireClasses(Path file, byte[] labels, int classes)
      throws MalformedFileException {
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label >= classes) {
        throw new MalformedFileException(
            file, "label %d is %d, 0 to %d expected".formatted(i, label, classes - 1));
      }
    }
  }

  /** Number of pictures. */
  public int size() {
    return labels.length;
  }

  /** The class of each picture. */
  public int[] labels() {
    int[] copy = new int[labels.length];
    Arrays.setAll(copy, i -> labels[i]);
    return copy;
  }

  /** The pixels of a picture, from 0 to 1. */
  public float[] picture(int index) {
    float[] picture = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      picture[i] = (pixels[index * PIXELS + i] & 0xff) / WHITE;
    }
    return picture;
  }

  /** The pixels of all pictures, u8 [pictures, 1, 28, 28]. */
  public HostTensor pixels() {
    return HostTensor.of(pixels, size(), 1, SIDE, SIDE);
  }

  /** One picture, whose pixels are from 0 to 1, as {@link #pixels} has them: u8 [1, 1, 28, 28]. */
  public static HostTensor pixels(float[] picture) {
    byte[] bytes = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      bytes[i] = (byte) Math.round(WHITE * picture[i]);
    }
    return HostTensor.of(bytes, 1, 1, SIDE, SIDE);
  }

  /** The pictures as bytes {@code x} of shape [1, 28, 28], the classes as {@code label}. */
  public Dataset dataset() {
    return MemoryDataset.of("x", pixels()).and("label", HostTensor.of(labels, size()));
  }
}

package org.lanewise.samples.mnist;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.samples.idx.LabelledPictures;

/**
 * Pictures of digits as MNIST has them: 28 × 28 pixels, row-major, 0 the paper and 1 full ink, each
 * with the digit that it shows.
 *
 * @param pictures as bytes, 255 full ink
 */
record Digits(LabelledPictures pictures) {
  /** Pixels in a row and in a column. */
  static final int SIDE = LabelledPictures.SIDE;

  /** Pixels in a picture. */
  static final int PIXELS = LabelledPictures.PIXELS;

  /** Digits that a picture may show. */
  static final int CLASSES = 10;

  private static final LabelledPictures.Source MNIST =
      new LabelledPictures.Source("MNIST", CLASSES, "");

  /** The pictures to train on, from a folder that holds the MNIST database. */
  static Digits train(Path folder) throws IOException {
    return new Digits(MNIST.train(folder));
  }

  /** The pictures to test with. */
  static Digits test(Path folder) throws IOException {
    return new Digits(MNIST.test(folder));
  }

  /** Number of pictures. */
  int size() {
    return pictures.size();
  }

  /** The digit of each picture. */
  int[] labels() {
    return pictures.labels();
  }

  /** The pixels of a picture. */
  float[] picture(int index) {
    return pictures.picture(index);
  }

  /** The pixels of all pictures, f32 [pictures, 784]. */
  HostTensor ink() {
    MemorySegment ink = Arena.ofAuto().allocate(JAVA_FLOAT, (long) size() * PIXELS);
    for (int i = 0; i < size(); i++) {
      MemorySegment.copy(picture(i), 0, ink, JAVA_FLOAT, (long) i * PIXELS * Float.BYTES, PIXELS);
    }
    return new HostTensor(TensorType.f32(size(), PIXELS), ink);
  }
}

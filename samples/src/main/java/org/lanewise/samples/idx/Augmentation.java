package org.lanewise.samples.idx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.lanewise.nn.data.Sample;

/**
 * Changes pictures {@code x} of 28 × 28 bytes as they are read for training: moves each by whole
 * pixels, and mirrors half of them if that makes sense of what they show.
 *
 * @param distance the most pixels by which a picture is moved along each axis
 * @param mirrors whether left and right are exchanged in half of them
 */
public record Augmentation(int distance, boolean mirrors)
    implements BiConsumer<Sample, RandomGenerator> {
  private static final int SIDE = LabelledPictures.SIDE;
  private static final String PIXELS = "x";

  @Override
  public void accept(Sample sample, RandomGenerator random) {
    int right = random.nextInt(2 * distance + 1) - distance;
    int down = random.nextInt(2 * distance + 1) - distance;
    boolean mirrored = mirrors && random.nextBoolean();
    MemorySegment picture =
        sample.segment(PIXELS).asSlice(sample.offset(PIXELS), sample.byteSize(PIXELS));
    byte[] changed = change(picture.toArray(JAVA_BYTE), right, down, mirrored);
    MemorySegment.copy(changed, 0, picture, JAVA_BYTE, 0, changed.length);
  }

  /** A picture that is mirrored or not and then moved; what comes in is background. */
  static byte[] change(byte[] picture, int right, int down, boolean mirrored) {
    byte[] changed = new byte[picture.length];
    for (int y = Math.max(0, down); y < Math.min(SIDE, SIDE + down); y++) {
      for (int x = Math.max(0, right); x < Math.min(SIDE, SIDE + right); x++) {
        int from = mirrored ? SIDE - 1 - (x - right) : x - right;
        changed[y * SIDE + x] = picture[(y - down) * SIDE + from];
      }
    }
    return changed;
  }
}

package org.lanewise.samples.idx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Epoch;
import org.lanewise.nn.data.MemoryDataset;

class AugmentationTest {
  private static final int SIDE = LabelledPictures.SIDE;
  private static final int PICTURES = 40;

  /** A picture whose only pixel is at (5, 3). */
  private static byte[] dot() {
    byte[] picture = new byte[LabelledPictures.PIXELS];
    picture[3 * SIDE + 5] = 7;
    return picture;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false, 5, 3",
    "2, 1, false, 7, 4",
    "-5, -3, false, 0, 0",
    "0, 0, true, 22, 3",
    "1, -2, true, 23, 1",
    "-6, 0, false, -1, -1",
    "0, 25, false, -1, -1",
    "6, 0, true, -1, -1"
  })
  void movesAndMirrors(int right, int down, boolean mirrored, int x, int y) {
    byte[] expected = new byte[LabelledPictures.PIXELS];
    if (x >= 0) {
      expected[y * SIDE + x] = 7;
    }
    assertThat(Augmentation.change(dot(), right, down, mirrored)).isEqualTo(expected);
  }

  @Test
  void dependsOnSeedEpochAndIndexAlone() {
    List<byte[]> first = pictures(1, 1, 7);
    assertThat(pictures(1, 1, 40)).containsExactlyElementsOf(first);
    assertThat(same(first, pictures(1, 2, 7))).isLessThan(PICTURES / 4);
    assertThat(same(first, pictures(2, 1, 7))).isLessThan(PICTURES / 4);
    Set<String> different = new HashSet<>();
    first.forEach(picture -> different.add(Arrays.toString(picture)));
    assertThat(different.size()).isGreaterThan(PICTURES / 3);
  }

  private static long same(List<byte[]> a, List<byte[]> b) {
    long same = 0;
    for (int i = 0; i < a.size(); i++) {
      same += Arrays.equals(a.get(i), b.get(i)) ? 1 : 0;
    }
    return same;
  }

  private static List<byte[]> pictures(long seed, int epoch, int batch) {
    byte[] all = new byte[PICTURES * LabelledPictures.PIXELS];
    for (int i = 0; i < PICTURES; i++) {
      System.arraycopy(dot(), 0, all, i * LabelledPictures.PIXELS, LabelledPictures.PIXELS);
    }
    Batches batches =
        Batches.of(
                MemoryDataset.of("x", HostTensor.of(all, PICTURES, 1, SIDE, SIDE))
                    .map(new Augmentation(2, true)))
            .size(batch);
    List<byte[]> pictures = new ArrayList<>();
    try (Epoch read = batches.epoch(seed, epoch, 0)) {
      for (Batch next = read.next(); next != null; next = read.next()) {
        byte[] bytes = next.tensor("x").data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        for (int i = 0; i < next.size(); i++) {
          pictures.add(
              Arrays.copyOfRange(
                  bytes, i * LabelledPictures.PIXELS, (i + 1) * LabelledPictures.PIXELS));
        }
      }
    }
    return pictures;
  }
}

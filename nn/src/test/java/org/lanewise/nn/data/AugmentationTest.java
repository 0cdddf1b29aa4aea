package org.lanewise.nn.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lanewise.nn.HostTensor;

/** Samples that are changed at random after they are read. */
class AugmentationTest {
  private static final int SIZE = 23;

  private static final Dataset NUMBERS =
      MemoryDataset.of("number", HostTensor.of(IntStream.range(0, SIZE).toArray(), SIZE))
          .and("x", HostTensor.of(new float[SIZE], SIZE));

  private static final Dataset AUGMENTED =
      NUMBERS.map(
          (sample, random) -> sample.set("x", 0, sample.getFloat("x", 0) + random.nextFloat()));

  /** What became of x, by number. */
  private static TreeMap<Integer, Float> read(Batches batches, long seed, int epoch, long from) {
    TreeMap<Integer, Float> all = new TreeMap<>();
    try (Epoch reader = batches.epoch(seed, epoch, from)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        int[] numbers = batch.tensor("number").toInts();
        float[] x = batch.tensor("x").toFloats();
        for (int i = 0; i < numbers.length; i++) {
          all.put(numbers[i], x[i]);
        }
      }
    }
    return all;
  }

  @Test
  void isAFunctionOfSeedEpochAndIndex() {
    Batches batches = Batches.of(AUGMENTED).size(5);
    TreeMap<Integer, Float> drawn = read(batches, 1, 1, 0);
    assertThat(drawn.values()).doesNotHaveDuplicates().allMatch(x -> x > 0 && x < 1);
    assertThat(read(batches.size(7).shuffle().prefetch(2), 1, 1, 0)).isEqualTo(drawn);
    assertThat(read(batches, 1, 1, 10)).isEqualTo(drawn.tailMap(10));
    assertThat(read(batches, 1, 2, 0).values()).doesNotContainAnyElementsOf(drawn.values());
    assertThat(read(batches, 2, 1, 0).values()).doesNotContainAnyElementsOf(drawn.values());
  }

  @Test
  void aSecondOneDrawsOtherNumbers() {
    Dataset once = NUMBERS.map((sample, random) -> sample.set("x", 0, random.nextFloat()));
    Dataset twice = once.map((sample, random) -> sample.set("x", 0, random.nextFloat()));
    TreeMap<Integer, Float> first = read(Batches.of(once), 1, 1, 0);
    assertThat(read(Batches.of(twice), 1, 1, 0).values())
        .doesNotContainAnyElementsOf(first.values());
  }

  @Test
  void isOfWhatIsSeenAndNotOfTheData() {
    read(Batches.of(AUGMENTED), 1, 1, 0);
    assertThat(read(Batches.of(NUMBERS), 1, 1, 0).values()).containsOnly(0f);
  }
}

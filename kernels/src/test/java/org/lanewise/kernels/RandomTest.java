package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;

/** Philox against its published answers, and the distributions made from it. */
class RandomTest {
  /** Known answers of the Random123 library for philox4x32-10. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0000000000000000, 0000000000000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
    "ffffffffffffffff, ffffffffffffffff, ffffffffffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
    "299f31d0a4093822, 85a308d3243f6a88, 0370734413198a2e, d16cfe09 94fdcceb 5001e420 24126ea1"
  })
  void philoxGivesThePublishedAnswers(String key, String low, String high, String words) {
    String[] expected = words.split(" ");
    for (int word = 0; word < 4; word++) {
      int actual =
          ScalarPhiloxKernels.word(
              Long.parseUnsignedLong(key, 16),
              Long.parseUnsignedLong(low, 16),
              Long.parseUnsignedLong(high, 16),
              word);
      assertThat(Integer.toHexString(actual)).isEqualTo(expected[word]);
    }
  }

  @Test
  void uniformNumbersFillTheirRangeEvenly() {
    int size = 1 << 20;
    int bins = 64;
    int[] counts = new int[bins];
    try (Arena arena = Arena.ofConfined()) {
      TestTensor out = TestTensor.zeros(arena, size);
      Random.uniform(1, 2, -3f, 5f, size, out.segment());
      for (int i = 0; i < size; i++) {
        counts[(int) Math.floor((out.get(i) + 3) / 8 * bins)]++;
      }
    }
    double expected = (double) size / bins;
    double chiSquared =
        Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    // 63 degrees of freedom: mean 63, deviation 11.2.
    assertThat(chiSquared).isBetween(63 - 4 * 11.2, 63 + 4 * 11.2);
  }

  @Test
  void normalNumbersHaveTheMomentsOfTheirDistribution() {
    int size = 1 << 20;
    double[] sums = new double[5];
    double products = 0;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor out = TestTensor.zeros(arena, size);
      Random.normal(1, 2, 3f, 2f, size, out.segment());
      for (int i = 0; i < size; i++) {
        double z = (out.get(i) - 3) / 2;
        for (int power = 0; power <= 4; power++) {
          sums[power] += Math.pow(z, power) / size;
        }
        products += i % 2 == 0 ? z * ((out.get(i + 1) - 3) / 2) / (size / 2) : 0;
      }
    }
    assertThat(sums[1]).isCloseTo(0, within(0.005));
    assertThat(sums[2]).isCloseTo(1, within(0.01));
    assertThat(sums[3]).isCloseTo(0, within(0.02));
    assertThat(sums[4]).isCloseTo(3, within(0.05));
    assertThat(products).as("correlation within a pair").isCloseTo(0, within(0.006));
  }

  @Test
  void normalNumbersAreThoseOfBoxAndMuller() {
    int size = 10_001;
    try (Arena arena = Arena.ofConfined()) {
      TestTensor out = TestTensor.zeros(arena, size);
      Random.normal(11, 12, 0f, 1f, size, out.segment());
      for (int i = 0; i < size; i++) {
        double u = ((ScalarPhiloxKernels.word(11, 12, i & ~1) >>> 8) + 1) * 0x1p-24;
        double angle = StrictMath.PI * 0x1p-31 * ScalarPhiloxKernels.word(11, 12, i | 1);
        double z =
            StrictMath.sqrt(-2 * StrictMath.log(u))
                * (i % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
        assertThat((double) out.get(i)).isCloseTo(z, within(1e-6));
      }
    }
  }

  @Test
  void aLongerTensorBeginsWithAShorterOne() {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor shorter = TestTensor.zeros(arena, 77);
      TestTensor longer = TestTensor.zeros(arena, 100_000);
      Random.uniform(5, 6, 0f, 1f, 77, shorter.segment());
      Random.uniform(5, 6, 0f, 1f, 100_000, longer.segment());
      assertThat(Arrays.copyOf(longer.floats(), 77)).isEqualTo(shorter.floats());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1, 3", "1, 2, 2, 2", "1, 2, 4294967297, 2", "1, 2, 1, 4294967298"})
  void otherSeedsAndStreamsGiveOtherNumbers(long seed, long stream, long seed2, long stream2) {
    try (Arena arena = Arena.ofConfined()) {
      TestTensor one = TestTensor.zeros(arena, 64);
      TestTensor other = TestTensor.zeros(arena, 64);
      Random.uniform(seed, stream, 0f, 1f, 64, one.segment());
      Random.uniform(seed2, stream2, 0f, 1f, 64, other.segment());
      for (int i = 0; i < 64; i++) {
        assertThat(one.get(i)).isNotEqualTo(other.get(i));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 1000, 60_000})
  void shuffleKeepsEveryItem(int size) {
    int[] items = IntStream.range(0, size).toArray();
    int[] again = items.clone();
    Permutations.shuffle(3, 4, items);
    Permutations.shuffle(3, 4, again);
    assertThat(again).isEqualTo(items);
    if (size >= 1000) {
      assertThat(items).isNotEqualTo(IntStream.range(0, size).toArray());
    }
    Arrays.sort(items);
    assertThat(items).isEqualTo(IntStream.range(0, size).toArray());
  }

  @Test
  void shuffleGivesEveryPermutationAsOften() {
    int trials = 24_000;
    Map<String, Integer> counts = new HashMap<>();
    for (int trial = 0; trial < trials; trial++) {
      int[] items = {0, 1, 2, 3};
      Permutations.shuffle(9, trial, items);
      counts.merge(Arrays.toString(items), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    double chiSquared =
        counts.values().stream().mapToDouble(c -> (c - 1000.0) * (c - 1000.0) / 1000).sum();
    // 23 degrees of freedom: mean 23, deviation 6.8.
    assertThat(chiSquared).isBetween(23 - 3 * 6.8, 23 + 4 * 6.8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 17, 1000, 1 << 16, 60_000})
  void aPermutationByIndexHasEveryNumberOnce(long size) {
    long[] items = LongStream.range(0, size).map(i -> Permutations.at(3, 4, size, i)).toArray();
    long[] sorted = items.clone();
    Arrays.sort(sorted);
    assertThat(sorted).isEqualTo(LongStream.range(0, size).toArray());
    if (size >= 1000) {
      assertThat(items).isNotEqualTo(sorted);
      long[] other = LongStream.range(0, size).map(i -> Permutations.at(3, 5, size, i)).toArray();
      assertThat(other).isNotEqualTo(items);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 30) + 1, 1L << 40, Long.MAX_VALUE})
  void aPermutationByIndexOfAnySizeIsEvenlySpread(long size) {
    int cells = 16;
    int[] counts = new int[cells * cells]; // of pairs of neighbours
    int pairs = 1 << 16;
    long last = Permutations.at(1, 2, size, 0);
    for (int i = 1; i <= pairs; i++) {
      long next = Permutations.at(1, 2, size, i);
      counts[cell(last, size, cells) * cells + cell(next, size, cells)]++;
      last = next;
    }
    double expected = (double) pairs / counts.length;
    double chiSquared =
        Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    // 255 degrees of freedom: mean 255, deviation 22.6.
    assertThat(chiSquared).isBetween(255 - 4 * 22.6, 255 + 4 * 22.6);
  }

  private static int cell(long number, long size, int cells) {
    assertThat(number).isBetween(0L, size - 1);
    return (int) ((double) number / size * cells);
  }

  @Test
  void aPermutationByIndexRefusesWhatIsNotInIt() {
    assertThatThrownBy(() -> Permutations.at(1, 2, 0, 0)).hasMessageContaining("but is 0");
    assertThatThrownBy(() -> Permutations.at(1, 2, 5, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aStreamGivesItsNumbersOneAfterTheOther() {
    RandomStream stream = new RandomStream(5, 6);
    try (Arena arena = Arena.ofConfined()) {
      TestTensor out = TestTensor.zeros(arena, 3);
      Random.uniform(5, 6, 0f, 1f, 3, out.segment());
      for (float expected : out.floats()) {
        assertThat(stream.nextFloat()).isEqualTo(expected);
      }
    }
    long words =
        (long) ScalarPhiloxKernels.word(5, 6, 3) << 32
            | Integer.toUnsignedLong(ScalarPhiloxKernels.word(5, 6, 4));
    assertThat(stream.nextLong()).isEqualTo(words);
    assertThat(stream.nextInt()).isEqualTo(ScalarPhiloxKernels.word(5, 6, 5));
  }

  @Test
  void aSubstreamDependsOnItsNumberAlone() {
    RandomStream stream = new RandomStream(5, 6);
    long first = stream.substream(1).nextLong();
    stream.nextInt();
    assertThat(stream.substream(1).nextLong()).isEqualTo(first);
    assertThat(stream.substream(2).nextLong()).isNotEqualTo(first);
    assertThat(new RandomStream(5, 7).substream(1).nextLong()).isNotEqualTo(first);
  }
}

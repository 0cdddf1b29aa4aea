package org.lanewise.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

/** Samples of different lengths. */
class LengthsTest {
  private static final int SIZE = 1003;
  private static final int LONGEST = 61;

  /** Sentences of 1 to 61 words, each of which is its sentence's number, counted from 1. */
  private static MemoryDataset sentences() {
    SplittableRandom random = new SplittableRandom(1);
    List<HostTensor> ids = new ArrayList<>();
    for (int i = 0; i < SIZE; i++) {
      int[] words = new int[1 + random.nextInt(LONGEST)];
      Arrays.fill(words, i + 1);
      ids.add(HostTensor.of(words, words.length));
    }
    int[] labels = IntStream.rangeClosed(1, SIZE).toArray();
    return MemoryDataset.of("ids", ids).and("label", HostTensor.of(labels, SIZE));
  }

  private static Batches batches() {
    return Batches.of(sentences()).size(10).lengthMultiple(4).shuffle().bucketByLength("ids");
  }

  private static List<HostTensor> read(Batches batches, long seed, int epoch, long from) {
    List<HostTensor> all = new ArrayList<>();
    try (Epoch reader = batches.epoch(seed, epoch, from)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        HostTensor ids = batch.tensor("ids");
        assertThat(batch.signature().types().get("ids")).isEqualTo(ids.type());
        all.add(HostTensor.of(ids.toInts(), ids.type().shape().dimension(0), length(ids)));
      }
    }
    return all;
  }

  private static long length(HostTensor ids) {
    return ids.type().shape().dimension(1);
  }

  /** The first word of each sentence. */
  private static List<Integer> numbers(List<HostTensor> batches) {
    List<Integer> numbers = new ArrayList<>();
    for (HostTensor ids : batches) {
      int[] words = ids.toInts();
      for (int i = 0; i < words.length; i += (int) length(ids)) {
        numbers.add(words[i]);
      }
    }
    return numbers;
  }

  @Test
  void areThoseOfTheLongestOfTheBatchRoundedUp() {
    MemoryDataset data =
        MemoryDataset.of(
            "ids",
            List.of(
                HostTensor.of(new int[] {1, 2, 3}, 3),
                HostTensor.of(new int[] {4}, 1),
                HostTensor.of(new int[0], 0),
                HostTensor.of(new int[] {5, 6, 7, 8, 9}, 5)));
    assertThat(data.signature()).isEqualTo(Signature.of("ids", TensorType.i32(5)));
    Batches batches = Batches.of(data).size(2).lengthMultiple(2).padding("ids", -7);
    assertThat(batches.signature()).isEqualTo(Signature.of("ids", TensorType.i32(2, 5)));
    List<HostTensor> read = read(batches, 1, 1, 0);
    assertThat(read.get(0).toInts()).containsExactly(1, 2, 3, -7, 4, -7, -7, -7);
    assertThat(read.get(1).type()).as("6 would be too long").isEqualTo(TensorType.i32(2, 5));
    assertThat(read.get(1).toInts()).containsExactly(-7, -7, -7, -7, -7, 5, 6, 7, 8, 9);
  }

  @Test
  void canBeThoseOfRows() {
    MemoryDataset data =
        MemoryDataset.of(
                "x",
                List.of(
                    HostTensor.of(new float[] {1, 2, 3, 4}, 2, 2),
                    HostTensor.of(new float[] {5, 6}, 1, 2)))
            .and("y", List.of(HostTensor.of(new int[0], 0), HostTensor.of(new int[] {7}, 1)));
    try (Epoch epoch =
        Batches.of(data).size(2).lengthMultiple(1).padding("x", 0.5).epoch(1, 1, 0)) {
      Batch batch = epoch.next();
      assertThat(batch.tensor("x").type()).isEqualTo(TensorType.f32(2, 2, 2));
      assertThat(batch.tensor("x").toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 0.5f, 0.5f);
      assertThat(batch.tensor("y").toInts()).containsExactly(0, 7);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void bucketsHoldEverySampleOnceAndLittlePadding(int prefetched) {
    Batches batches = batches().prefetch(prefetched);
    List<HostTensor> read = read(batches, 1, 1, 0);
    assertThat(numbers(read))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, SIZE).boxed().toList());
    assertThat(read).hasSize(101);
    assertThat(read.getLast().type().shape().dimension(0)).as("the shorter batch").isEqualTo(3);
    assertThat(padding(read)).isLessThan(0.1);
    assertThat(padding(read(Batches.of(sentences()).size(10).shuffle(), 1, 1, 0)))
        .isGreaterThan(0.4);
    assertThat(read.stream().map(LengthsTest::length).distinct()).hasSizeLessThanOrEqualTo(16);
  }

  /** The share of elements that no sentence has. */
  private static double padding(List<HostTensor> batches) {
    long all = 0;
    long padded = 0;
    for (HostTensor ids : batches) {
      all += ids.type().shape().size();
      padded += Arrays.stream(ids.toInts()).filter(word -> word == 0).count();
    }
    return (double) padded / all;
  }

  @Test
  void shortAndLongBatchesAreMixed() {
    List<HostTensor> first20 = read(batches(), 1, 1, 0).subList(0, 20);
    assertThat(first20).anyMatch(ids -> length(ids) < 15).anyMatch(ids -> length(ids) > 45);
    List<Long> unshuffled =
        read(Batches.of(sentences()).size(10).bucketByLength("ids"), 1, 1, 0).stream()
            .limit(64)
            .map(LengthsTest::length)
            .toList();
    assertThat(unshuffled).as("of the data set's first 640").isSorted();
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpoch() {
    List<Integer> order = numbers(read(batches(), 1, 1, 0));
    assertThat(numbers(read(batches(), 1, 1, 0))).isEqualTo(order);
    assertThat(numbers(read(batches(), 1, 2, 0))).isNotEqualTo(order);
    assertThat(numbers(read(batches(), 2, 1, 0))).isNotEqualTo(order);
    assertThat(numbers(read(batches().shuffle(1), 2, 1, 0))).isEqualTo(order);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 630, 640, 650, 1000})
  void anEpochGoesOnInTheMiddle(int from) {
    List<Integer> order = numbers(read(batches(), 1, 1, 0));
    assertThat(numbers(read(batches(), 1, 1, from))).isEqualTo(order.subList(from, SIZE));
  }

  @ParameterizedTest
  @CsvSource({"10, 1000", "1003, 1003", "1004, 0"})
  void theLastBatchCanBeLeftOut(int size, int samples) {
    List<HostTensor> read = read(batches().size(size).dropLast(true), 1, 1, 0);
    assertThat(numbers(read)).doesNotHaveDuplicates().hasSize(samples);
    assertThat(read).allMatch(ids -> ids.type().shape().dimension(0) == size);
  }

  @Test
  void viewsHaveThem() {
    Dataset.Split split = sentences().slice(100, 200).split(0.3, 5);
    List<HostTensor> read = read(Batches.of(split.train()).bucketByLength("ids"), 1, 1, 0);
    read.addAll(read(Batches.of(split.validation().map((_, _) -> {})), 1, 1, 0));
    assertThat(numbers(read))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(101, 200).boxed().toList());
  }

  @Test
  void refusesWhatDoesNotVary() {
    assertThatThrownBy(() -> Batches.of(sentences()).bucketByLength("label"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'label' does not vary in length: [ids] do");
    assertThatThrownBy(() -> Batches.of(sentences()).padding("label", 1))
        .hasMessageContaining("'label' does not vary");
    assertThatThrownBy(() -> Batches.of(sentences()).padding("ids", 0.5))
        .hasMessageContaining("'ids' is i32 and cannot be padded with 0.5");
    Batches bytes = Batches.of(MemoryDataset.of("x", List.of(HostTensor.of(new byte[] {1, 2}, 2))));
    assertThat(bytes.padding("x", 255)).isNotNull();
    for (double element : new double[] {-1, 256, 0.5, Double.NaN}) {
      assertThatThrownBy(() -> bytes.padding("x", element))
          .hasMessageContaining("'x' is u8 and cannot be padded with " + element);
    }
    Batches longs = Batches.of(MemoryDataset.of("x", List.of(HostTensor.of(new long[] {1}, 1))));
    assertThatThrownBy(() -> longs.padding("x", 0.5))
        .hasMessageContaining("'x' is i64 and cannot be padded with 0.5");
    assertThatThrownBy(() -> Batches.of(sentences()).lengthMultiple(0))
        .hasMessageContaining("lengthMultiple must be at least 1 but is 0");
    assertThatThrownBy(() ->
            MemoryDataset.of(
                "x", List.of(HostTensor.of(new float[2], 1, 2), HostTensor.of(new float[3], 1, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("f32[1, 2] and f32[1, 3]");
    assertThatThrownBy(() -> sentences().and("x", List.of(HostTensor.of(new float[2], 2))))
        .hasMessageContaining("'x' has 1 tensors for 1003 samples");
  }

  /** A data set that says something about lengths. */
  private record Claiming(Map<String, LongUnaryOperator> lengths) implements Dataset {
    @Override
    public long size() {
      return 3;
    }

    @Override
    public Signature signature() {
      return Signature.of("x", TensorType.f32(4)).and("y", TensorType.f32());
    }

    @Override
    public void read(long index, Sample into) {}
  }

  @Test
  void refusesDataSetsThatContradictThemselves() {
    for (String name : List.of("y", "z")) {
      assertThatThrownBy(() -> Batches.of(new Claiming(Map.of(name, _ -> 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'%s' cannot vary in length along axis 0", name);
    }
    for (long length : new long[] {-1, 5}) {
      Batches batches = Batches.of(new Claiming(Map.of("x", i -> i == 1 ? length : 4)));
      try (Epoch epoch = batches.epoch(1, 1, 0)) {
        assertThatThrownBy(epoch::next)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("'x' of sample 1 has length %d, and the longest is f32[4]", length);
      }
    }
  }

  @Test
  void anElementIsWithinItsSample() {
    Dataset beyond =
        sentences().map((sample, _) -> sample.set("ids", sample.byteSize("ids") / 4, 1));
    try (Epoch reader = Batches.of(beyond).epoch(1, 1, 0)) {
      assertThatThrownBy(reader::next).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}

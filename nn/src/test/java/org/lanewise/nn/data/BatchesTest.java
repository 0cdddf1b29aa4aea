package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

class BatchesTest {
  private static final int SIZE = 23;

  /** Each sample is its number. */
  private static MemoryDataset numbers() {
    return MemoryDataset.of("number", HostTensor.of(IntStream.range(0, SIZE).toArray(), SIZE));
  }

  private static List<int[]> read(Batches batches, long seed, int epoch, long from) {
    List<int[]> all = new ArrayList<>();
    try (Epoch reader = batches.epoch(seed, epoch, from)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        all.add(batch.tensor("number").toInts());
      }
      assertThat(reader.next()).as("after the end").isNull();
    }
    return all;
  }

  private static int[] joined(List<int[]> batches) {
    return batches.stream().flatMapToInt(Arrays::stream).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void comeInTheOrderOfTheDataSet(int prefetched) {
    Batches batches = Batches.of(numbers()).size(5).prefetch(prefetched);
    List<int[]> all = read(batches, 1, 1, 0);
    assertThat(joined(all)).isEqualTo(IntStream.range(0, SIZE).toArray());
    assertThat(all).hasSize(5);
    assertThat(all.getLast()).as("what is left").hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void anOrderIsAFunctionOfSeedAndEpoch(int prefetched) {
    Batches batches = Batches.of(numbers()).size(5).shuffle().prefetch(prefetched);
    int[] order = joined(read(batches, 1, 1, 0));
    assertThat(joined(read(batches, 1, 1, 0))).isEqualTo(order);
    assertThat(joined(read(batches, 1, 2, 0))).isNotEqualTo(order);
    assertThat(joined(read(batches, 2, 1, 0))).isNotEqualTo(order);
    assertThat(joined(read(batches.shuffle(1), 2, 1, 0))).as("a seed of its own").isEqualTo(order);
    assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, SIZE).toArray());
    assertThat(joined(read(batches, 1, 1, 10)))
        .as("goes on in the middle")
        .isEqualTo(Arrays.copyOfRange(order, 10, SIZE));
  }

  @Test
  void theLastBatchCanBeLeftOut() {
    Batches batches = Batches.of(numbers()).size(5).dropLast(true);
    assertThat(batches.samples()).isEqualTo(20);
    assertThat(read(batches, 1, 1, 0)).hasSize(4);
    assertThat(read(batches.size(24), 1, 1, 0)).isEmpty();
  }

  @Test
  void aBatchTakesNoMoreMemoryThanTheData() {
    try (Epoch reader = Batches.of(numbers()).size(1 << 30).epoch(1, 1, 0)) {
      Batch batch = reader.next();
      assertThat(batch.size()).isEqualTo(SIZE);
      assertThat(batch.segment("number").byteSize()).isEqualTo(SIZE * 4);
    }
  }

  @Test
  void slicesAndSplits() {
    assertThat(joined(read(Batches.of(numbers().slice(3, 6)), 1, 1, 0))).containsExactly(3, 4, 5);
    Dataset.Split split = numbers().split(0.25, 7);
    assertThat(split.train().size()).isEqualTo(17);
    assertThat(split.validation().size()).isEqualTo(6);
    int[] all =
        IntStream.concat(
                Arrays.stream(joined(read(Batches.of(split.train()), 1, 1, 0))),
                Arrays.stream(joined(read(Batches.of(split.validation()), 1, 1, 0))))
            .toArray();
    assertThat(all).containsExactlyInAnyOrder(IntStream.range(0, SIZE).toArray());
    assertThatThrownBy(() -> numbers().slice(3, SIZE + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> numbers().split(Double.NaN, 1)).hasMessageContaining("NaN");
  }

  /** A data set that fails at some sample. */
  private record Failing(int at) implements Dataset {
    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public Signature signature() {
      return Signature.of("number", TensorType.i32());
    }

    @Override
    public void read(long index, Sample into) {
      if (index == at) {
        throw new IllegalStateException("sample " + index + " is damaged");
      }
      into.set("number", 0, (int) index);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @Timeout(60)
  void whatReadingThrowsReachesTheTraining(int prefetched) {
    Batches batches = Batches.of(new Failing(12)).size(5).prefetch(prefetched);
    try (Epoch reader = batches.epoch(1, 1, 0)) {
      assertThat(reader.next().tensor("number").toInts()).containsExactly(0, 1, 2, 3, 4);
      assertThat(reader.next().tensor("number").toInts()).containsExactly(5, 6, 7, 8, 9);
      assertThatThrownBy(reader::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("sample 12 is damaged");
    }
  }

  /** A data set that takes its time, and notes that it is being read. */
  private record Slow(AtomicBoolean isRead, CountDownLatch started) implements Dataset {
    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public Signature signature() {
      return Signature.of("number", TensorType.i32());
    }

    @Override
    public void read(long index, Sample into) {
      isRead.set(true);
      started.countDown();
      LockSupport.parkNanos(20_000_000);
      Thread.interrupted(); // as data sets may that meet interrupts
      isRead.set(false);
    }
  }

  @Test
  @Timeout(60)
  void aClosedEpochReadsNoMore() throws InterruptedException {
    Slow slow = new Slow(new AtomicBoolean(), new CountDownLatch(1));
    Epoch reader = Batches.of(slow).size(5).prefetch(2).epoch(1, 1, 0);
    slow.started.await();
    Thread.currentThread().interrupt();
    reader.close();
    assertThat(Thread.interrupted()).as("the interrupt is for later").isTrue();
    assertThat(slow.isRead).isFalse();
    assertThat(reader.next()).isNull();
  }

  @Test
  void anElementIsWithinItsSample() {
    Dataset beyond =
        new Dataset() {
          @Override
          public long size() {
            return 2;
          }

          @Override
          public Signature signature() {
            return Signature.of("x", TensorType.f32(3));
          }

          @Override
          public void read(long index, Sample into) {
            into.set("x", 3, 1f);
          }
        };
    try (Epoch reader = Batches.of(beyond).epoch(1, 1, 0)) {
      assertThatThrownBy(reader::next).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void refusesTensorsThatAreNotOfTheSameSamples() {
    assertThatThrownBy(() -> numbers().and("x", HostTensor.of(new float[4], 2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not count 23 samples");
    assertThatThrownBy(() -> numbers().and("number", HostTensor.of(new int[SIZE], SIZE)))
        .hasMessageContaining("two tensors are called 'number'");
    assertThatThrownBy(() -> MemoryDataset.of("x", HostTensor.of(new float[1])))
        .hasMessageContaining("scalar");
  }

  /** Tensors of each type that can be set. */
  private record Mixed() implements Dataset {
    @Override
    public long size() {
      return 3;
    }

    @Override
    public Signature signature() {
      return Signature.of("u8", TensorType.u8(3))
          .and("i64", TensorType.of(DType.I64, 1))
          .and("f32", TensorType.f32());
    }

    @Override
    public void read(long index, Sample into) {
      into.set("u8", 2, (byte) (250 + index));
      into.set("i64", 0, (1L << 40) + index);
      into.set("f32", 0, 0.5f * index);
      assertThat(into.getByte("u8", 2)).isEqualTo((byte) (250 + index));
      assertThat(into.getLong("i64", 0)).isEqualTo((1L << 40) + index);
      assertThatThrownBy(() -> into.set("f32", 0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("elements of 'f32' are f32, not i32");
      assertThatThrownBy(() -> into.set("u8", 3, (byte) 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void elementsAreSetAsWhatTheyAre() {
    try (Epoch reader = Batches.of(new Mixed()).epoch(1, 1, 0)) {
      Batch batch = reader.next();
      assertThat(batch.tensor("u8").toInts()).containsExactly(0, 0, 250, 0, 0, 251, 0, 0, 252);
      assertThat(batch.tensor("i64").data().toArray(JAVA_LONG))
          .containsExactly(1L << 40, (1L << 40) + 1, (1L << 40) + 2);
      assertThat(batch.tensor("f32").toFloats()).containsExactly(0f, 0.5f, 1f);
    }
  }
}

package org.lanewise.nn.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.LongUnaryOperator;
import org.lanewise.kernels.RandomStream;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Streams;

/**
 * How the samples of a data set are put together, epoch after epoch. Each method changes one
 * setting and returns other batches.
 *
 * <p>Where samples differ in length, those of a batch are padded to the longest of them, rounded
 * up.
 */
public final class Batches {
  private static final int USUAL_SIZE = 32;
  private static final int USUAL_LENGTH_MULTIPLE = 8;
  private static final int MOST_PREFETCHED = 1 << 10;
  private static final long SHUFFLE = Streams.of("shuffle");
  private static final long AUGMENTATION = Streams.of("augmentation");

  private final Dataset dataset;
  private final Map<String, LongUnaryOperator> lengths;
  private int size = USUAL_SIZE;
  private boolean shuffles;
  private OptionalLong shuffleSeed = OptionalLong.empty();
  private String bucketedBy;
  private int lengthMultiple = USUAL_LENGTH_MULTIPLE;
  private Map<String, Double> padding = Map.of();
  private boolean dropsLast;
  private int prefetched;

  private Batches(Dataset dataset) {
    this.dataset = dataset;
    lengths = dataset.lengths();
  }

  /**
   * Batches of 32 samples in the order of the data set.
   *
   * @throws IllegalArgumentException if the data set says how long a tensor is that it does not
   *     have, or that is a scalar
   */
  public static Batches of(Dataset dataset) {
    Batches batches = new Batches(dataset);
    for (String name : batches.lengths.keySet()) {
      TensorType type = dataset.signature().types().get(name);
      if (type == null || type.shape().rank() == 0) {
        throw new IllegalArgumentException(
            "'%s' cannot vary in length along axis 0: the samples have %s"
                .formatted(name, dataset.signature()));
      }
    }
    return batches;
  }

  private Batches with(Consumer<Batches> change) {
    Batches changed = new Batches(dataset);
    changed.size = size;
    changed.shuffles = shuffles;
    changed.shuffleSeed = shuffleSeed;
    changed.bucketedBy = bucketedBy;
    changed.lengthMultiple = lengthMultiple;
    changed.padding = padding;
    changed.dropsLast = dropsLast;
    changed.prefetched = prefetched;
    change.accept(changed);
    return changed;
  }

  /**
   * Batches of another size.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Batches size(int samples) {
    Ranges.atLeast("size", 1, samples);
    return with(changed -> changed.size = samples);
  }

  /** Batches in an order that depends on the training's seed and the epoch. */
  public Batches shuffle() {
    return shuffle(OptionalLong.empty());
  }

  /** Batches in an order that depends on this seed and the epoch. */
  public Batches shuffle(long seed) {
    return shuffle(OptionalLong.of(seed));
  }

  private Batches shuffle(OptionalLong seed) {
    return with(changed -> {
      changed.shuffles = true;
      changed.shuffleSeed = seed;
    });
  }

  /**
   * Batches of samples of similar length: 64 batches' worth of samples at a time, or fewer of very
   * large batches, are sorted by it.
   *
   * @param name of a tensor whose length varies
   * @throws IllegalArgumentException if there is none of that name
   */
  public Batches bucketByLength(String name) {
    requireVarying(name);
    return with(changed -> changed.bucketedBy = name);
  }

  /**
   * Batches whose lengths are multiples of another number, or the longest that the data set has; 8
   * unless set. The larger it is, the fewer plans are made of batches of different lengths.
   *
   * @throws IllegalArgumentException if it is below 1
   */
  public Batches lengthMultiple(int multiple) {
    Ranges.atLeast("lengthMultiple", 1, multiple);
    return with(changed -> changed.lengthMultiple = multiple);
  }

  /**
   * Batches that are padded with another element; it is 0 unless set.
   *
   * @param name of a tensor whose length varies
   * @throws IllegalArgumentException if there is none of that name, or it does not hold such
   *     elements
   */
  public Batches padding(String name, double element) {
    requireVarying(name);
    DType dtype = dataset.signature().types().get(name).dtype();
    if (!holds(dtype, element)) {
      throw new IllegalArgumentException(
          "'%s' is %s and cannot be padded with %s".formatted(name, dtype, element));
    }
    return with(changed -> {
      changed.padding = new LinkedHashMap<>(padding);
      changed.padding.put(name, element);
    });
  }

  private static boolean holds(DType dtype, double element) {
    return switch (dtype) {
      case F32, F16, BF16 -> true;
      case I32 -> element == (int) element;
      case I64 -> element == (long) element;
      case U8 -> element == ((int) element & 0xff);
    };
  }

  /** Batches without the last one, if it is shorter. */
  public Batches dropLast(boolean drops) {
    return with(changed -> changed.dropsLast = drops);
  }

  /**
   * Batches of which another thread reads some ahead.
   *
   * @throws IllegalArgumentException if they are not 0 to 1024
   */
  public Batches prefetch(int count) {
    if (count < 0 || count > MOST_PREFETCHED) {
      throw new IllegalArgumentException(
          "prefetch must be in [0, %d] but is %d".formatted(MOST_PREFETCHED, count));
    }
    return with(changed -> changed.prefetched = count);
  }

  private void requireVarying(String name) {
    if (!lengths.containsKey(name)) {
      throw new IllegalArgumentException(
          "'%s' does not vary in length: %s do".formatted(name, lengths.keySet()));
    }
  }

  /** Samples in a batch; the last one of an epoch may be shorter. */
  public int size() {
    return size;
  }

  /** Samples of an epoch. */
  public long samples() {
    return dropsLast ? dataset.size() / size * size : dataset.size();
  }

  /** Names and types of the tensors of a whole batch of the longest samples. */
  public Signature signature() {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    dataset
        .signature()
        .types()
        .forEach((name, type) ->
            types.put(name, new TensorType(type.dtype(), type.shape().prepend(size))));
    return new Signature(types);
  }

  /**
   * Starts an epoch.
   *
   * @param seed of the training
   * @param epoch number of the epoch
   * @param from samples of the epoch to leave out, which were there before
   */
  public Epoch epoch(long seed, int epoch, long from) {
    RandomStream randoms = new RandomStream(seed, AUGMENTATION + epoch);
    ReadingEpoch reader =
        new ReadingEpoch(this, order(shuffleSeed.orElse(seed), epoch), randoms, from);
    return prefetched == 0 ? reader : new PrefetchingEpoch(reader, prefetched);
  }

  private Order order(long seed, int epoch) {
    Order order =
        shuffles ? Order.shuffled(dataset.size(), seed, SHUFFLE + epoch) : Order.identity();
    return bucketedBy == null || samples() == 0
        ? order
        : new LengthOrder(
            order, lengths.get(bucketedBy), samples(), capacity(), shuffles, seed, epoch);
  }

  // ---- What batches ask -----------------------------------------------------------------------

  Dataset dataset() {
    return dataset;
  }

  /** The most samples that a batch has. */
  int capacity() {
    return (int) Math.min(size, samples());
  }

  /** The length of a tensor of a sample by its index, or null if it does not vary. */
  LongUnaryOperator length(String name) {
    return lengths.get(name);
  }

  int lengthMultiple() {
    return lengthMultiple;
  }

  double padding(String name) {
    return padding.getOrDefault(name, 0d);
  }
}

package org.lanewise.nn.data;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.lanewise.kernels.RandomStream;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

/**
 * Samples that are put together: tensors whose first axis counts them, in the host's memory. Its
 * memory is used again for a later batch.
 */
public final class Batch {
  private final Dataset dataset;
  private final RandomStream randoms;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final List<Slot> varying = new ArrayList<>();
  private final long[] indices;
  private final Place place = new Place();
  private Signature signature;
  private int size = -1;

  /**
   * Memory for a batch.
   *
   * @param randoms of which each sample has a substream
   */
  Batch(Batches batches, RandomStream randoms) {
    this.randoms = randoms;
    dataset = batches.dataset();
    indices = new long[batches.capacity()];
    dataset
        .signature()
        .types()
        .forEach((name, type) -> {
          Slot slot = new Slot(name, type, batches);
          slots.put(name, slot);
          if (slot.isVarying()) {
            varying.add(slot);
          }
        });
  }

  /** Reads so many samples from a position of an order. */
  void fill(Order order, long from, int count) {
    for (int i = 0; i < count; i++) {
      indices[i] = order.at(from + i);
    }
    boolean isOther = size != count;
    size = count;
    for (int i = 0; i < varying.size(); i++) {
      isOther |= varying.get(i).fit(indices, count);
    }
    if (isOther) {
      SequencedMap<String, TensorType> types = new LinkedHashMap<>();
      slots.forEach((name, slot) -> types.put(name, slot.type(count)));
      signature = new Signature(types);
    }
    for (int i = 0; i < count; i++) {
      read(i);
    }
  }

  private void read(int i) {
    place.move(i);
    dataset.read(indices[i], place);
    for (int s = 0; s < varying.size(); s++) {
      varying.get(s).pad(i);
    }
  }

  /** Number of samples. */
  public int size() {
    return size;
  }

  /** Names and types of the tensors of all samples. */
  public Signature signature() {
    return signature;
  }

  /** The elements of a tensor, which are valid until the next batch; the rest is not. */
  public MemorySegment segment(String name) {
    return slots.get(name).segment();
  }

  /**
   * A tensor, which is valid until the next batch.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public HostTensor tensor(String name) {
    TensorType type = signature.types().get(name);
    if (type == null) {
      throw new IllegalArgumentException(
          "the batch has no tensor '%s' but %s".formatted(name, signature));
    }
    return new HostTensor(type, segment(name).asSlice(0, type.byteSize()));
  }

  /** Where the next sample goes. */
  private final class Place implements Sample {
    private int i;
    private RandomGenerator random;

    void move(int to) {
      i = to;
      random = null;
      for (int s = 0; s < varying.size(); s++) {
        varying.get(s).move(indices[to]);
      }
    }

    @Override
    public MemorySegment segment(String name) {
      return slots.get(name).segment();
    }

    @Override
    public long offset(String name) {
      return slots.get(name).offset(i);
    }

    @Override
    public DType dtype(String name) {
      return slots.get(name).dtype();
    }

    @Override
    public long byteSize(String name) {
      return slots.get(name).byteSize();
    }

    @Override
    public RandomGenerator random() {
      if (random == null) {
        random = randoms.substream(indices[i]);
      }
      return random;
    }
  }
}

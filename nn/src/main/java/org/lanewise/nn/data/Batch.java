package org.lanewise.nn.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

/**
 * Samples that are put together: tensors whose first axis counts them, in the host's memory. Its
 * memory is used again for a later batch.
 */
public final class Batch {
  private final SequencedMap<String, TensorType> sampleTypes;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Place place = new Place();
  private Signature signature;
  private int size = -1;

  /** All samples' tensors of a name. */
  private record Slot(MemorySegment segment, long sampleBytes) {}

  /** Memory for so many samples. */
  Batch(Signature sample, int capacity) {
    sampleTypes = sample.types();
    sampleTypes.forEach((name, type) ->
        slots.put(
            name,
            new Slot(
                Arena.ofAuto().allocate(type.byteSize() * capacity, Float.BYTES * 16),
                type.byteSize())));
  }

  /**
   * Reads samples {@code order[from]} and following, or if there is no order, from and following.
   */
  void fill(Dataset dataset, int[] order, long from, int count) {
    if (size != count) {
      size = count;
      signature = signature(sampleTypes, count);
    }
    for (int i = 0; i < count; i++) {
      place.index = i;
      dataset.read(order == null ? from + i : order[(int) from + i], place);
    }
  }

  static Signature signature(SequencedMap<String, TensorType> sample, long count) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    sample.forEach(
        (name, type) -> types.put(name, new TensorType(type.dtype(), type.shape().prepend(count))));
    return new Signature(types);
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
    return slots.get(name).segment;
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
    private int index;

    @Override
    public MemorySegment segment(String name) {
      return slots.get(name).segment;
    }

    @Override
    public long offset(String name) {
      return index * slots.get(name).sampleBytes;
    }

    @Override
    public long byteSize(String name) {
      return slots.get(name).sampleBytes;
    }
  }
}

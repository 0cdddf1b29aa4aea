package org.lanewise.nn.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

/** Samples that lie one after the other in memory, which is used and not copied. */
public final class MemoryDataset implements Dataset {
  private final SequencedMap<String, HostTensor> tensors;
  private final Signature signature;
  private final long size;

  private MemoryDataset(SequencedMap<String, HostTensor> tensors, long size) {
    this.size = size;
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      TensorType type = tensor.type();
      types.put(name, new TensorType(type.dtype(), type.shape().withoutFirst()));
    });
    this.tensors = tensors;
    signature = new Signature(types);
  }

  /**
   * Samples of one tensor, whose first axis counts them.
   *
   * @throws IllegalArgumentException if it has no axis
   */
  public static MemoryDataset of(String name, HostTensor tensor) {
    if (tensor.type().shape().rank() == 0) {
      throw new IllegalArgumentException("'%s' is a scalar, not samples".formatted(name));
    }
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>(Map.of(name, tensor));
    return new MemoryDataset(tensors, tensor.type().shape().dimension(0));
  }

  /**
   * These samples with another tensor each.
   *
   * @throws IllegalArgumentException if it is of another number of samples, or there is one of that
   *     name
   */
  public MemoryDataset and(String name, HostTensor tensor) {
    if (tensor.type().shape().rank() == 0 || tensor.type().shape().dimension(0) != size) {
      throw new IllegalArgumentException(
          "'%s' is %s, whose first axis does not count %d samples"
              .formatted(name, tensor.type(), size));
    }
    SequencedMap<String, HostTensor> more = new LinkedHashMap<>(tensors);
    if (more.putIfAbsent(name, tensor) != null) {
      throw new IllegalArgumentException("two tensors are called '" + name + "'");
    }
    return new MemoryDataset(more, size);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public void read(long index, Sample into) {
    Objects.checkIndex(index, size);
    for (var named : tensors.entrySet()) {
      String name = named.getKey();
      into.copy(name, named.getValue().data(), index * into.byteSize(name));
    }
  }
}

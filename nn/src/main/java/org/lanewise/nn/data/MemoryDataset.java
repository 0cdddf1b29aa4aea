package org.lanewise.nn.data;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.LongUnaryOperator;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Signature;

/** Samples in memory, which is used and not copied. */
public final class MemoryDataset implements Dataset {
  private final SequencedMap<String, Column> columns;
  private final Signature signature;
  private final long size;

  /** All samples' tensors of a name. */
  private sealed interface Column {
    /** Type of the longest tensor. */
    TensorType type();

    void copy(String name, long index, Sample into);
  }

  /** Tensors of one type, one after the other. */
  private record Block(TensorType type, MemorySegment elements) implements Column {
    @Override
    public void copy(String name, long index, Sample into) {
      into.copy(name, elements, index * into.byteSize(name));
    }
  }

  /** Tensors that differ in their first axis. */
  private record Varying(TensorType type, List<HostTensor> tensors) implements Column {
    @Override
    public void copy(String name, long index, Sample into) {
      into.copy(name, tensors.get((int) index).data(), 0);
    }

    long length(long index) {
      return tensors.get((int) index).type().shape().dimension(0);
    }
  }

  private MemoryDataset(SequencedMap<String, Column> columns, long size) {
    this.columns = columns;
    this.size = size;
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    columns.forEach((name, column) -> types.put(name, column.type()));
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
    return new MemoryDataset(new LinkedHashMap<>(), tensor.type().shape().dimension(0))
        .and(name, tensor);
  }

  /**
   * Samples of a tensor each, which differ in length: that of their first axis.
   *
   * @throws IllegalArgumentException if there is none, or they differ in more
   */
  public static MemoryDataset of(String name, List<HostTensor> tensors) {
    return new MemoryDataset(new LinkedHashMap<>(), tensors.size()).and(name, tensors);
  }

  /**
   * These samples with another tensor each.
   *
   * @param tensor whose first axis counts the samples
   * @throws IllegalArgumentException if it is of another number of samples, or there is one of that
   *     name
   */
  public MemoryDataset and(String name, HostTensor tensor) {
    TensorType type = tensor.type();
    if (type.shape().rank() == 0 || type.shape().dimension(0) != size) {
      throw new IllegalArgumentException(
          "'%s' is %s, whose first axis does not count %d samples".formatted(name, type, size));
    }
    TensorType sample = new TensorType(type.dtype(), type.shape().withoutFirst());
    return and(name, new Block(sample, tensor.data()));
  }

  /**
   * These samples with another tensor each, which differ in length: that of their first axis.
   *
   * @throws IllegalArgumentException if they are of another number of samples, differ in more, or
   *     there is one of that name
   */
  public MemoryDataset and(String name, List<HostTensor> tensors) {
    if (tensors.isEmpty() || tensors.size() != size) {
      throw new IllegalArgumentException(
          "'%s' has %d tensors for %d samples".formatted(name, tensors.size(), size));
    }
    TensorType longest = tensors.getFirst().type();
    for (HostTensor tensor : tensors) {
      longest = longer(name, longest, tensor.type());
    }
    return and(name, new Varying(longest, List.copyOf(tensors)));
  }

  private static TensorType longer(String name, TensorType longest, TensorType type) {
    DType dtype = longest.dtype();
    Shape shape = longest.shape();
    boolean differInLength =
        type.dtype() == dtype
            && shape.rank() > 0
            && shape.rank() == type.shape().rank()
            && shape.withoutFirst().equals(type.shape().withoutFirst());
    if (!differInLength) {
      throw new IllegalArgumentException(
          "'%s' is %s and %s, which differ in more than the length of axis 0"
              .formatted(name, longest, type));
    }
    return type.shape().dimension(0) > shape.dimension(0) ? type : longest;
  }

  private MemoryDataset and(String name, Column column) {
    SequencedMap<String, Column> more = new LinkedHashMap<>(columns);
    if (more.putIfAbsent(name, column) != null) {
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
  public Map<String, LongUnaryOperator> lengths() {
    Map<String, LongUnaryOperator> lengths = new LinkedHashMap<>();
    columns.forEach((name, column) -> {
      if (column instanceof Varying varying) {
        lengths.put(name, varying::length);
      }
    });
    return lengths;
  }

  @Override
  public void read(long index, Sample into) {
    Objects.checkIndex(index, size);
    for (var named : columns.entrySet()) {
      named.getValue().copy(named.getKey(), index, into);
    }
  }
}

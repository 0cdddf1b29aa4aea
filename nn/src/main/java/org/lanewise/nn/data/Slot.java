package org.lanewise.nn.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongUnaryOperator;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

/** The memory of a batch for all samples' tensors of a name, and how they lie in it. */
final class Slot {
  private static final long ALIGNMENT = 64;

  private final String name;
  private final TensorType longest;
  private final LongUnaryOperator lengths;
  private final int lengthMultiple;
  private final MemorySegment segment;
  private final MemorySegment padding;

  /** Bytes of a tensor of length 1. */
  private final long rowBytes;

  /** The length of all tensors of the batch, if it varies. */
  private long length;

  /** Bytes from one sample to the next. */
  private long stride;

  /** Bytes of the current sample, which are fewer where it is padded. */
  private long byteSize;

  Slot(String name, TensorType longest, Batches batches) {
    this.name = name;
    this.longest = longest;
    lengths = batches.length(name);
    lengthMultiple = batches.lengthMultiple();
    segment = Arena.ofAuto().allocate(longest.byteSize() * batches.capacity(), ALIGNMENT);
    padding = element(batches.padding(name));
    rowBytes = isVarying() ? rowBytes(longest) : 0;
    stride = longest.byteSize();
    byteSize = stride;
  }

  private static long rowBytes(TensorType type) {
    return type.shape().withoutFirst().size() * type.dtype().byteSize();
  }

  private MemorySegment element(double value) {
    HostTensor element =
        switch (longest.dtype()) {
          case F32, F16, BF16 -> HostTensor.of(new float[] {(float) value}, 1);
          case I32 -> HostTensor.of(new int[] {(int) value}, 1);
          case I64 -> HostTensor.of(new long[] {(long) value}, 1);
          case U8 -> HostTensor.of(new byte[] {(byte) value}, 1);
        };
    return element.convert(longest.dtype()).data();
  }

  boolean isVarying() {
    return lengths != null;
  }

  MemorySegment segment() {
    return segment;
  }

  DType dtype() {
    return longest.dtype();
  }

  /** First byte of the i-th sample of the batch. */
  long offset(int i) {
    return i * stride;
  }

  long byteSize() {
    return byteSize;
  }

  /** Type of the tensor of so many samples. */
  TensorType type(long count) {
    Shape shape = isVarying() ? longest.shape().withDimension(0, length) : longest.shape();
    return new TensorType(longest.dtype(), shape.prepend(count));
  }

  // ---- Samples of different lengths -----------------------------------------------------------

  /** Makes place for samples as long as the longest of these; whether that is another length. */
  boolean fit(long[] indices, int count) {
    long most = 0;
    for (int i = 0; i < count; i++) {
      most = Math.max(most, length(indices[i]));
    }
    long rounded = Math.max(1, Math.ceilDiv(most, lengthMultiple)) * lengthMultiple;
    long before = length;
    length = Math.min(rounded, longest.shape().dimension(0));
    stride = length * rowBytes;
    return length != before;
  }

  /** Goes to a sample. */
  void move(long index) {
    byteSize = length(index) * rowBytes;
  }

  private long length(long index) {
    long ofSample = lengths.applyAsLong(index);
    if (ofSample < 0 || ofSample > longest.shape().dimension(0)) {
      throw new IllegalArgumentException(
          "'%s' of sample %d has length %d, and the longest is %s"
              .formatted(name, index, ofSample, longest));
    }
    return ofSample;
  }

  /** Fills what is behind the elements of the i-th sample of the batch. */
  void pad(int i) {
    long from = offset(i) + byteSize;
    long to = offset(i) + stride;
    long done = padding.byteSize();
    if (from < to) {
      MemorySegment.copy(padding, 0, segment, from, done);
    }
    for (; from + done < to; done *= 2) { // what is filled is copied behind itself
      MemorySegment.copy(segment, from, segment, from + done, Math.min(done, to - from - done));
    }
  }
}

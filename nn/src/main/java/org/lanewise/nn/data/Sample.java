package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.lanewise.kernels.op.DType;

/**
 * The place of a sample in a batch that is being put together. Methods for elements throw {@link
 * IllegalArgumentException} for a tensor of another type.
 */
public interface Sample {
  /** The memory of all samples' tensors of a name; that of this one begins at {@link #offset}. */
  MemorySegment segment(String name);

  /** The first byte of this sample's tensor of a name. */
  long offset(String name);

  /** The type of the elements of the tensors of a name. */
  DType dtype(String name);

  /** The bytes of this sample's tensor of a name, what it may be padded with not counted. */
  long byteSize(String name);

  /**
   * Random numbers to augment this sample with. They depend on the training's seed, the epoch, and
   * the sample's index alone; asked again, it goes on with those that follow.
   */
  RandomGenerator random();

  /** Copies a whole tensor from memory. */
  default void copy(String name, MemorySegment source, long sourceOffset) {
    MemorySegment.copy(source, sourceOffset, segment(name), offset(name), byteSize(name));
  }

  /** Sets an element of an f32 tensor. */
  default void set(String name, long index, float element) {
    segment(name).set(JAVA_FLOAT, place(name, DType.F32, index), element);
  }

  /** Sets an element of an i32 tensor. */
  default void set(String name, long index, int element) {
    segment(name).set(JAVA_INT, place(name, DType.I32, index), element);
  }

  /** Sets an element of an i64 tensor. */
  default void set(String name, long index, long element) {
    segment(name).set(JAVA_LONG, place(name, DType.I64, index), element);
  }

  /** Sets an element of a u8 tensor. */
  default void set(String name, long index, byte element) {
    segment(name).set(JAVA_BYTE, place(name, DType.U8, index), element);
  }

  /** An element of an f32 tensor, after it was set. */
  default float getFloat(String name, long index) {
    return segment(name).get(JAVA_FLOAT, place(name, DType.F32, index));
  }

  /** An element of an i32 tensor, after it was set. */
  default int getInt(String name, long index) {
    return segment(name).get(JAVA_INT, place(name, DType.I32, index));
  }

  /** An element of an i64 tensor, after it was set. */
  default long getLong(String name, long index) {
    return segment(name).get(JAVA_LONG, place(name, DType.I64, index));
  }

  /** An element of a u8 tensor, after it was set. */
  default byte getByte(String name, long index) {
    return segment(name).get(JAVA_BYTE, place(name, DType.U8, index));
  }

  private long place(String name, DType wanted, long index) {
    if (dtype(name) != wanted) {
      throw new IllegalArgumentException(
          "elements of '%s' are %s, not %s".formatted(name, dtype(name), wanted));
    }
    int bytes = wanted.byteSize();
    return offset(name) + Objects.checkIndex(index, byteSize(name) / bytes) * bytes;
  }
}

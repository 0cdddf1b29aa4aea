package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.random.RandomGenerator;

/** The place of a sample in a batch that is being put together. */
public interface Sample {
  /** The memory of all samples' tensors of a name; that of this one begins at {@link #offset}. */
  MemorySegment segment(String name);

  /** The first byte of this sample's tensor of a name. */
  long offset(String name);

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
    segment(name).set(JAVA_FLOAT, offset(name) + checked(name, index), element);
  }

  /** Sets an element of an i32 tensor. */
  default void set(String name, long index, int element) {
    segment(name).set(JAVA_INT, offset(name) + checked(name, index), element);
  }

  /** An element of an f32 tensor, after it was set. */
  default float getFloat(String name, long index) {
    return segment(name).get(JAVA_FLOAT, offset(name) + checked(name, index));
  }

  /** An element of an i32 tensor, after it was set. */
  default int getInt(String name, long index) {
    return segment(name).get(JAVA_INT, offset(name) + checked(name, index));
  }

  private long checked(String name, long index) {
    return Objects.checkIndex(index, byteSize(name) / Float.BYTES) * Float.BYTES;
  }
}

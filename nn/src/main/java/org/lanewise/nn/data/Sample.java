package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The place of a sample in a batch that is being put together. */
public interface Sample {
  /** The memory of all samples' tensors of a name; that of this one begins at {@link #offset}. */
  MemorySegment segment(String name);

  /** The first byte of this sample's tensor of a name. */
  long offset(String name);

  /** The bytes of one tensor of a name. */
  long byteSize(String name);

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

  private long checked(String name, long index) {
    return Objects.checkIndex(index, byteSize(name) / Float.BYTES) * Float.BYTES;
  }
}

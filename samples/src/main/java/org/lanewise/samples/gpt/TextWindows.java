package org.lanewise.samples.gpt;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Signature;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.Sample;

/**
 * Parts of a text: tokens {@code ids}, and {@code next} those that follow each of them.
 *
 * @param tokens i32, more than {@code length}
 * @param length tokens of a part
 * @param size number of parts
 * @param random whether parts begin anywhere, or at equal distances from the first to the last
 */
record TextWindows(MemorySegment tokens, int length, long size, boolean random) implements Dataset {
  private static MemorySegment memory(int[] tokens) {
    MemorySegment memory = Arena.ofAuto().allocate(JAVA_INT, tokens.length);
    MemorySegment.copy(tokens, 0, memory, JAVA_INT, 0, tokens.length);
    return memory;
  }

  /** So many parts that begin anywhere, others in each epoch. */
  static TextWindows anywhere(int[] tokens, int length, long size) {
    return new TextWindows(memory(tokens), length, size, true);
  }

  /** The whole text part by part, but for tokens at its end that make no part. */
  static TextWindows all(int[] tokens, int length) {
    long size = (tokens.length - 1) / length;
    int used = (int) (size * length + 1);
    MemorySegment memory = memory(tokens).asSlice(0, (long) used * Integer.BYTES);
    return new TextWindows(memory, length, size, false);
  }

  /** At most so many parts of this text, at equal distances. */
  TextWindows some(long most) {
    return new TextWindows(tokens, length, Math.min(most, size), random);
  }

  @Override
  public Signature signature() {
    return Signature.of("ids", TensorType.i32(length)).and("next", TensorType.i32(length));
  }

  @Override
  public void read(long index, Sample into) {
    long last = tokens.byteSize() / Integer.BYTES - 1 - length;
    long start =
        random ? into.random().nextLong(last + 1) : size == 1 ? 0 : index * last / (size - 1);
    into.copy("ids", tokens, start * Integer.BYTES);
    into.copy("next", tokens, (start + 1) * Integer.BYTES);
  }
}

package org.lanewise.kernels.cases;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.lanewise.kernels.op.TensorType;

/** The elements of operands. */
final class Elements {
  private Elements() {}

  /**
   * Fills a tensor: an f32 one with numbers from {@code low} to 3, an i32 one with classes, and one
   * of another type with all that it can hold.
   */
  static void fill(
      MemorySegment x, TensorType type, float low, int classes, SplittableRandom random) {
    for (long i = 0; i < type.shape().size(); i++) {
      switch (type.dtype()) {
        case F32 -> x.setAtIndex(JAVA_FLOAT, i, low + random.nextFloat() * (3f - low));
        case I32 -> x.setAtIndex(JAVA_INT, i, random.nextInt(Math.max(1, classes)));
        case U8 -> x.set(JAVA_BYTE, i, (byte) i);
        case I64 -> x.setAtIndex(JAVA_LONG, i, random.nextLong() >> random.nextInt(Long.SIZE));
        case F16, BF16 -> x.setAtIndex(JAVA_SHORT, i, (short) i);
      }
    }
  }

  /**
   * Fills an f32 tensor with all that it can hold, and among it many that are half way between two
   * f16 or bf16.
   */
  static void fillToRound(MemorySegment x, SplittableRandom random) {
    int[] masks = {~0, ~0xfff, ~0x7fff};
    for (long i = 0; i < x.byteSize() / Float.BYTES; i++) {
      x.setAtIndex(JAVA_INT, i, random.nextInt() & masks[random.nextInt(masks.length)]);
    }
  }

  /** The elements as f32, but the bits of an i32 one. */
  static float[] toFloats(MemorySegment x, TensorType type) {
    int size = (int) type.shape().size();
    float[] floats = new float[size];
    for (int i = 0; i < size; i++) {
      floats[i] =
          switch (type.dtype()) {
            case F32, I32 -> x.getAtIndex(JAVA_FLOAT, i);
            case U8 -> Byte.toUnsignedInt(x.get(JAVA_BYTE, i));
            case I64 -> x.getAtIndex(JAVA_LONG, i);
            case F16 -> Float.float16ToFloat(x.getAtIndex(JAVA_SHORT, i));
            case BF16 -> Float.intBitsToFloat(x.getAtIndex(JAVA_SHORT, i) << Short.SIZE);
          };
    }
    return floats;
  }
}

package org.lanewise.kernels.backend;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;

/**
 * In which range the elements of a tensor of floating-point numbers are.
 *
 * @param name what the op calls the tensor
 * @param least of those that are no NaN; positive infinity if there is none
 * @param most of those that are no NaN; negative infinity if there is none
 * @param nans how many are NaN
 * @param infinities how many are infinite
 */
record ValueRange(
    String name, TensorType type, float least, float most, long nans, long infinities) {
  private static final int CHUNK_BYTES = 1 << 18;

  /** Looks at all elements, after all steps that were run. */
  static ValueRange of(String name, Operand operand) {
    TensorType type = operand.type();
    DType dtype = type.dtype();
    MemorySegment chunk =
        Arena.ofAuto().allocate(Math.min(CHUNK_BYTES, type.byteSize()), Float.BYTES);
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    long nans = 0;
    long infinities = 0;
    for (long from = 0; from < type.byteSize(); from += chunk.byteSize()) {
      long count = Math.min(chunk.byteSize(), type.byteSize() - from);
      operand.buffer().read(operand.offset() + from, chunk, 0, count);
      for (long at = 0; at < count; at += dtype.byteSize()) {
        float value = element(chunk, dtype, at);
        if (Float.isNaN(value)) {
          nans++;
        } else {
          least = Math.min(least, value);
          most = Math.max(most, value);
          infinities += Float.isInfinite(value) ? 1 : 0;
        }
      }
    }
    return new ValueRange(name, type, least, most, nans, infinities);
  }

  private static float element(MemorySegment bytes, DType dtype, long at) {
    return switch (dtype) {
      case F32 -> bytes.get(JAVA_FLOAT_UNALIGNED, at);
      case F16 -> Float.float16ToFloat(bytes.get(JAVA_SHORT_UNALIGNED, at));
      case BF16 -> Float.intBitsToFloat(bytes.get(JAVA_SHORT_UNALIGNED, at) << Short.SIZE);
      case I32, U8, I64 -> throw new IllegalArgumentException(dtype + " has no NaN");
    };
  }

  boolean isFinite() {
    return nans == 0 && infinities == 0;
  }

  /** As in {@code x f32[2, 3] in -1.0..2.5, 1 NaN}. */
  @Override
  public String toString() {
    String range = least > most ? "" : " in %s..%s".formatted(least, most);
    return name + " " + type + range + (isFinite() ? "" : ", " + others());
  }

  /** As in {@code 2 NaN and 1 infinite}. */
  String others() {
    String infinite = infinities + " infinite";
    return nans == 0 ? infinite : nans + " NaN" + (infinities == 0 ? "" : " and " + infinite);
  }
}

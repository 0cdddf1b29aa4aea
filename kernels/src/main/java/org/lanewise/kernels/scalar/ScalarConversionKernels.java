package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ConversionKernels;
import org.lanewise.kernels.op.Conversion;

/** Conversions between element types, one element after the other. */
public final class ScalarConversionKernels implements ConversionKernels {
  /** The only instance. */
  public static final ScalarConversionKernels INSTANCE = new ScalarConversionKernels();

  private ScalarConversionKernels() {}

  @Override
  public void convert(Conversion conversion, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      switch (conversion) {
        case U8_TO_F32 -> y.setAtIndex(JAVA_FLOAT, i, Byte.toUnsignedInt(x.get(JAVA_BYTE, i)));
        case U8_TO_I32 -> y.setAtIndex(JAVA_INT, i, Byte.toUnsignedInt(x.get(JAVA_BYTE, i)));
        case I64_TO_I32 -> y.setAtIndex(JAVA_INT, i, saturated(x.getAtIndex(JAVA_LONG, i)));
        case I32_TO_F32 -> y.setAtIndex(JAVA_FLOAT, i, x.getAtIndex(JAVA_INT, i));
        case F16_TO_F32 ->
            y.setAtIndex(JAVA_FLOAT, i, Float.float16ToFloat(x.getAtIndex(JAVA_SHORT, i)));
        case BF16_TO_F32 -> y.setAtIndex(JAVA_INT, i, x.getAtIndex(JAVA_SHORT, i) << Short.SIZE);
        case F32_TO_F16 ->
            y.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(x.getAtIndex(JAVA_FLOAT, i)));
        case F32_TO_BF16 -> y.setAtIndex(JAVA_SHORT, i, bf16(x.getAtIndex(JAVA_FLOAT, i)));
      }
    }
  }

  private static int saturated(long x) {
    return Math.clamp(x, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /**
   * The nearest bf16: what the lower half adds to the upper one is carried into it if the lower
   * half is more than one half, or is that and the upper one odd. Such a carry would make a NaN of
   * few bits infinite, or a negative zero.
   */
  private static short bf16(float x) {
    int bits = Float.floatToRawIntBits(x);
    int odd = bits >>> Short.SIZE & 1;
    int rounded = Float.isNaN(x) ? bits | 0x400000 : bits + 0x7fff + odd;
    return (short) (rounded >>> Short.SIZE);
  }
}

package org.lanewise.kernels.simd.conversion;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.host.ConversionKernels;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.scalar.ScalarConversionKernels;
import org.lanewise.kernels.simd.Lanes;

/**
 * Conversions between element types. The elements after the last whole vector are left to the
 * scalar twin, which gives the same bits but for those of NaN. Nothing is checked.
 */
public final class SimdConversionKernels implements ConversionKernels {
  /** The only instance. */
  public static final SimdConversionKernels INSTANCE = new SimdConversionKernels();

  /** Elements of a turn of the loops over bytes, of which no vector has fewer than 8. */
  private static final int STRIDE = Math.max(8, COUNT);

  private static final VectorSpecies<Byte> U8 =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(STRIDE * Byte.SIZE));

  private static final VectorSpecies<Short> I16 =
      VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

  private static final VectorSpecies<Long> I64 = F32.withLanes(long.class);

  private static final VectorSpecies<Integer> HALF_I32 =
      VectorSpecies.of(int.class, VectorShape.forBitSize(I64.length() * Integer.SIZE));

  private static final Class<? extends ByteVector> BYTES =
      U8.vectorType().asSubclass(ByteVector.class);

  private static final Class<? extends ShortVector> SHORTS =
      I16.vectorType().asSubclass(ShortVector.class);

  private static final Class<? extends LongVector> LONGS =
      I64.vectorType().asSubclass(LongVector.class);

  // ---- Bits -----------------------------------------------------------------------------------

  private static final int MAGNITUDE = 0x7fffffff;
  private static final int INFINITY = 0x7f800000;
  private static final int BF16_QUIET_NAN = 0x400000;
  private static final int F16_SIGN = 0x8000;
  private static final int F16_MAGNITUDE = 0x7fff;
  private static final int F16_NAN = 0x7e00;
  private static final int F16_INFINITY = 0x7c00;
  private static final int F16_MIN_NORMAL = 0x400;

  /** {@link #F16_MIN_NORMAL} as an f32. */
  private static final float MIN_NORMAL = 0x1p-14f;

  private static final int MIN_NORMAL_BITS = 0x38800000;
  private static final float HALF = 0.5f;
  private static final int HALF_BITS = 0x3f000000;

  /** Bits that the fraction of an f32 has more than that of an f16. */
  private static final int FRACTION_SHIFT = 13;

  /** The lowest bit of an f32's exponent. */
  private static final int EXPONENT_UNIT = 1 << 23;

  /** By how much the exponent of an f32 is above that of the same number as an f16. */
  private static final int EXPONENT_SHIFT = (127 - 15) * EXPONENT_UNIT;

  private SimdConversionKernels() {}

  @Override
  public void convert(Conversion conversion, MemorySegment x, MemorySegment y, long from, long to) {
    long end = to - (to - from) % STRIDE;
    if (from < end) {
      switch (conversion) {
        case U8_TO_F32 -> u8ToF32(x, y, from, end);
        case U8_TO_I32 -> u8ToI32(x, y, from, end);
        case I64_TO_I32 -> i64ToI32(x, y, from, end);
        case I32_TO_F32 -> i32ToF32(x, y, from, end);
        case F16_TO_F32 -> f16ToF32(x, y, from, end);
        case BF16_TO_F32 -> bf16ToF32(x, y, from, end);
        case F32_TO_F16 -> f32ToF16(x, y, from, end);
        case F32_TO_BF16 -> f32ToBf16(x, y, from, end);
      }
    }
    if (end < to) {
      ScalarConversionKernels.INSTANCE.convert(conversion, x, y, end, to);
    }
  }

  // ---- Integers -------------------------------------------------------------------------------

  private static void u8ToF32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += STRIDE) {
      ByteVector bytes = BYTES.cast(ByteVector.fromMemorySegment(U8, x, i, ORDER));
      for (int part = 0; part < STRIDE / COUNT; part++) {
        INTS.cast(bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I32, part))
            .convert(VectorOperators.I2F, 0)
            .intoMemorySegment(y, (i + part * COUNT) * Float.BYTES, ORDER);
      }
    }
  }

  private static void u8ToI32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += STRIDE) {
      ByteVector bytes = BYTES.cast(ByteVector.fromMemorySegment(U8, x, i, ORDER));
      for (int part = 0; part < STRIDE / COUNT; part++) {
        INTS.cast(bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, I32, part))
            .intoMemorySegment(y, (i + part * COUNT) * Integer.BYTES, ORDER);
      }
    }
  }

  private static void i64ToI32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += I64.length()) {
      LONGS
          .cast(LongVector.fromMemorySegment(I64, x, i * Long.BYTES, ORDER))
          .max(Integer.MIN_VALUE)
          .min(Integer.MAX_VALUE)
          .convertShape(VectorOperators.L2I, HALF_I32, 0)
          .intoMemorySegment(y, i * Integer.BYTES, ORDER);
    }
  }

  private static void i32ToF32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      INTS.cast(IntVector.fromMemorySegment(I32, x, i * Integer.BYTES, ORDER))
          .convert(VectorOperators.I2F, 0)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  // ---- Floating-point numbers -----------------------------------------------------------------

  private static void bf16ToF32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      INTS.cast(
              SHORTS
                  .cast(ShortVector.fromMemorySegment(I16, x, i * Short.BYTES, ORDER))
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0))
          .lanewise(VectorOperators.LSHL, Short.SIZE)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  private static void f32ToBf16(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      IntVector bits = INTS.cast(IntVector.fromMemorySegment(I32, x, i * Float.BYTES, ORDER));
      IntVector odd = bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(1);
      IntVector quiet = bits.or(BF16_QUIET_NAN);
      INTS.cast(
              bits.add(0x7fff)
                  .add(odd)
                  .blend(quiet, bits.and(MAGNITUDE).compare(VectorOperators.GT, INFINITY))
                  .lanewise(VectorOperators.LSHR, Short.SIZE))
          .convertShape(VectorOperators.I2S, I16, 0)
          .intoMemorySegment(y, i * Short.BYTES, ORDER);
    }
  }

  /**
   * A number below the least normal one has no leading 1: a step of the exponent gives it one,
   * whose subtraction then leaves the number, normalized.
   */
  private static void f16ToF32(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      IntVector bits =
          INTS.cast(
              SHORTS
                  .cast(ShortVector.fromMemorySegment(I16, x, i * Short.BYTES, ORDER))
                  .convertShape(VectorOperators.ZERO_EXTEND_S2I, I32, 0));
      IntVector magnitude = bits.and(F16_MAGNITUDE);
      IntVector normal =
          magnitude.lanewise(VectorOperators.LSHL, FRACTION_SHIFT).add(EXPONENT_SHIFT);
      IntVector subnormal =
          INTS.cast(
              FLOATS
                  .cast(normal.add(EXPONENT_UNIT).reinterpretShape(F32, 0))
                  .sub(MIN_NORMAL)
                  .reinterpretShape(I32, 0));
      normal
          .blend(normal.add(EXPONENT_SHIFT), magnitude.compare(VectorOperators.GE, F16_INFINITY))
          .blend(subnormal, magnitude.compare(VectorOperators.LT, F16_MIN_NORMAL))
          .or(bits.and(F16_SIGN).lanewise(VectorOperators.LSHL, Short.SIZE))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /**
   * Numbers below the least normal f16 are multiples of 2⁻²⁴, the last place of ½: adding that
   * rounds them.
   */
  private static void f32ToF16(MemorySegment x, MemorySegment y, long from, long to) {
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      IntVector bits = INTS.cast(IntVector.fromMemorySegment(I32, x, i * Float.BYTES, ORDER));
      IntVector magnitude = bits.and(MAGNITUDE);
      IntVector odd = magnitude.lanewise(VectorOperators.LSHR, FRACTION_SHIFT).and(1);
      IntVector normal =
          magnitude
              .sub(EXPONENT_SHIFT - 0xfff)
              .add(odd)
              .lanewise(VectorOperators.LSHR, FRACTION_SHIFT)
              .min(F16_INFINITY);
      IntVector subnormal =
          INTS.cast(
                  FLOATS
                      .cast(magnitude.reinterpretShape(F32, 0))
                      .add(HALF)
                      .reinterpretShape(I32, 0))
              .sub(HALF_BITS);
      normal
          .blend(subnormal, magnitude.compare(VectorOperators.LT, MIN_NORMAL_BITS))
          .blend(F16_NAN, magnitude.compare(VectorOperators.GT, INFINITY))
          .or(bits.lanewise(VectorOperators.LSHR, Short.SIZE).and(F16_SIGN))
          .convertShape(VectorOperators.I2S, I16, 0)
          .intoMemorySegment(y, i * Short.BYTES, ORDER);
    }
  }
}

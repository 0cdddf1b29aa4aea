package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarConversionKernels;

/** Conversions are exact, or rounded to the nearest. */
class ConversionsTest {
  private static final Arena ARENA = Arena.ofAuto();
  private static final WorkerPool POOL = new WorkerPool(2);
  private static final int HALVES = 1 << 16;

  @ParameterizedTest
  @EnumSource
  void everyHalfIsAFloat(HalfFormats format) {
    MemorySegment x = ARENA.allocate(JAVA_SHORT, HALVES);
    for (int i = 0; i < HALVES; i++) {
      x.setAtIndex(JAVA_SHORT, i, (short) i);
    }
    MemorySegment y = ARENA.allocate(JAVA_FLOAT, HALVES);
    Conversion conversion =
        format == HalfFormats.F16 ? Conversion.F16_TO_F32 : Conversion.BF16_TO_F32;
    for (MemorySegment result : new MemorySegment[] {simd(conversion, x, y), twin(conversion, x)}) {
      for (int i = 0; i < HALVES; i++) {
        assertThat(bits(result.getAtIndex(JAVA_FLOAT, i)))
            .as("%x", i)
            .isEqualTo(bits(format.toFloat(i)));
      }
    }
  }

  /** The bits of NaN are not defined, and all the same here. */
  private static int bits(float x) {
    return Float.floatToIntBits(x);
  }

  /** All halves, and what is next to them and in the middle between two. */
  @ParameterizedTest
  @EnumSource
  void floatsAreRoundedToTheNearestHalf(HalfFormats format) {
    float[] floats = around(format);
    MemorySegment x = ARENA.allocateFrom(JAVA_FLOAT, floats);
    MemorySegment y = ARENA.allocate(JAVA_SHORT, floats.length);
    Conversion conversion =
        format == HalfFormats.F16 ? Conversion.F32_TO_F16 : Conversion.F32_TO_BF16;
    for (MemorySegment result : new MemorySegment[] {simd(conversion, x, y), twin(conversion, x)}) {
      for (int i = 0; i < floats.length; i++) {
        int half = Short.toUnsignedInt(result.getAtIndex(JAVA_SHORT, i));
        if (Float.isNaN(floats[i])) {
          assertThat(format.isNaN(half)).as("%x of NaN", half).isTrue();
        } else if (half != format.nearest(floats[i])) {
          assertThat(half).as("%a", floats[i]).isEqualTo(format.nearest(floats[i]));
        }
      }
    }
  }

  private static float[] around(HalfFormats format) {
    float[] floats = new float[8 * HALVES];
    int count = 0;
    for (int i = 0; i < HALVES; i++) {
      float half = format.toFloat(i);
      float next = i % (HALVES / 2) == HALVES / 2 - 1 ? half : format.toFloat(i + 1);
      float middle = (float) (((double) half + next) / 2);
      for (float x : new float[] {half, middle}) {
        floats[count++] = x;
        floats[count++] = Math.nextUp(x);
        floats[count++] = Math.nextDown(x);
      }
      floats[count++] = Float.intBitsToFloat(i << 16 | 1); // with bits at both ends
      floats[count++] = Float.intBitsToFloat(i << 16 | 0xffff);
    }
    return floats;
  }

  @Test
  void numbersBeyondTheLargestHalfAreInfinite() {
    assertThat(HalfFormats.F16.nearest(65_519.996f)).isEqualTo(0x7bff);
    assertThat(HalfFormats.F16.nearest(65_520f)).isEqualTo(0x7c00);
    assertThat(HalfFormats.BF16.nearest(Float.MAX_VALUE)).isEqualTo(0x7f80);
    assertThat(HalfFormats.F16.nearest(0x1p-25f)).isZero();
    assertThat(HalfFormats.F16.nearest(Math.nextUp(0x1p-25f))).isOne();
  }

  @Test
  void everyByteIsANumber() {
    MemorySegment x = ARENA.allocate(256);
    IntStream.range(0, 256).forEach(i -> x.set(JAVA_BYTE, i, (byte) i));
    MemorySegment floats = simd(Conversion.U8_TO_F32, x, ARENA.allocate(JAVA_FLOAT, 256));
    MemorySegment ints = simd(Conversion.U8_TO_I32, x, ARENA.allocate(JAVA_INT, 256));
    for (int i = 0; i < 256; i++) {
      assertThat(floats.getAtIndex(JAVA_FLOAT, i)).isEqualTo(i);
      assertThat(ints.getAtIndex(JAVA_INT, i)).isEqualTo(i);
    }
  }

  @Test
  void integersBeyond32BitsBecomeTheNearestOne() {
    long[] longs = {
      0,
      1,
      -1,
      -100,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      1L << 31,
      -(1L << 31) - 1,
      1L << 32,
      (1L << 32) + 7,
      Long.MAX_VALUE,
      Long.MIN_VALUE
    };
    long[] many = IntStream.range(0, 100).mapToLong(i -> longs[i % longs.length]).toArray();
    MemorySegment x = ARENA.allocateFrom(JAVA_LONG, many);
    int[] expected =
        Arrays.stream(many)
            .mapToInt(i -> Math.clamp(i, Integer.MIN_VALUE, Integer.MAX_VALUE))
            .toArray();
    MemorySegment y = simd(Conversion.I64_TO_I32, x, ARENA.allocate(JAVA_INT, many.length));
    assertThat(y.toArray(JAVA_INT)).isEqualTo(expected);
    assertThat(twin(Conversion.I64_TO_I32, x).toArray(JAVA_INT)).isEqualTo(expected);
  }

  @Test
  void integersBecomeTheNearestFloat() {
    int[] some = {
      0,
      1,
      -1,
      -100,
      1 << 24,
      (1 << 24) + 1, // in the middle between two: to the even one
      (1 << 24) + 3,
      -(1 << 24) - 1,
      (1 << 25) + 3,
      Integer.MAX_VALUE,
      Integer.MIN_VALUE,
      2_147_483_583,
      2_147_483_584
    };
    int[] many = IntStream.range(0, 100).map(i -> some[i % some.length]).toArray();
    MemorySegment x = ARENA.allocateFrom(JAVA_INT, many);
    MemorySegment y = simd(Conversion.I32_TO_F32, x, ARENA.allocate(JAVA_FLOAT, many.length));
    MemorySegment twin = twin(Conversion.I32_TO_F32, x);
    for (int i = 0; i < many.length; i++) {
      float nearest = new BigDecimal(many[i]).floatValue();
      assertThat(y.getAtIndex(JAVA_FLOAT, i)).as("%d", many[i]).isEqualTo(nearest);
      assertThat(twin.getAtIndex(JAVA_FLOAT, i)).as("%d", many[i]).isEqualTo(nearest);
    }
  }

  static Stream<Arguments> conversionsAndSizes() {
    return Stream.of(Conversion.values())
        .flatMap(c ->
            Stream.of(0, 1, 3, 7, 8, 9, 15, 16, 17, 31, 33, 65, 1000, 50_001)
                .map(size -> Arguments.of(c, size)));
  }

  /** In memory that is aligned to its elements alone, between guards. */
  @ParameterizedTest
  @MethodSource("conversionsAndSizes")
  void convertsSoManyElementsAndNoMore(Conversion c, int size) {
    SplittableRandom random = new SplittableRandom(size);
    MemorySegment x = between(c.from().byteSize(), size);
    for (long i = 0; i < x.byteSize(); i++) {
      x.set(JAVA_BYTE, i, (byte) random.nextInt());
    }
    int bytes = c.to().byteSize();
    MemorySegment whole = ARENA.allocate(128 + (long) size * bytes, 64).fill((byte) 0x5a);
    MemorySegment y = whole.asSlice(64 + bytes, (long) size * bytes);
    Conversions.convert(POOL, c, size, x, y);
    MemorySegment expected = twin(c, x);
    assertEqual(c, y, expected);
    MemorySegment shared = ARENA.allocate(y.byteSize(), 64);
    Conversions.convert(c, size, x, shared);
    assertEqual(c, shared, expected);
    y.fill((byte) 0x5a);
    assertThat(whole.toArray(JAVA_BYTE)).containsOnly(0x5a);
  }

  private static MemorySegment between(int bytes, long size) {
    return ARENA.allocate(128 + size * bytes, 64).asSlice(64 + bytes, size * bytes);
  }

  private static void assertEqual(Conversion c, MemorySegment actual, MemorySegment expected) {
    if (c == Conversion.F16_TO_F32) {
      assertThat(actual.toArray(JAVA_FLOAT)).isEqualTo(expected.toArray(JAVA_FLOAT));
    } else if (c == Conversion.F32_TO_F16) {
      for (long i = 0; i < actual.byteSize() / Short.BYTES; i++) {
        float half = HalfFormats.F16.toFloat(actual.getAtIndex(JAVA_SHORT, i));
        float of = HalfFormats.F16.toFloat(expected.getAtIndex(JAVA_SHORT, i));
        assertThat(bits(half)).isEqualTo(bits(of));
      }
    } else {
      assertThat(actual.mismatch(expected)).isEqualTo(-1);
    }
  }

  @Test
  void namesWhatIsWrong() {
    MemorySegment x = ARENA.allocate(64, 64);
    MemorySegment y = ARENA.allocate(64, 64);
    assertRefused("x must hold 33 elements of 2 bytes", Conversion.F16_TO_F32, 33, x, y);
    assertRefused("y must hold 17 elements of 4 bytes", Conversion.U8_TO_F32, 17, x, y);
    assertRefused("x must be aligned to 8", Conversion.I64_TO_I32, 2, x.asSlice(4), y);
    assertRefused("y must be aligned to 2", Conversion.F32_TO_F16, 2, x, y.asSlice(1));
    assertRefused("y must be writable", Conversion.U8_TO_I32, 2, x, y.asReadOnly());
    assertRefused("y must not overlap with x", Conversion.F32_TO_F16, 8, x, x);
    assertRefused("y must not overlap with x", Conversion.U8_TO_F32, 8, x.asSlice(31), x);
    assertRefused("size must not be negative but is -1", Conversion.U8_TO_F32, -1, x, y);
    Conversions.convert(Conversion.U8_TO_F32, 8, x.asSlice(32), x);
    Conversions.convert(Conversion.F32_TO_F16, 8, x, x.asSlice(32));
  }

  private static void assertRefused(
      String fault, Conversion c, long size, MemorySegment x, MemorySegment y) {
    assertThatThrownBy(() -> Conversions.convert(c, size, x, y))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
  }

  private static MemorySegment simd(Conversion c, MemorySegment x, MemorySegment y) {
    Conversions.convert(c, x.byteSize() / c.from().byteSize(), x, y);
    return y;
  }

  private static MemorySegment twin(Conversion c, MemorySegment x) {
    long size = x.byteSize() / c.from().byteSize();
    MemorySegment y = ARENA.allocate(size * c.to().byteSize(), 64);
    ScalarConversionKernels.INSTANCE.convert(c, x, y, 0, size);
    return y;
  }
}

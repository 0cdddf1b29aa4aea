package org.lanewise.kernels.simd.random;

import static org.lanewise.kernels.scalar.MathConstants.QUARTER_TURN;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.BLOCK;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.MULTIPLIER0;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.MULTIPLIER1;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.ROUNDS;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.UNIFORM_STEP;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.WEYL0;
import static org.lanewise.kernels.scalar.ScalarPhiloxKernels.WEYL1;
import static org.lanewise.kernels.simd.Lanes.BYTES;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.lanewise.kernels.scalar.ScalarPhiloxKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.math.VectorMath;

/**
 * Random numbers from a counter, as {@link ScalarPhiloxKernels} defines them.
 *
 * <p>A lane of a long vector holds half a block: its words 0 and 1, or 2 and 3, the first in the
 * high bits. In a round the high half of a product is combined with one word and the low half is
 * the other, so a round is a multiplication, a shift and exclusive-ors, without any splitting.
 * Whole vectors of words are first written to the output and then turned into numbers in place, in
 * chunks that stay in the first-level cache. Nothing is checked.
 */
public final class PhiloxKernels {
  private static final VectorSpecies<Long> I64 = F32.withLanes(long.class).check(long.class);

  /** Words that one vector of blocks yields. */
  private static final int STEP = BLOCK * I64.length();

  /** Words between two changes of pass: 8 KiB. */
  private static final long CHUNK = 2048;

  // Of pairs of ints, as two longs cannot be exchanged without going through the heap.
  private static final VectorShuffle<Integer> SWAP = VectorShuffle.fromOp(I32, i -> i ^ 2);
  private static final VectorMask<Integer> ODD = VectorMask.fromLong(I32, 0xCCCC);

  /**
   * Which block of a step each lane computes: lanes 2k and 2k+1 trade halves, and then the words of
   * the first half of all blocks are one vector, and those of the others a second one.
   */
  private static final LongVector BLOCKS =
      LongVector.fromArray(I64, blocksOfLanes(I64.length()), 0);

  /** The odd lanes, which hold the second words of pairs. */
  private static final VectorMask<Integer> ANGLES = VectorMask.fromLong(I32, 0xAAAA);

  /** A quarter turn in the even lanes, whose numbers are cosines. */
  private static final IntVector COSINE_TURNS =
      INTS.cast(LongVector.broadcast(I64, QUARTER_TURN).reinterpretShape(I32, 0));

  private static final long LOW_WORD = 0xFFFFFFFFL;

  private PhiloxKernels() {}

  private static long[] blocksOfLanes(int lanes) {
    long[] blocks = new long[lanes];
    for (int lane = 0; lane < lanes; lane++) {
      blocks[lane] = lane % 2 * (lanes / 2) + lane / 2;
    }
    return blocks;
  }

  /** {@code out[i] = low + u·(high − low)}; see {@link ScalarPhiloxKernels#uniform}. */
  public static void uniform(
      long seed,
      long stream,
      long offset,
      float low,
      float high,
      MemorySegment out,
      long from,
      long to) {
    long start = blockStart(offset, from, to);
    long end = to - (to - start) % STEP;
    ScalarPhiloxKernels.uniform(seed, stream, offset, low, high, out, from, start);
    for (long chunk = start; chunk < end; chunk += CHUNK) {
      long chunkEnd = Math.min(chunk + CHUNK, end);
      words(seed, stream, offset, out, chunk, chunkEnd);
      wordsToUniform(low, high, out, chunk, chunkEnd);
    }
    if (end < to) {
      ScalarPhiloxKernels.uniform(seed, stream, offset, low, high, out, end, to);
    }
  }

  /** {@code out[i] = mean + deviation·z}; see {@link ScalarPhiloxKernels#normal}. */
  public static void normal(
      long seed,
      long stream,
      long offset,
      float mean,
      float deviation,
      MemorySegment out,
      long from,
      long to) {
    long start = blockStart(offset, from, to);
    long end = to - (to - start) % STEP;
    ScalarPhiloxKernels.normal(seed, stream, offset, mean, deviation, out, from, start);
    for (long chunk = start; chunk < end; chunk += CHUNK) {
      long chunkEnd = Math.min(chunk + CHUNK, end);
      words(seed, stream, offset, out, chunk, chunkEnd);
      wordsToRadii(out, chunk, chunkEnd);
      radiiToNormal(mean, deviation, out, chunk, chunkEnd);
    }
    if (end < to) {
      ScalarPhiloxKernels.normal(seed, stream, offset, mean, deviation, out, end, to);
    }
  }

  /** The first element of the range that begins a block. */
  public static long blockStart(long offset, long from, long to) {
    return Math.min(to, from + (-(offset + from) & (BLOCK - 1)));
  }

  /** At least as many words, which {@link #words} can write: at most as a multiple of 32 has. */
  public static long wholeSteps(long words) {
    return (words + STEP - 1) / STEP * STEP;
  }

  /**
   * Writes the bits of the words {@code offset + i}, {@code from ≤ i < to}: whole steps, from the
   * beginning of a block.
   */
  public static void words(
      long seed, long stream, long offset, MemorySegment out, long from, long to) {
    out = Lanes.memory(out);
    for (long i = from; i < to; i += STEP) {
      LongVector a = swapWords(BLOCKS.add((offset + i) >>> 2));
      LongVector b = swapWords(LongVector.broadcast(I64, stream));
      long key0 = seed << 32;
      long key1 = seed & ~LOW_WORD;
      for (int round = 0; round < ROUNDS; round++) {
        LongVector product0 = highWord(a).mul(multiplier(MULTIPLIER0));
        LongVector product1 = highWord(b).mul(multiplier(MULTIPLIER1));
        a = xor(product1, xor(lowWordUp(a), key0));
        b = xor(product0, xor(lowWordUp(b), key1));
        key0 += (long) WEYL0 << 32;
        key1 += (long) WEYL1 << 32;
      }
      IntVector low = INTS.cast(swapWords(a).reinterpretShape(I32, 0));
      IntVector high = INTS.cast(swapWords(b).reinterpretShape(I32, 0));
      IntVector first = low.blend(high.rearrange(SWAP), ODD);
      IntVector second = low.rearrange(SWAP).blend(high, ODD);
      first.intoMemorySegment(out, i * Integer.BYTES, ORDER);
      second.intoMemorySegment(out, i * Integer.BYTES + BYTES, ORDER);
    }
  }

  /**
   * A word in the low half of each lane. The shift shows the compiler that the high half is zero,
   * as it is in the other factor: so it takes the instruction for products of words, which has a
   * third of the latency of the one for products of longs.
   */
  private static LongVector multiplier(int word) {
    return highWord(LongVector.broadcast(I64, (long) word << 32));
  }

  private static LongVector swapWords(LongVector x) {
    return x.lanewise(VectorOperators.ROL, 32);
  }

  private static LongVector highWord(LongVector x) {
    return x.lanewise(VectorOperators.LSHR, 32);
  }

  private static LongVector lowWordUp(LongVector x) {
    return x.lanewise(VectorOperators.LSHL, 32);
  }

  private static LongVector xor(LongVector x, LongVector y) {
    return x.lanewise(VectorOperators.XOR, y);
  }

  private static LongVector xor(LongVector x, long y) {
    return x.lanewise(VectorOperators.XOR, y);
  }

  private static void wordsToUniform(float low, float high, MemorySegment out, long from, long to) {
    out = Lanes.memory(out);
    FloatVector start = FloatVector.broadcast(F32, low);
    FloatVector range = FloatVector.broadcast(F32, high - low);
    for (long i = from; i < to; i += COUNT) {
      FloatVector u = toUnit(IntVector.fromMemorySegment(I32, out, i * Integer.BYTES, ORDER), 0);
      u.fma(range, start).intoMemorySegment(out, i * Float.BYTES, ORDER);
    }
  }

  /** Replaces the first word of each pair by the radius {@code √(−2 ln u)}. */
  private static void wordsToRadii(MemorySegment out, long from, long to) {
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      IntVector words = IntVector.fromMemorySegment(I32, out, i * Integer.BYTES, ORDER);
      FloatVector radii = VectorMath.log(toUnit(words, 1)).mul(-2f).sqrt();
      INTS.cast(radii.reinterpretShape(I32, 0))
          .blend(words, ANGLES)
          .intoMemorySegment(out, i * Integer.BYTES, ORDER);
    }
  }

  private static void radiiToNormal(
      float mean, float deviation, MemorySegment out, long from, long to) {
    out = Lanes.memory(out);
    FloatVector center = FloatVector.broadcast(F32, mean);
    FloatVector scale = FloatVector.broadcast(F32, deviation);
    for (long i = from; i < to; i += COUNT) {
      LongVector pairs = LongVector.fromMemorySegment(I64, out, i * Integer.BYTES, ORDER);
      FloatVector radii = FLOATS.cast(lowWordTwice(pairs).reinterpretShape(F32, 0));
      FloatVector z = radii.mul(VectorMath.sinTurn(highWordTwice(pairs).add(COSINE_TURNS)));
      z.fma(scale, center).intoMemorySegment(out, i * Float.BYTES, ORDER);
    }
  }

  private static IntVector lowWordTwice(LongVector x) {
    return INTS.cast(lowWordUp(x).or(x.and(LOW_WORD)).reinterpretShape(I32, 0));
  }

  private static IntVector highWordTwice(LongVector x) {
    return INTS.cast(highWord(x).or(x.and(~LOW_WORD)).reinterpretShape(I32, 0));
  }

  /** {@code (word / 2⁸ + plus) / 2²⁴}, exactly. */
  private static FloatVector toUnit(IntVector words, int plus) {
    IntVector upper = words.lanewise(VectorOperators.LSHR, 8).add(plus);
    return VectorMath.toFloat(upper).mul(UNIFORM_STEP);
  }
}

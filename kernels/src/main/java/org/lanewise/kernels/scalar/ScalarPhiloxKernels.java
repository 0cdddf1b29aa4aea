package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Random numbers from a counter: the generator Philox4x32-10 of Salmon, Moraes, Dror and Shaw
 * ("Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011), one element after the other.
 *
 * <p>A seed and a stream name a sequence of 32-bit words, of which any can be computed at once:
 * word i is the word {@code i mod 4} of the block whose counter is {@code i / 4} in the low 64 bits
 * and the stream in the high ones, under the seed as the key.
 */
public final class ScalarPhiloxKernels {
  /** Multiplies the first word of the counter in each round. */
  public static final int MULTIPLIER0 = 0xD2511F53;

  /** Multiplies the third word of the counter in each round. */
  public static final int MULTIPLIER1 = 0xCD9E8D57;

  /** Added to the first word of the key after each round: the golden ratio. */
  public static final int WEYL0 = 0x9E3779B9;

  /** Added to the second word of the key after each round: {@code √3 − 1}. */
  public static final int WEYL1 = 0xBB67AE85;

  /** Number of rounds. */
  public static final int ROUNDS = 10;

  /** Words in a block. */
  public static final int BLOCK = 4;

  /** Uniform numbers are multiples of it. */
  public static final float UNIFORM_STEP = 0x1p-24f;

  private ScalarPhiloxKernels() {}

  /** Word {@code index} of a stream, {@code index} read as unsigned. */
  public static int word(long seed, long stream, long index) {
    return word(seed, index >>> 2, stream, (int) index & 3);
  }

  /** Word {@code word} (0 to 3) of the block of a 128-bit counter under a 64-bit key. */
  public static int word(long key, long counterLow, long counterHigh, int word) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int x0 = (int) counterLow;
    int x1 = (int) (counterLow >>> 32);
    int x2 = (int) counterHigh;
    int x3 = (int) (counterHigh >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = Integer.toUnsignedLong(MULTIPLIER0) * Integer.toUnsignedLong(x0);
      long product1 = Integer.toUnsignedLong(MULTIPLIER1) * Integer.toUnsignedLong(x2);
      x0 = (int) (product1 >>> 32) ^ x1 ^ key0;
      x1 = (int) product1;
      x2 = (int) (product0 >>> 32) ^ x3 ^ key1;
      x3 = (int) product0;
      key0 += WEYL0;
      key1 += WEYL1;
    }
    return switch (word) {
      case 0 -> x0;
      case 1 -> x1;
      case 2 -> x2;
      default -> x3;
    };
  }

  /**
   * {@code out[i] = low + u·(high − low)} for {@code from ≤ i < to}, u a multiple of 2⁻²⁴ in [0, 1)
   * from word {@code offset + i} of the stream.
   */
  public static void uniform(
      long seed,
      long stream,
      long offset,
      float low,
      float high,
      MemorySegment out,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float u = (word(seed, stream, offset + i) >>> 8) * UNIFORM_STEP;
      out.setAtIndex(JAVA_FLOAT, i, Math.fma(u, high - low, low));
    }
  }

  /**
   * {@code out[i] = mean + deviation·z} for {@code from ≤ i < to}, z standard normal by the method
   * of Box and Muller (Annals of Mathematical Statistics 29, 1958): words 2k and 2k+1 of the stream
   * give a radius {@code √(−2 ln u)}, u in (0, 1], and an angle, whose cosine makes element 2k of
   * the stream and whose sine element 2k+1.
   */
  public static void normal(
      long seed,
      long stream,
      long offset,
      float mean,
      float deviation,
      MemorySegment out,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      long index = offset + i;
      float u = ((word(seed, stream, index & ~1) >>> 8) + 1) * UNIFORM_STEP;
      float radius = (float) Math.sqrt(-2f * ScalarMath.log(u));
      int turn = word(seed, stream, index | 1);
      if (index % 2 == 0) {
        turn += MathConstants.QUARTER_TURN; // cos θ = sin(θ + π/2)
      }
      float z = radius * ScalarMath.sinTurn(turn);
      out.setAtIndex(JAVA_FLOAT, i, Math.fma(z, deviation, mean));
    }
  }
}

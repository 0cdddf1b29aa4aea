package org.lanewise.kernels.op;

/**
 * What makes dropout differ from run to run, as an operand i32[3]: the low and the high word of the
 * seed, which should be another one than that of other random numbers, and the step, which the
 * caller counts. Element i is dropped by word i of the {@code Random} numbers of that seed and of
 * the stream {@code step · 2³² + the op's stream}, both as unsigned numbers.
 */
public final class DropoutSeed {
  /** Index of the low word of the seed. */
  public static final int LOW = 0;

  /** Index of the high word of the seed. */
  public static final int HIGH = 1;

  /** Index of the step. */
  public static final int STEP = 2;

  /** The operand's type. */
  public static final TensorType TYPE = TensorType.i32(3);

  private DropoutSeed() {}

  /** A number of 64 bits of two words, such as a seed, or the stream of a step. */
  public static long join(int high, int low) {
    return (long) high << Integer.SIZE | Integer.toUnsignedLong(low);
  }
}

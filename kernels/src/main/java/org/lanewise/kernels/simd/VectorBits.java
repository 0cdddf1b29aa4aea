package org.lanewise.kernels.simd;

import java.util.Set;

/**
 * The most bits of a vector: what the system property {@code lanewise.vector.bits} says, 128, 256
 * or 512, or else 512.
 */
public final class VectorBits {
  private static final String PROPERTY = "lanewise.vector.bits";

  private static final String SETTING = System.getProperty(PROPERTY, "512");

  private static final boolean VALID = Set.of("128", "256", "512").contains(SETTING);

  private VectorBits() {}

  /**
   * Refuses a wrong setting. Whoever calls a vector kernel calls this first: the kernels' vector
   * shapes are constants, and a class whose constants fail throws an error that hides the reason.
   *
   * @throws IllegalStateException if the property is neither 128 nor 256 nor 512
   */
  public static void requireValid() {
    if (!VALID) {
      throw new IllegalStateException(
          "the system property %s must be 128, 256 or 512 but is '%s'"
              .formatted(PROPERTY, SETTING));
    }
  }

  static int most() {
    requireValid();
    return Integer.parseInt(SETTING);
  }
}

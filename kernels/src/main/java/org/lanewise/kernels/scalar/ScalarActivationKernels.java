package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Activation;

/** Activations and their gradients, one element after the other. */
public final class ScalarActivationKernels {
  private ScalarActivationKernels() {}

  /** {@code y = f(x)} for elements {@code from ≤ i < to}; y may be x. */
  public static void forward(Activation f, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value(f, x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  private static float value(Activation f, float x) {
    return switch (f) {
      case RELU -> x < 0f ? 0f : x;
      case SIGMOID -> ScalarMath.sigmoid(x);
      case TANH -> ScalarMath.tanh(x);
    };
  }

  /**
   * {@code dx = f′(x) · dy} from {@code y = f(x)}, or {@code dx += …}, for elements {@code from ≤ i
   * < to}; dx may be dy.
   */
  public static void backward(
      Activation f,
      boolean accumulate,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float gradient = gradient(f, y.getAtIndex(JAVA_FLOAT, i), dy.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, accumulate ? dx.getAtIndex(JAVA_FLOAT, i) + gradient : gradient);
    }
  }

  private static float gradient(Activation f, float y, float dy) {
    return switch (f) {
      case RELU -> y <= 0f ? 0f : dy;
      case SIGMOID -> dy * (y * (1f - y));
      case TANH -> dy * Math.fma(-y, y, 1f);
    };
  }
}

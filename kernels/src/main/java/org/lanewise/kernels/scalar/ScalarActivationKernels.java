package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.Activation.LEAKY_SLOPE;
import static org.lanewise.kernels.scalar.MathConstants.ONE_SIXTH;
import static org.lanewise.kernels.scalar.MathConstants.ONE_THIRD;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ActivationKernels;
import org.lanewise.kernels.op.Activation;

/** Activations and their gradients, one element after the other. */
public final class ScalarActivationKernels implements ActivationKernels {
  /** The only instance. */
  public static final ScalarActivationKernels INSTANCE = new ScalarActivationKernels();

  private ScalarActivationKernels() {}

  @Override
  public void forward(Activation f, MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i++) {
      y.setAtIndex(JAVA_FLOAT, i, value(f, x.getAtIndex(JAVA_FLOAT, i)));
    }
  }

  private static float value(Activation f, float x) {
    return switch (f) {
      case RELU -> x < 0f ? 0f : x;
      case LEAKY_RELU -> x < 0f ? x * LEAKY_SLOPE : x;
      case ELU -> x > 0f ? x : ScalarMath.expm1(x);
      case SIGMOID -> ScalarMath.sigmoid(x);
      case TANH -> ScalarMath.tanh(x);
      case SOFTPLUS -> ScalarMath.softplus(x);
      case SILU -> ScalarMath.silu(x);
      case GELU -> ScalarMath.gelu(x);
      case GELU_TANH -> ScalarMath.geluTanh(x);
      case HARDSWISH -> hardswish(x);
      case EXP -> ScalarMath.exp(x);
      case LOG -> ScalarMath.log(x);
      case SQRT -> (float) Math.sqrt(x);
      case RSQRT -> ScalarMath.rsqrt(x);
      case RECIPROCAL -> 1f / x;
      case SQUARE -> x * x;
      case ABS -> Math.abs(x);
    };
  }

  /** Outside of −3…3 it is x or 0, also where the product would be infinite or NaN. */
  private static float hardswish(float x) {
    float y = x * (x + 3f) * ONE_SIXTH;
    y = x < -3f ? -0f : y;
    return x > 3f ? x : y;
  }

  @Override
  public void backward(
      Activation f,
      boolean accumulate,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float gradient = gradient(f, saved.getAtIndex(JAVA_FLOAT, i), dy.getAtIndex(JAVA_FLOAT, i));
      dx.setAtIndex(JAVA_FLOAT, i, accumulate ? dx.getAtIndex(JAVA_FLOAT, i) + gradient : gradient);
    }
  }

  private static float gradient(Activation f, float saved, float dy) {
    return switch (f.gradient()) {
      case FROM_INPUT -> gradientOfInput(f, saved, dy);
      case FROM_OUTPUT -> gradientOfOutput(f, saved, dy);
    };
  }

  private static float gradientOfInput(Activation f, float x, float dy) {
    return switch (f) {
      case SILU -> dy * ScalarMath.siluDerivative(x);
      case GELU -> dy * ScalarMath.geluDerivative(x);
      case GELU_TANH -> dy * ScalarMath.geluTanhDerivative(x);
      case HARDSWISH -> hardswishGradient(x, dy);
      case LOG -> dy / x;
      case SQUARE -> dy * (x + x);
      case ABS -> x == 0f ? 0f : x < 0f ? -dy : dy;
      default -> throw new IllegalArgumentException(f.toString());
    };
  }

  private static float hardswishGradient(float x, float dy) {
    float gradient = dy * Math.fma(x, ONE_THIRD, 0.5f);
    gradient = x < -3f ? 0f : gradient;
    return x > 3f ? dy : gradient;
  }

  private static float gradientOfOutput(Activation f, float y, float dy) {
    return switch (f) {
      case RELU -> y <= 0f ? 0f : dy;
      case LEAKY_RELU -> y <= 0f ? dy * LEAKY_SLOPE : dy;
      case ELU -> y > 0f ? dy : Math.fma(dy, y, dy);
      case SIGMOID -> dy * (y * (1f - y));
      case TANH -> dy * Math.fma(-y, y, 1f);
      case SOFTPLUS -> -dy * ScalarMath.expm1(-y);
      case EXP -> dy * y;
      case SQRT -> dy / (y + y);
      case RSQRT -> dy * (y * y * y * -0.5f);
      case RECIPROCAL -> -dy * (y * y);
      default -> throw new IllegalArgumentException(f.toString());
    };
  }
}

package org.lanewise.kernels.scalar;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.simd.activation.SimdActivationKernels;
import org.lanewise.kernels.simd.math.FunctionKernels;

/**
 * An elementary function of one float, in three forms.
 *
 * @param twin scalar
 * @param kernel of vectors
 * @param reference in f64
 * @param maxUlp documented maximum error
 * @param low start of a range in which the function is neither constant nor linear
 * @param high its end
 * @param thresholds where the computation changes
 */
public record MathCase(
    String name,
    Twin twin,
    Kernel kernel,
    DoubleUnaryOperator reference,
    double maxUlp,
    double low,
    double high,
    List<Float> thresholds) {
  /** A function of one float. */
  @FunctionalInterface
  public interface Twin {
    /** f(x). */
    float apply(float x);
  }

  /** A function of elements {@code from ≤ i < to}. */
  @FunctionalInterface
  public interface Kernel {
    /** y = f(x). */
    void run(MemorySegment x, MemorySegment y, long from, long to);
  }

  /** Odd, so that its multiples visit every bit pattern, and far from any pattern's period. */
  private static final int STRIDE = 0x9E3779B1;

  /** Floats on either side of a threshold that are tried. */
  private static final int NEIGHBOURS = 4;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    Float.NaN,
    Float.intBitsToFloat(0xffc00000),
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE
  };

  /** All functions. */
  public static List<MathCase> all() {
    return List.of(
        activation(
            Activation.EXP,
            ScalarMath::exp,
            References::exp,
            MathConstants.EXP_MAX_ULP,
            -104,
            89,
            MathConstants.EXP_LOW,
            88.72284f,
            89.07f,
            89.8f,
            -87.33655f,
            -103.97208f),
        function(
            MathFunction.EXPM1,
            ScalarMath::expm1,
            References::expm1,
            MathConstants.EXPM1_MAX_ULP,
            -20,
            89,
            MathConstants.EXPM1_LOW,
            MathConstants.EXPM1_LINEAR,
            -MathConstants.EXPM1_LINEAR,
            0.34657359f,
            -0.34657359f,
            88.72284f,
            89.07f),
        activation(
            Activation.LOG,
            ScalarMath::log,
            StrictMath::log,
            MathConstants.LOG_MAX_ULP,
            0.1,
            10,
            2f / 3,
            4f / 3),
        function(
            MathFunction.LOG1P,
            ScalarMath::log1p,
            References::log1p,
            MathConstants.LOG1P_MAX_ULP,
            -1,
            3,
            -0.25f,
            0.5f,
            2f),
        function(
            MathFunction.ERF,
            ScalarMath::erf,
            References::erf,
            MathConstants.ERF_MAX_ULP,
            -4,
            4,
            MathConstants.ERF_SMALL,
            -MathConstants.ERF_SMALL,
            MathConstants.ERF_HIGH,
            -MathConstants.ERF_HIGH),
        function(
            MathFunction.SIN,
            ScalarMath::sin,
            StrictMath::sin,
            MathConstants.SIN_MAX_ULP,
            -30_000,
            30_000,
            MathConstants.TURNS_HIGH,
            -MathConstants.TURNS_HIGH,
            0.78539816f,
            3.1415927f,
            6.2831855f),
        function(
            MathFunction.COS,
            ScalarMath::cos,
            StrictMath::cos,
            MathConstants.COS_MAX_ULP,
            -30_000,
            30_000,
            MathConstants.TURNS_HIGH,
            -MathConstants.TURNS_HIGH,
            0.78539816f,
            1.5707964f,
            4.712389f),
        activation(
            Activation.RSQRT,
            ScalarMath::rsqrt,
            References::rsqrt,
            MathConstants.RSQRT_MAX_ULP,
            0,
            4),
        activation(
            Activation.SIGMOID,
            ScalarMath::sigmoid,
            References::sigmoid,
            MathConstants.SIGMOID_MAX_ULP,
            -104,
            20,
            MathConstants.EXP_LOW,
            -MathConstants.EXP_LOW),
        activation(
            Activation.TANH,
            ScalarMath::tanh,
            References::tanh,
            MathConstants.TANH_MAX_ULP,
            -9.1,
            9.1,
            MathConstants.TANH_HIGH,
            -MathConstants.TANH_HIGH,
            0.17328680f),
        activation(
            Activation.SOFTPLUS,
            ScalarMath::softplus,
            References::softplus,
            MathConstants.SOFTPLUS_MAX_ULP,
            -104,
            20,
            MathConstants.EXP_LOW,
            -MathConstants.EXP_LOW),
        activation(
            Activation.SILU,
            ScalarMath::silu,
            References::silu,
            MathConstants.SILU_MAX_ULP,
            -110,
            20,
            MathConstants.SILU_HIGH,
            -MathConstants.SILU_HIGH,
            -87.5f,
            -108.6f),
        activation(
            Activation.GELU,
            ScalarMath::gelu,
            References::gelu,
            MathConstants.GELU_MAX_ULP,
            -14.5,
            6,
            MathConstants.GELU_HIGH,
            -MathConstants.GELU_HIGH,
            -13f,
            -14.1f),
        activation(
            Activation.GELU_TANH,
            ScalarMath::geluTanh,
            References::geluTanh,
            MathConstants.GELU_TANH_MAX_ULP,
            -11,
            6,
            MathConstants.GELU_TANH_HIGH,
            -MathConstants.GELU_TANH_HIGH,
            -10.1f,
            -10.7f));
  }

  private static MathCase function(
      MathFunction f,
      Twin twin,
      DoubleUnaryOperator reference,
      double maxUlp,
      double low,
      double high,
      Float... thresholds) {
    return new MathCase(
        f.name().toLowerCase(),
        twin,
        (x, y, from, to) -> FunctionKernels.apply(f, x, y, from, to),
        reference,
        maxUlp,
        low,
        high,
        List.of(thresholds));
  }

  private static MathCase activation(
      Activation f,
      Twin twin,
      DoubleUnaryOperator reference,
      double maxUlp,
      double low,
      double high,
      Float... thresholds) {
    return new MathCase(
        f.name().toLowerCase(),
        twin,
        (x, y, from, to) -> SimdActivationKernels.INSTANCE.forward(f, x, y, from, to),
        reference,
        maxUlp,
        low,
        high,
        List.of(thresholds));
  }

  /** The error in units in the last place of the exact value, rounded to f32. */
  public double ulps(float x, float y) {
    double exact = reference.applyAsDouble(x);
    float rounded = (float) exact;
    if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0f && exact == 0) {
      return Float.compare(y, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(y - exact) / Math.ulp(rounded);
  }

  /**
   * As many arguments from all bit patterns, as many again from the range of interest, special
   * values, and the neighbours of thresholds and of those.
   */
  public float[] arguments(int count) {
    int around = 2 * NEIGHBOURS + 1;
    float[] x = new float[2 * count + (thresholds.size() + SPECIAL.length) * around];
    int n = 0;
    for (int i = 0; i < count; i++) {
      x[n++] = Float.intBitsToFloat(i * STRIDE);
      x[n++] = (float) (low + (high - low) * i / count);
    }
    for (int i = 0; i < thresholds.size() + SPECIAL.length; i++) {
      float center = i < SPECIAL.length ? SPECIAL[i] : thresholds.get(i - SPECIAL.length);
      for (int step = -NEIGHBOURS; step <= NEIGHBOURS; step++) {
        x[n++] = Float.intBitsToFloat(Float.floatToRawIntBits(center) + step);
      }
    }
    return x;
  }

  @Override
  public String toString() {
    return name;
  }
}

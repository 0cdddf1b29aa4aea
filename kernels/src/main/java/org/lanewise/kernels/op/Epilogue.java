package org.lanewise.kernels.op;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a matrix product does to each element of C once its sum is complete: {@code function(c +
 * bias + residual)}. A convolution is one with a row for each filter.
 *
 * @param bias what is added along rows or columns
 * @param residual whether an element of a matrix of C's shape is added
 * @param function what is applied at the end
 * @param low least value of {@link Function#CLAMP}, else −∞
 * @param high greatest value of {@link Function#CLAMP}, else ∞
 */
public record Epilogue(Bias bias, boolean residual, Function function, double low, double high) {
  /** Nothing. */
  public static final Epilogue NONE = of(Bias.NONE, Function.NONE);

  /** Adds {@code bias[j]} to column j. */
  public static final Epilogue BIAS = of(Bias.COLUMN, Function.NONE);

  /** Adds {@code bias[i]} to row i. */
  public static final Epilogue ROW_BIAS = of(Bias.ROW, Function.NONE);

  /** Replaces negative elements by 0. */
  public static final Epilogue RELU = of(Bias.NONE, Function.RELU);

  /** Adds {@code bias[j]} to column j, then replaces negative elements by 0. */
  public static final Epilogue BIAS_RELU = of(Bias.COLUMN, Function.RELU);

  /** The vector that is added to C. */
  public enum Bias {
    /** None. */
    NONE,
    /** {@code bias[i]} is added to the elements of row i. */
    ROW,
    /** {@code bias[j]} is added to the elements of column j. */
    COLUMN
  }

  /** The function of one element. NaN gives NaN. */
  public enum Function {
    /** {@code x}. */
    NONE,
    /** {@code x < 0 ? 0 : x}. */
    RELU(Activation.RELU),
    /** {@code x < low ? low : x > high ? high : x}. */
    CLAMP,
    /** Hyperbolic tangent. */
    TANH(Activation.TANH),
    /** {@code x / (1 + e⁻ˣ)}. */
    SILU(Activation.SILU),
    /** {@code x·Φ(x) = ½x·(1 + erf(x/√2))}. */
    GELU(Activation.GELU),
    /** {@code x / (1 + e⁻²ᵘ)} with {@code u = √(2/π)·(x + 0.044715·x³)}: GELU's tanh form. */
    GELU_TANH(Activation.GELU_TANH);

    private final Optional<Activation> activation;

    Function() {
      activation = Optional.empty();
    }

    Function(Activation activation) {
      this.activation = Optional.of(activation);
    }

    /** The activation that this is, if it is one. */
    public Optional<Activation> activation() {
      return activation;
    }

    /** The function that an activation is, if there is one. */
    public static Optional<Function> of(Activation activation) {
      return Arrays.stream(values())
          .filter(f -> f.activation.equals(Optional.of(activation)))
          .findFirst();
    }
  }

  /**
   * @throws IllegalArgumentException if bounds are given to a function without, or not {@code low ≤
   *     high}
   */
  public Epilogue {
    boolean bounded = low != Double.NEGATIVE_INFINITY || high != Double.POSITIVE_INFINITY;
    if (bounded && function != Function.CLAMP) {
      throw new IllegalArgumentException(function + " has no bounds but is given some");
    }
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "low must be at most high but is %s, %s".formatted(low, high));
    }
  }

  /** A bias and a function without bounds. */
  public static Epilogue of(Bias bias, Function function) {
    return new Epilogue(bias, false, function, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** This epilogue with another bias. */
  public Epilogue withBias(Bias bias) {
    return new Epilogue(bias, residual, function, low, high);
  }

  /** This epilogue, with a residual. */
  public Epilogue withResidual() {
    return new Epilogue(bias, true, function, low, high);
  }

  /** This epilogue with another function. */
  public Epilogue withFunction(Function function) {
    return of(bias, function).withResidual(residual);
  }

  /** This epilogue with elements clamped to a range as its function. */
  public Epilogue withClamp(double low, double high) {
    return new Epilogue(bias, residual, Function.CLAMP, low, high);
  }

  private Epilogue withResidual(boolean residual) {
    return new Epilogue(bias, residual, function, low, high);
  }

  /** Whether there is anything to do. */
  public boolean isPresent() {
    return hasBias() || residual || function != Function.NONE;
  }

  /** Whether the function is ReLU. */
  public boolean hasRelu() {
    return function == Function.RELU;
  }

  /** Whether a bias is added. */
  public boolean hasBias() {
    return bias != Bias.NONE;
  }
}

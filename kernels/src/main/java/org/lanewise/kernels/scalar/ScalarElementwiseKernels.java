package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.ElementwiseKernels;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;

/** Functions of two tensors and their gradients, one element after the other. */
public final class ScalarElementwiseKernels implements ElementwiseKernels {
  /** The only instance. */
  public static final ScalarElementwiseKernels INSTANCE = new ScalarElementwiseKernels();

  private ScalarElementwiseKernels() {}

  /** {@code f(x, y)}. */
  public static float apply(BinaryFunction f, float x, float y) {
    return switch (f) {
      case ADD -> x + y;
      case SUBTRACT -> x - y;
      case MULTIPLY -> x * y;
      case DIVIDE -> x / y;
      case MAXIMUM -> y > x || Float.isNaN(y) ? y : x;
      case MINIMUM -> y < x || Float.isNaN(y) ? y : x;
      case LESS -> x < y ? 1f : 0f;
      case LESS_OR_EQUAL -> x <= y ? 1f : 0f;
      case GREATER -> x > y ? 1f : 0f;
      case GREATER_OR_EQUAL -> x >= y ? 1f : 0f;
      case EQUAL -> x == y ? 1f : 0f;
      case NOT_EQUAL -> x != y ? 1f : 0f;
    };
  }

  /** {@code −dz · (x / y) / y}: the gradient of a quotient with respect to y. */
  public static float divisorGradient(float x, float y, float dz) {
    return -dz * (x / y / y);
  }

  /** dz if {@code a > b} or one is NaN, half of it if they are equal, otherwise 0. */
  public static float winnerGradient(float a, float b, float dz) {
    return a < b ? 0f : a == b ? dz * 0.5f : dz;
  }

  @Override
  public void binary(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float other = y.getAtIndex(JAVA_FLOAT, Repeated.index(broadcast, columns, i));
      write(accumulate, z, i, apply(f, x.getAtIndex(JAVA_FLOAT, i), other));
    }
  }

  @Override
  public void gradientX(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dx,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float a = x.getAtIndex(JAVA_FLOAT, i);
      float b = y.getAtIndex(JAVA_FLOAT, Repeated.index(broadcast, columns, i));
      float g = dz.getAtIndex(JAVA_FLOAT, i);
      float gradient =
          switch (f) {
            case ADD, SUBTRACT -> g;
            case MULTIPLY -> g * b;
            case DIVIDE -> g / b;
            case MAXIMUM -> winnerGradient(a, b, g);
            case MINIMUM -> winnerGradient(b, a, g);
            default -> throw new IllegalArgumentException(f + " has no gradient");
          };
      write(accumulate, dx, i, gradient);
    }
  }

  @Override
  public void gradientY(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dy,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float a = x.getAtIndex(JAVA_FLOAT, i);
      float b = y.getAtIndex(JAVA_FLOAT, Repeated.index(broadcast, columns, i));
      float g = dz.getAtIndex(JAVA_FLOAT, i);
      float gradient =
          switch (f) {
            case ADD -> g;
            case SUBTRACT -> -g;
            case MULTIPLY -> g * a;
            case DIVIDE -> divisorGradient(a, b, g);
            case MAXIMUM -> winnerGradient(b, a, g);
            case MINIMUM -> winnerGradient(a, b, g);
            default -> throw new IllegalArgumentException(f + " has no gradient");
          };
      write(accumulate, dy, i, gradient);
    }
  }

  @Override
  public void where(
      Repeated condition, Repeated x, Repeated y, MemorySegment z, long from, long to) {
    for (long i = from; i < to; i++) {
      z.setAtIndex(JAVA_FLOAT, i, condition.get(i) != 0f ? x.get(i) : y.get(i));
    }
  }

  @Override
  public void repeat(
      Broadcast broadcast,
      float alpha,
      boolean accumulate,
      long columns,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float value = y.getAtIndex(JAVA_FLOAT, Repeated.index(broadcast, columns, i));
      write(accumulate, z, i, value * alpha);
    }
  }

  private static void write(boolean accumulate, MemorySegment z, long i, float value) {
    z.setAtIndex(JAVA_FLOAT, i, accumulate ? z.getAtIndex(JAVA_FLOAT, i) + value : value);
  }
}

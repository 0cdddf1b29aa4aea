package org.lanewise.kernels.simd;

import static org.lanewise.kernels.scalar.MathConstants.EXP_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_HIGH;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.VirtualLanes;

/**
 * Functions in place on a dense tile of f32 in native memory, with the bits of {@link ScalarMath}.
 * The number of elements is a multiple of 16 and at most 1,024; nothing is checked.
 */
public final class TileFunctions {
  private TileFunctions() {}

  /** Memory of the calling thread for a tile. */
  public static MemorySegment tileOfThread() {
    return Scratch.ofThread().tile;
  }

  /** A number of columns, rounded up to what the functions take. */
  public static long roundUp(long columns) {
    return (columns + VirtualLanes.COUNT - 1) / VirtualLanes.COUNT * VirtualLanes.COUNT;
  }

  /** Applies an epilogue's function, one with an exponential. */
  public static void apply(Epilogue.Function function, MemorySegment x, long count) {
    switch (function) {
      case TANH -> tanh(x, count);
      case SILU -> silu(x, count);
      case GELU -> gelu(x, count);
      case NONE, RELU, CLAMP -> throw new IllegalArgumentException(function + " is none of these");
    }
  }

  /** {@code x = tanh(x)}, as {@link ScalarMath#tanh}. */
  public static void tanh(MemorySegment x, long count) {
    MemorySegment exp = Scratch.ofThread().chunk;
    ExponentialLoops.expOfAbs(x, 0, 2f, exp, 0, count);
    ExponentialLoops.tanh(x, 0, exp, x, 0, count);
  }

  /** {@code x = x · sigmoid(x)}, as {@link ScalarMath#silu}. */
  public static void silu(MemorySegment x, long count) {
    MemorySegment exp = Scratch.ofThread().chunk;
    ExponentialLoops.expOfAbs(x, 0, -1f, exp, 0, count);
    siluOfExp(x, exp, count);
  }

  /** {@code x = x · sigmoid(2u)} with u of the tanh form, as {@link ScalarMath#gelu}. */
  public static void gelu(MemorySegment x, long count) {
    Scratch scratch = Scratch.ofThread();
    geluArguments(x, scratch.chunk, scratch.errors, count);
    ExponentialLoops.expOfAbs(scratch.chunk, 0, -1f, scratch.chunk, 0, count);
    geluOfExp(x, scratch.chunk, scratch.errors, count);
  }

  private static void siluOfExp(MemorySegment x, MemorySegment exp, long count) {
    if (count == 0) {
      return;
    }
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector e = FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, i * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector sum = one.add(e);
      FloatVector lost = one.sub(sum).add(e);
      FloatVector s = one.blend(e, v.compare(VectorOperators.LT, 0f)).div(sum);
      v.blend(EXP_LOW, v.compare(VectorOperators.LT, EXP_LOW))
          .mul(s.neg().fma(lost, s))
          .intoMemorySegment(x, i * Float.BYTES, ORDER);
    }
  }

  /** The argument {@code |2u|} of the exponential, and what rounding took from it. */
  private static void geluArguments(
      MemorySegment x, MemorySegment arguments, MemorySegment errors, long count) {
    if (count == 0) {
      return;
    }
    for (long i = 0; i < count; i += COUNT) {
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER)).abs();
      a = a.blend(GELU_HIGH, a.compare(VectorOperators.GT, GELU_HIGH));
      FloatVector cubic = FloatVector.broadcast(F32, GELU_3);
      FloatVector linear = FLOATS.cast(FloatVector.broadcast(F32, GELU_1));
      FloatVector z = a.mul(a);
      FloatVector zError = a.fma(a, z.neg());
      FloatVector p = z.mul(cubic);
      FloatVector pError = z.fma(cubic, p.neg());
      FloatVector q = p.add(linear);
      FloatVector added = q.sub(p);
      FloatVector qError = p.sub(q.sub(added)).add(linear.sub(added));
      FloatVector constants =
          z.fma(FloatVector.broadcast(F32, GELU_3_LOW), FloatVector.broadcast(F32, GELU_1_LOW));
      qError = qError.add(pError.add(zError.fma(cubic, constants)));
      FloatVector argument = a.mul(q);
      argument.intoMemorySegment(arguments, i * Float.BYTES, ORDER);
      a.fma(q, argument.neg()).add(a.mul(qError)).intoMemorySegment(errors, i * Float.BYTES, ORDER);
    }
  }

  private static void geluOfExp(
      MemorySegment x, MemorySegment exp, MemorySegment errors, long count) {
    if (count == 0) {
      return;
    }
    for (long i = 0; i < count; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector e = FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, i * Float.BYTES, ORDER));
      FloatVector error =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, errors, i * Float.BYTES, ORDER));
      e = e.neg().fma(error, e);
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector sum = one.add(e);
      FloatVector lost = one.sub(sum).add(e);
      FloatVector s = one.blend(e, v.compare(VectorOperators.LT, 0f)).div(sum);
      v.blend(-GELU_HIGH, v.compare(VectorOperators.LT, -GELU_HIGH))
          .mul(s.neg().fma(lost, s))
          .intoMemorySegment(x, i * Float.BYTES, ORDER);
    }
  }
}

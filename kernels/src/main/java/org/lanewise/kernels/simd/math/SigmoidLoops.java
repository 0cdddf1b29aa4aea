package org.lanewise.kernels.simd.math;

import static org.lanewise.kernels.scalar.MathConstants.EXPM1_2;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_3;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_4;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_5;
import static org.lanewise.kernels.scalar.MathConstants.EXPM1_6;
import static org.lanewise.kernels.scalar.MathConstants.EXP_2;
import static org.lanewise.kernels.scalar.MathConstants.EXP_3;
import static org.lanewise.kernels.scalar.MathConstants.EXP_4;
import static org.lanewise.kernels.scalar.MathConstants.EXP_5;
import static org.lanewise.kernels.scalar.MathConstants.EXP_6;
import static org.lanewise.kernels.scalar.MathConstants.EXP_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_1_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_3_LOW;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_HIGH_BITS;
import static org.lanewise.kernels.scalar.MathConstants.LN2_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.LN2_LOW;
import static org.lanewise.kernels.scalar.MathConstants.LOG2_E;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_BITS;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_POWER;
import static org.lanewise.kernels.scalar.MathConstants.ROUND_SCALED_POWER;
import static org.lanewise.kernels.scalar.MathConstants.SIGN_MASK;
import static org.lanewise.kernels.scalar.MathConstants.SILU_HIGH_BITS;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_10;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_2;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_3;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_4;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_5;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_6;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_7;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_8;
import static org.lanewise.kernels.scalar.MathConstants.SOFTPLUS_9;
import static org.lanewise.kernels.scalar.MathConstants.TANH_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.TANH_RECIPROCAL_BITS;
import static org.lanewise.kernels.scalar.MathConstants.UNSCALE;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.I32;
import static org.lanewise.kernels.simd.Lanes.INTS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/** Functions of the logistic family, as {@link ExponentialLoops}. */
public final class SigmoidLoops {
  private SigmoidLoops() {}

  /** {@code y = sigmoid(x)}, as {@link ScalarMath#sigmoid}. */
  public static void sigmoid(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(-EXP_LOW, a.compare(VectorOperators.GT, -EXP_LOW));
      FloatVector rounded =
          a.fma(
              FloatVector.broadcast(F32, -LOG2_E), FloatVector.broadcast(F32, ROUND_SCALED_POWER));
      FloatVector n = rounded.sub(ROUND_SCALED_POWER);
      FloatVector r = n.fma(FloatVector.broadcast(F32, LN2_HIGH), a);
      r = n.fma(FloatVector.broadcast(F32, LN2_LOW), r);
      FloatVector slope =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, -EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, -EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, FloatVector.broadcast(F32, -1f));
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector e = slope.fma(r, one).mul(power).mul(UNSCALE);
      FloatVector sum = one.add(e);
      FloatVector excess = sum.sub(1f).sub(e);
      FloatVector s = one.blend(e, v.compare(VectorOperators.LT, 0f)).div(sum);
      s.fma(excess, s).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /**
   * {@code y = softplus(x)}, as {@link ScalarMath#softplus}, from {@code exp[i − from] =
   * exp(−|x[i]|)}.
   */
  public static void softplusOfExp(
      MemorySegment x, MemorySegment exp, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    exp = Lanes.memory(exp);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, (i - from) * Float.BYTES, ORDER));
      FloatVector p =
          e.fma(FloatVector.broadcast(F32, SOFTPLUS_10), FloatVector.broadcast(F32, SOFTPLUS_9))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_8))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_7))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_6))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_5))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_4))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_3))
              .fma(e, FloatVector.broadcast(F32, SOFTPLUS_2));
      FloatVector zero = FLOATS.cast(FloatVector.broadcast(F32, 0f));
      zero.blend(v, v.compare(VectorOperators.GT, 0f))
          .add(e.mul(e).fma(p, e))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = silu(x)}, as {@link ScalarMath#silu}. */
  public static void silu(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      IntVector magnitude = INTS.cast(v.reinterpretShape(I32, 0)).and(~SIGN_MASK);
      FloatVector a = FLOATS.cast(magnitude.min(SILU_HIGH_BITS).reinterpretShape(F32, 0));
      FloatVector rounded =
          a.fma(
              FloatVector.broadcast(F32, -LOG2_E), FloatVector.broadcast(F32, ROUND_SCALED_POWER));
      FloatVector n = rounded.sub(ROUND_SCALED_POWER);
      FloatVector r = n.fma(FloatVector.broadcast(F32, LN2_HIGH), a);
      r = n.fma(FloatVector.broadcast(F32, LN2_LOW), r);
      FloatVector slope =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, -EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, -EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, FloatVector.broadcast(F32, -1f));
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector sum = slope.fma(r, one).mul(power).fma(FloatVector.broadcast(F32, UNSCALE), one);
      FloatVector positive = v.blend(-0f, v.compare(VectorOperators.LT, 0f));
      a.mul(r)
          .fma(slope, a)
          .div(sum)
          .mul(power)
          .fma(FloatVector.broadcast(F32, -UNSCALE), positive)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = geluTanh(x)}, as {@link ScalarMath#geluTanh}. */
  public static void geluTanh(MemorySegment x, MemorySegment y, long from, long to) {
    Scratch scratch = Scratch.ofThread();
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long end = Math.min(chunk + Scratch.CHUNK, to);
      geluTanhArguments(x, scratch.chunk, scratch.errors, chunk, end);
      geluTanhOfArguments(x, scratch.chunk, scratch.errors, y, chunk, end);
    }
  }

  /** The argument {@code |2u|} of the exponential, and what rounding took from it. */
  private static void geluTanhArguments(
      MemorySegment x, MemorySegment arguments, MemorySegment errors, long from, long to) {
    x = Lanes.memory(x);
    arguments = Lanes.memory(arguments);
    errors = Lanes.memory(errors);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      IntVector magnitude = INTS.cast(v.reinterpretShape(I32, 0)).and(~SIGN_MASK);
      FloatVector a = FLOATS.cast(magnitude.min(GELU_TANH_HIGH_BITS).reinterpretShape(F32, 0));
      FloatVector cubicFactor = FloatVector.broadcast(F32, GELU_TANH_3);
      FloatVector linear = FLOATS.cast(FloatVector.broadcast(F32, GELU_TANH_1));
      FloatVector z = a.mul(a);
      FloatVector zError = a.fma(a, z.neg());
      FloatVector cubic = z.mul(cubicFactor);
      FloatVector cubicError = z.fma(cubicFactor, cubic.neg());
      FloatVector q = cubic.add(linear);
      FloatVector added = q.sub(cubic);
      FloatVector qError = cubic.sub(q.sub(added)).add(linear.sub(added));
      FloatVector constants =
          z.fma(
              FloatVector.broadcast(F32, GELU_TANH_3_LOW),
              FloatVector.broadcast(F32, GELU_TANH_1_LOW));
      qError = qError.add(cubicError.add(zError.fma(cubicFactor, constants)));
      FloatVector argument = a.mul(q);
      argument.intoMemorySegment(arguments, (i - from) * Float.BYTES, ORDER);
      a.fma(q, argument.neg())
          .add(a.mul(qError))
          .intoMemorySegment(errors, (i - from) * Float.BYTES, ORDER);
    }
  }

  private static void geluTanhOfArguments(
      MemorySegment x,
      MemorySegment arguments,
      MemorySegment errors,
      MemorySegment y,
      long from,
      long to) {
    x = Lanes.memory(x);
    arguments = Lanes.memory(arguments);
    errors = Lanes.memory(errors);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      IntVector magnitude = INTS.cast(v.reinterpretShape(I32, 0)).and(~SIGN_MASK);
      FloatVector a = FLOATS.cast(magnitude.min(GELU_TANH_HIGH_BITS).reinterpretShape(F32, 0));
      FloatVector argument =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, arguments, (i - from) * Float.BYTES, ORDER));
      FloatVector error =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, errors, (i - from) * Float.BYTES, ORDER));
      FloatVector rounded =
          argument.fma(
              FloatVector.broadcast(F32, -LOG2_E), FloatVector.broadcast(F32, ROUND_SCALED_POWER));
      FloatVector n = rounded.sub(ROUND_SCALED_POWER);
      FloatVector r =
          n.fma(FloatVector.broadcast(F32, LN2_HIGH), argument)
              .add(n.fma(FloatVector.broadcast(F32, LN2_LOW), error));
      FloatVector slope =
          r.fma(FloatVector.broadcast(F32, EXP_6), FloatVector.broadcast(F32, -EXP_5))
              .fma(r, FloatVector.broadcast(F32, EXP_4))
              .fma(r, FloatVector.broadcast(F32, -EXP_3))
              .fma(r, FloatVector.broadcast(F32, EXP_2))
              .fma(r, FloatVector.broadcast(F32, -1f));
      FloatVector power =
          FLOATS.cast(
              INTS.cast(rounded.reinterpretShape(I32, 0))
                  .lanewise(VectorOperators.LSHL, MANTISSA_BITS)
                  .reinterpretShape(F32, 0));
      FloatVector sum =
          slope.fma(r, FloatVector.broadcast(F32, 1f)).mul(power).mul(UNSCALE).add(1f);
      FloatVector positive = v.blend(-0f, v.compare(VectorOperators.LT, 0f));
      a.mul(r)
          .fma(slope, a)
          .div(sum)
          .mul(power)
          .fma(FloatVector.broadcast(F32, -UNSCALE), positive)
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** {@code y = tanh(x)}, as {@link ScalarMath#tanh}. */
  public static void tanh(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(TANH_HIGH, a.compare(VectorOperators.GT, TANH_HIGH));
      FloatVector twice = a.add(a);
      FloatVector rounded =
          twice.fma(FloatVector.broadcast(F32, LOG2_E), FloatVector.broadcast(F32, ROUND_POWER));
      FloatVector n = rounded.sub(ROUND_POWER);
      FloatVector high = n.fma(FloatVector.broadcast(F32, -LN2_HIGH), twice);
      FloatVector r = n.fma(FloatVector.broadcast(F32, -LN2_LOW), high);
      FloatVector p =
          r.fma(FloatVector.broadcast(F32, EXPM1_6), FloatVector.broadcast(F32, EXPM1_5))
              .fma(r, FloatVector.broadcast(F32, EXPM1_4))
              .fma(r, FloatVector.broadcast(F32, EXPM1_3))
              .fma(r, FloatVector.broadcast(F32, EXPM1_2));
      FloatVector rest = n.fma(FloatVector.broadcast(F32, -LN2_LOW), r.mul(r).mul(p));
      IntVector bits =
          INTS.cast(rounded.reinterpretShape(I32, 0)).lanewise(VectorOperators.LSHL, MANTISSA_BITS);
      FloatVector power = FLOATS.cast(bits.reinterpretShape(F32, 0));
      FloatVector m = power.fma(rest, power.fma(high, power.sub(1f)));
      FloatVector sum = m.add(2f);
      FloatVector excess = sum.sub(2f).sub(m);
      FloatVector quotient = m.div(sum);
      FloatVector left = quotient.fma(excess, quotient.neg().fma(sum, m));
      FloatVector reciprocal =
          FLOATS.cast(
              INTS.cast(bits.broadcast(TANH_RECIPROCAL_BITS)).sub(bits).reinterpretShape(F32, 0));
      IntVector sign = INTS.cast(v.reinterpretShape(I32, 0)).and(SIGN_MASK);
      FLOATS
          .cast(
              INTS.cast(left.fma(reciprocal, quotient).reinterpretShape(I32, 0))
                  .or(sign)
                  .reinterpretShape(F32, 0))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}

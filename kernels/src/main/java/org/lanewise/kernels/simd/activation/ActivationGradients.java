package org.lanewise.kernels.simd.activation;

import static java.util.Map.entry;
import static org.lanewise.kernels.op.Activation.LEAKY_SLOPE;
import static org.lanewise.kernels.scalar.MathConstants.GELU_0;
import static org.lanewise.kernels.scalar.MathConstants.GELU_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_2;
import static org.lanewise.kernels.scalar.MathConstants.GELU_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_4;
import static org.lanewise.kernels.scalar.MathConstants.GELU_5;
import static org.lanewise.kernels.scalar.MathConstants.GELU_6;
import static org.lanewise.kernels.scalar.MathConstants.GELU_7;
import static org.lanewise.kernels.scalar.MathConstants.GELU_8;
import static org.lanewise.kernels.scalar.MathConstants.GELU_9;
import static org.lanewise.kernels.scalar.MathConstants.GELU_CENTER;
import static org.lanewise.kernels.scalar.MathConstants.GELU_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.GELU_T;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_1;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_3;
import static org.lanewise.kernels.scalar.MathConstants.GELU_TANH_HIGH;
import static org.lanewise.kernels.scalar.MathConstants.NORMAL_DENSITY;
import static org.lanewise.kernels.scalar.MathConstants.ONE_THIRD;
import static org.lanewise.kernels.scalar.MathConstants.SILU_HIGH;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.ExponentialLoops;

/**
 * Gradients of activations on at most {@link Scratch#CHUNK} elements, whole vectors: {@code out[i −
 * start] = f′·dy[i]}.
 */
final class ActivationGradients {
  @FunctionalInterface
  private interface Loop {
    void run(
        MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to);
  }

  /** Called through a table: inlined, short loops would together exceed a method's nodes. */
  private static final Map<Activation, Loop> LOOPS =
      new EnumMap<>(
          Map.ofEntries(
              entry(Activation.RELU, ActivationGradients::relu),
              entry(Activation.LEAKY_RELU, ActivationGradients::leakyRelu),
              entry(Activation.ELU, ActivationGradients::elu),
              entry(Activation.SIGMOID, ActivationGradients::sigmoid),
              entry(Activation.TANH, ActivationGradients::tanh),
              entry(Activation.HARDSWISH, ActivationGradients::hardswish),
              entry(Activation.EXP, ElementaryGradients::exp),
              entry(Activation.LOG, ElementaryGradients::log),
              entry(Activation.SQRT, ElementaryGradients::sqrt),
              entry(Activation.RSQRT, ElementaryGradients::rsqrt),
              entry(Activation.RECIPROCAL, ElementaryGradients::reciprocal),
              entry(Activation.SQUARE, ElementaryGradients::square),
              entry(Activation.ABS, ElementaryGradients::abs)));

  private ActivationGradients() {}

  /** The gradient, from x or y as {@link Activation#gradient} says. The range is not empty. */
  static void gradient(
      Activation f,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment out,
      long start,
      long from,
      long to) {
    MemorySegment exp = Scratch.ofThread().errors;
    switch (f) {
      case SOFTPLUS -> {
        ExponentialLoops.expm1(saved, -1f, exp, from, from, to);
        softplusOfExpm1(dy, exp, out, start, from, to);
      }
      case SILU -> {
        ExponentialLoops.expOfMinus(saved, exp, from, to);
        siluOfExp(saved, dy, exp, out, start, from, to);
      }
      case GELU -> {
        geluArguments(saved, exp, from, to);
        ExponentialLoops.expOfMinus(exp, exp, 0, to - from);
        geluOfExp(saved, dy, exp, out, start, from, to);
      }
      case GELU_TANH -> {
        geluTanhArguments(saved, exp, from, to);
        ExponentialLoops.expOfMinus(exp, exp, 0, to - from);
        geluTanhOfExp(saved, dy, exp, out, start, from, to);
      }
      default -> LOOPS.get(f).run(saved, dy, out, start, from, to);
    }
  }

  private static void relu(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.blend(0f, v.compare(VectorOperators.LE, 0f))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void leakyRelu(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.blend(d.mul(LEAKY_SLOPE), v.compare(VectorOperators.LE, 0f))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void elu(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.fma(v, d)
          .blend(d, v.compare(VectorOperators.GT, 0f))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void sigmoid(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      d.mul(v.mul(one.sub(v))).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void tanh(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      d.mul(v.neg().fma(v, one)).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void softplusOfExpm1(
      MemorySegment dy, MemorySegment expm1, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    dy = Lanes.memory(dy);
    expm1 = Lanes.memory(expm1);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, expm1, (i - from) * Float.BYTES, ORDER));
      d.neg().mul(e).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void siluOfExp(
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment exp,
      MemorySegment out,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    exp = Lanes.memory(exp);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, (i - from) * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(SILU_HIGH, a.compare(VectorOperators.GT, SILU_HIGH));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector s = one.div(one.add(e));
      FloatVector q = e.mul(s);
      VectorMask<Float> negative = v.compare(VectorOperators.LT, 0f);
      FloatVector derivative = s.blend(q, negative).mul(q.blend(s.neg(), negative).fma(a, one));
      d.mul(derivative).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  /** {@code x²/2}, bounded. */
  private static void geluArguments(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(GELU_HIGH, a.compare(VectorOperators.GT, GELU_HIGH));
      a.mul(0.5f).mul(a).intoMemorySegment(y, (i - from) * Float.BYTES, ORDER);
    }
  }

  private static void geluOfExp(
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment exp,
      MemorySegment out,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    exp = Lanes.memory(exp);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, (i - from) * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(GELU_HIGH, a.compare(VectorOperators.GT, GELU_HIGH));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector inverse = one.div(a.fma(FloatVector.broadcast(F32, GELU_T), one));
      FloatVector t = inverse.sub(GELU_CENTER);
      FloatVector p =
          t.fma(FloatVector.broadcast(F32, GELU_9), FloatVector.broadcast(F32, GELU_8))
              .fma(t, FloatVector.broadcast(F32, GELU_7))
              .fma(t, FloatVector.broadcast(F32, GELU_6))
              .fma(t, FloatVector.broadcast(F32, GELU_5))
              .fma(t, FloatVector.broadcast(F32, GELU_4))
              .fma(t, FloatVector.broadcast(F32, GELU_3))
              .fma(t, FloatVector.broadcast(F32, GELU_2))
              .fma(t, FloatVector.broadcast(F32, GELU_1))
              .fma(t, FloatVector.broadcast(F32, GELU_0));
      FloatVector left = e.mul(a.fma(FloatVector.broadcast(F32, -NORMAL_DENSITY), inverse.mul(p)));
      d.mul(one.sub(left).blend(left, v.compare(VectorOperators.LT, 0f)))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  /** {@code |2u|} of the tanh form. */
  private static void geluTanhArguments(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(GELU_TANH_HIGH, a.compare(VectorOperators.GT, GELU_TANH_HIGH));
      FloatVector z = a.mul(a);
      a.mul(z.fma(FloatVector.broadcast(F32, GELU_TANH_3), FloatVector.broadcast(F32, GELU_TANH_1)))
          .intoMemorySegment(y, (i - from) * Float.BYTES, ORDER);
    }
  }

  private static void geluTanhOfExp(
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment exp,
      MemorySegment out,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    exp = Lanes.memory(exp);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, exp, (i - from) * Float.BYTES, ORDER));
      FloatVector a = v.abs();
      a = a.blend(GELU_TANH_HIGH, a.compare(VectorOperators.GT, GELU_TANH_HIGH));
      FloatVector z = a.mul(a);
      FloatVector slope =
          a.mul(
              z.fma(
                  FloatVector.broadcast(F32, 3f * GELU_TANH_3),
                  FloatVector.broadcast(F32, GELU_TANH_1)));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector s = one.div(one.add(e));
      FloatVector q = e.mul(s);
      VectorMask<Float> negative = v.compare(VectorOperators.LT, 0f);
      FloatVector derivative = s.blend(q, negative).mul(q.blend(s.neg(), negative).fma(slope, one));
      d.mul(derivative).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void hardswish(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      FloatVector third = FloatVector.broadcast(F32, ONE_THIRD);
      d.mul(v.fma(third, FloatVector.broadcast(F32, 0.5f)))
          .blend(0f, v.compare(VectorOperators.LT, -3f))
          .blend(d, v.compare(VectorOperators.GT, 3f))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }
}

package org.lanewise.kernels.simd.activation;

import static org.lanewise.kernels.op.Activation.LEAKY_SLOPE;
import static org.lanewise.kernels.scalar.MathConstants.ONE_SIXTH;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.ActivationKernels;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.scalar.ScalarActivationKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.math.AlgebraicLoops;
import org.lanewise.kernels.simd.math.ErfLoops;
import org.lanewise.kernels.simd.math.ExponentialLoops;
import org.lanewise.kernels.simd.math.LogarithmLoops;
import org.lanewise.kernels.simd.math.SigmoidLoops;

/**
 * Activations. Each function has a loop of its own; the elements after its last whole vector are
 * left to the scalar twin, which gives the same bits. Nothing is checked.
 */
public final class SimdActivationKernels implements ActivationKernels {
  /** The only instance. */
  public static final SimdActivationKernels INSTANCE = new SimdActivationKernels();

  private SimdActivationKernels() {}

  @Override
  public void forward(Activation f, MemorySegment x, MemorySegment y, long from, long to) {
    long end = vectorEnd(from, to);
    switch (f) {
      case RELU -> relu(x, y, from, end);
      case LEAKY_RELU -> leakyRelu(x, y, from, end);
      case ELU -> elu(x, y, from, end);
      case SIGMOID -> SigmoidLoops.sigmoid(x, y, from, end);
      case TANH -> SigmoidLoops.tanh(x, y, from, end);
      case SOFTPLUS -> softplus(x, y, from, end);
      case SILU -> SigmoidLoops.silu(x, y, from, end);
      case GELU -> ErfLoops.gelu(x, y, from, end);
      case GELU_TANH -> SigmoidLoops.geluTanh(x, y, from, end);
      case HARDSWISH -> hardswish(x, y, from, end);
      case EXP -> ExponentialLoops.exp(x, from, 0f, y, from, end - from);
      case LOG -> LogarithmLoops.log(x, y, from, end);
      case SQRT -> AlgebraicLoops.sqrt(x, y, from, end);
      case RSQRT -> AlgebraicLoops.rsqrt(x, y, from, end);
      case RECIPROCAL -> AlgebraicLoops.reciprocal(x, y, from, end);
      case SQUARE -> AlgebraicLoops.square(x, y, from, end);
      case ABS -> AlgebraicLoops.abs(x, y, from, end);
    }
    if (end < to) {
      ScalarActivationKernels.INSTANCE.forward(f, x, y, end, to);
    }
  }

  private static void relu(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      v.blend(0f, v.compare(VectorOperators.LT, 0f)).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  private static void leakyRelu(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      v.blend(v.mul(LEAKY_SLOPE), v.compare(VectorOperators.LT, 0f))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  private static void elu(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment expm1 = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long end = Math.min(chunk + Scratch.CHUNK, to);
      ExponentialLoops.expm1(x, 1f, expm1, chunk, chunk, end);
      eluOfExpm1(x, expm1, y, chunk, end);
    }
  }

  private static void eluOfExpm1(
      MemorySegment x, MemorySegment expm1, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    expm1 = Lanes.memory(expm1);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector e =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, expm1, (i - from) * Float.BYTES, ORDER));
      e.blend(v, v.compare(VectorOperators.GT, 0f)).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  private static void softplus(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment exp = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long end = Math.min(chunk + Scratch.CHUNK, to);
      ExponentialLoops.expOfMinus(x, exp, chunk, end);
      SigmoidLoops.softplusOfExp(x, exp, y, chunk, end);
    }
  }

  private static void hardswish(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector product = v.mul(v.add(3f)).mul(ONE_SIXTH);
      product
          .blend(-0f, v.compare(VectorOperators.LT, -3f))
          .blend(v, v.compare(VectorOperators.GT, 3f))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
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
    long end = vectorEnd(from, to);
    if (from < end) {
      chunks(f, accumulate, saved, dy, dx, from, end);
    }
    if (end < to) {
      ScalarActivationKernels.INSTANCE.backward(f, accumulate, saved, dy, dx, end, to);
    }
  }

  private static void chunks(
      Activation f,
      boolean accumulate,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to) {
    MemorySegment gradient = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long end = Math.min(chunk + Scratch.CHUNK, to);
      if (accumulate) {
        ActivationGradients.gradient(f, saved, dy, gradient, chunk, chunk, end);
        add(gradient, dx, chunk, end);
      } else {
        ActivationGradients.gradient(f, saved, dy, dx, 0, chunk, end);
      }
    }
  }

  /** Adds the front of {@code x} to elements {@code from ≤ i < to} of y. */
  private static void add(MemorySegment x, MemorySegment y, long from, long to) {
    if (from == to) {
      return;
    }
    y = Lanes.memory(y);
    x = Lanes.memory(x);
    for (long i = from; i < to; i += COUNT) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - from) * Float.BYTES, ORDER));
      a.add(b).intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }
}

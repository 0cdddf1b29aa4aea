package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.scalar.ScalarActivationKernels;

/**
 * Activations and their gradients. Each function has a loop of its own; the elements after its last
 * whole vector are left to the scalar twin, which gives the same bits. Nothing is checked.
 */
public final class ActivationKernels {
  private ActivationKernels() {}

  /** {@code y = f(x)} for elements {@code from ≤ i < to}; y may be x. */
  public static void forward(Activation f, MemorySegment x, MemorySegment y, long from, long to) {
    long end = vectorEnd(from, to);
    switch (f) {
      case RELU -> relu(x, y, from, end);
      case SIGMOID -> sigmoid(x, y, from, end);
      case TANH -> tanh(x, y, from, end);
    }
    if (end < to) {
      ScalarActivationKernels.forward(f, x, y, end, to);
    }
  }

  private static void relu(MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      value
          .blend(0f, value.compare(VectorOperators.LT, 0f))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  private static void sigmoid(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment exp = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long count = Math.min(Scratch.CHUNK, to - chunk);
      ExponentialLoops.expOfAbs(x, chunk, -1f, exp, 0, count);
      ExponentialLoops.sigmoid(x, chunk, exp, y, chunk, count);
    }
  }

  private static void tanh(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment exp = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long count = Math.min(Scratch.CHUNK, to - chunk);
      ExponentialLoops.expOfAbs(x, chunk, 2f, exp, 0, count);
      ExponentialLoops.tanh(x, chunk, exp, y, chunk, count);
    }
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
    long end = vectorEnd(from, to);
    if (accumulate) {
      addGradient(f, y, dy, dx, from, end);
    } else {
      gradient(f, y, dy, dx, 0, from, end);
    }
    if (end < to) {
      ScalarActivationKernels.backward(f, accumulate, y, dy, dx, end, to);
    }
  }

  private static void addGradient(
      Activation f, MemorySegment y, MemorySegment dy, MemorySegment dx, long from, long to) {
    MemorySegment gradient = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long chunkEnd = Math.min(chunk + Scratch.CHUNK, to);
      gradient(f, y, dy, gradient, chunk, chunk, chunkEnd);
      add(gradient, dx, chunk, chunkEnd);
    }
  }

  /** Adds the front of {@code x} to elements {@code from ≤ i < to} of y. */
  private static void add(MemorySegment x, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER))
          .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, x, (i - from) * Float.BYTES, ORDER)))
          .intoMemorySegment(y, i * Float.BYTES, ORDER);
    }
  }

  /** Writes the gradient of element i to {@code out[i − start]}. */
  private static void gradient(
      Activation f,
      MemorySegment y,
      MemorySegment dy,
      MemorySegment out,
      long start,
      long from,
      long to) {
    switch (f) {
      case RELU -> reluGradient(y, dy, out, start, from, to);
      case SIGMOID -> sigmoidGradient(y, dy, out, start, from, to);
      case TANH -> tanhGradient(y, dy, out, start, from, to);
    }
  }

  private static void reluGradient(
      MemorySegment y, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      FloatVector gradient =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER))
              .blend(
                  0f,
                  FLOATS
                      .cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER))
                      .compare(VectorOperators.LE, 0f));
      gradient.intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void sigmoidGradient(
      MemorySegment y, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER))
          .mul(value.mul(one.sub(value)))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  private static void tanhGradient(
      MemorySegment y, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, i * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER))
          .mul(value.neg().fma(value, one))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }
}

package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.load;
import static org.lanewise.kernels.simd.Lanes.store;
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
      FloatVector value = load(x, i);
      store(value.blend(0f, value.compare(VectorOperators.LT, 0f)), y, i);
    }
  }

  private static void sigmoid(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment exp = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long chunkEnd = Math.min(chunk + Scratch.CHUNK, to);
      expOfAbs(x, -1f, exp, chunk, chunkEnd);
      sigmoidOfExp(x, exp, y, chunk, chunkEnd);
    }
  }

  private static void tanh(MemorySegment x, MemorySegment y, long from, long to) {
    MemorySegment exp = Scratch.ofThread().chunk;
    for (long chunk = from; chunk < to; chunk += Scratch.CHUNK) {
      long chunkEnd = Math.min(chunk + Scratch.CHUNK, to);
      expOfAbs(x, 2f, exp, chunk, chunkEnd);
      tanhOfExp(x, exp, y, chunk, chunkEnd);
    }
  }

  /** Writes {@code exp(factor · |x|)} to the front of {@code exp}. */
  private static void expOfAbs(
      MemorySegment x, float factor, MemorySegment exp, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      store(load(x, i).abs().mul(factor), exp, i - from);
    }
    VectorMath.exp(exp, 0, 0f, exp, 0, to - from);
  }

  private static void sigmoidOfExp(
      MemorySegment x, MemorySegment exp, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      store(VectorMath.sigmoid(load(x, i), load(exp, i - from)), y, i);
    }
  }

  private static void tanhOfExp(
      MemorySegment x, MemorySegment exp, MemorySegment y, long from, long to) {
    for (long i = from; i < to; i += COUNT) {
      store(VectorMath.tanh(load(x, i), load(exp, i - from)), y, i);
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
      store(load(y, i).add(load(x, i - from)), y, i);
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
      FloatVector gradient = load(dy, i).blend(0f, load(y, i).compare(VectorOperators.LE, 0f));
      store(gradient, out, i - start);
    }
  }

  private static void sigmoidGradient(
      MemorySegment y, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    FloatVector one = FloatVector.broadcast(Lanes.F32, 1f);
    for (long i = from; i < to; i += COUNT) {
      FloatVector value = load(y, i);
      store(load(dy, i).mul(value.mul(one.sub(value))), out, i - start);
    }
  }

  private static void tanhGradient(
      MemorySegment y, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    FloatVector one = FloatVector.broadcast(Lanes.F32, 1f);
    for (long i = from; i < to; i += COUNT) {
      FloatVector value = load(y, i);
      store(load(dy, i).mul(value.neg().fma(value, one)), out, i - start);
    }
  }
}

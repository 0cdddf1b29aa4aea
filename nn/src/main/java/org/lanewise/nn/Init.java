package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.Random;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.parallel.WorkerPool;

/** How a parameter starts. */
@FunctionalInterface
public interface Init {
  /** How many threads a model may use is not known here. */
  WorkerPool CALLING_THREAD = new WorkerPool(1);

  /**
   * Fills a parameter.
   *
   * @param values the parameter's elements, row-major f32
   * @param shape of the parameter
   * @param seed the training's seed
   * @param stream a number that no other parameter of the model has
   */
  void fill(MemorySegment values, Shape shape, long seed, long stream);

  /** All elements 0. */
  static Init zeros() {
    return (values, _, _, _) -> values.fill((byte) 0);
  }

  /** All elements 1. */
  static Init ones() {
    return constant(1f);
  }

  /** All elements the same. */
  static Init constant(float element) {
    return (values, _, _, _) -> {
      for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
        values.setAtIndex(JAVA_FLOAT, i, element);
      }
    };
  }

  /** Uniform from {@code low} to {@code high}. */
  static Init uniform(float low, float high) {
    return (values, _, seed, stream) ->
        Random.uniform(
            CALLING_THREAD, seed, stream, low, high, values.byteSize() / Float.BYTES, values);
  }

  /** Normal with mean 0. */
  static Init normal(float standardDeviation) {
    return (values, _, seed, stream) ->
        Random.normal(
            CALLING_THREAD,
            seed,
            stream,
            0f,
            standardDeviation,
            values.byteSize() / Float.BYTES,
            values);
  }

  /**
   * Uniform in ±1/√inputs, as PyTorch starts linear layers: He et al., ICCV 2015, with a = √5.
   *
   * @param inputs number of inputs that each output of the layer sums
   */
  static Init kaimingUniform(long inputs) {
    float bound = (float) (1 / Math.sqrt(Math.max(1, inputs)));
    return uniform(-bound, bound);
  }

  /**
   * Uniform in ±gain·√(3/fan), whose standard deviation is gain/√fan (He et al., ICCV 2015).
   *
   * @param gain what keeps the size of values through the function that follows: √2 for ReLU, 5/3
   *     for tanh, 1 for none
   */
  static Init kaimingUniform(Fan fan, double gain) {
    requireGain(gain);
    return (values, shape, seed, stream) -> {
      float bound = (float) (gain * Math.sqrt(3.0 / fan.of(shape)));
      uniform(-bound, bound).fill(values, shape, seed, stream);
    };
  }

  /**
   * Normal with standard deviation gain/√fan (He et al., ICCV 2015).
   *
   * @see #kaimingUniform(Fan, double)
   */
  static Init kaimingNormal(Fan fan, double gain) {
    requireGain(gain);
    return (values, shape, seed, stream) ->
        normal((float) (gain / Math.sqrt(fan.of(shape)))).fill(values, shape, seed, stream);
  }

  /**
   * Uniform in ±gain·√(6/(fanIn + fanOut)) (Glorot and Bengio, AISTATS 2010).
   *
   * @see #kaimingUniform(Fan, double)
   */
  static Init xavierUniform(double gain) {
    requireGain(gain);
    return (values, shape, seed, stream) -> {
      float bound = (float) (gain * Math.sqrt(6.0 / (Fan.IN.of(shape) + Fan.OUT.of(shape))));
      uniform(-bound, bound).fill(values, shape, seed, stream);
    };
  }

  /**
   * Normal with standard deviation gain·√(2/(fanIn + fanOut)) (Glorot and Bengio, AISTATS 2010).
   *
   * @see #kaimingUniform(Fan, double)
   */
  static Init xavierNormal(double gain) {
    requireGain(gain);
    return (values, shape, seed, stream) -> {
      double variance = 2.0 / (Fan.IN.of(shape) + Fan.OUT.of(shape));
      normal((float) (gain * Math.sqrt(variance))).fill(values, shape, seed, stream);
    };
  }

  /**
   * Normal with mean 0, but nothing outside of a range.
   *
   * @param standardDeviation of the whole distribution, at least 0
   * @param low at most 0
   * @param high at least 0, above low
   */
  static Init truncatedNormal(float standardDeviation, float low, float high) {
    return new TruncatedNormal(standardDeviation, low, high);
  }

  /**
   * A random matrix with orthonormal rows or columns, whichever are fewer, times gain (Saxe et al.,
   * arXiv 1312.6120): the Q of a normal matrix. The first axis is that of rows, and all others that
   * of columns. It takes {@code 2·rows·columns·min(rows, columns)} operations on one thread.
   *
   * @see #kaimingUniform(Fan, double)
   */
  static Init orthogonal(double gain) {
    requireGain(gain);
    return new Orthogonal(gain);
  }

  private static void requireGain(double gain) {
    if (!(gain >= 0 && gain <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("gain must be finite and at least 0 but is " + gain);
    }
  }

  /** The given elements, row-major; their number must be the parameter's. */
  static Init values(float... elements) {
    float[] copy = elements.clone();
    return (values, _, _, _) -> {
      if (values.byteSize() != copy.length * (long) Float.BYTES) {
        throw new IllegalArgumentException(
            "Init.values has %d elements but the parameter has %d"
                .formatted(copy.length, values.byteSize() / Float.BYTES));
      }
      MemorySegment.copy(copy, 0, values, JAVA_FLOAT, 0, copy.length);
    };
  }
}

package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.Random;
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
   * @param seed the training's seed
   * @param stream a number that no other parameter of the model has
   */
  void fill(MemorySegment values, long seed, long stream);

  /** All elements 0. */
  static Init zeros() {
    return (values, _, _) -> values.fill((byte) 0);
  }

  /** All elements 1. */
  static Init ones() {
    return constant(1f);
  }

  /** All elements the same. */
  static Init constant(float element) {
    return (values, _, _) -> {
      for (long i = 0; i < values.byteSize() / Float.BYTES; i++) {
        values.setAtIndex(JAVA_FLOAT, i, element);
      }
    };
  }

  /** Uniform from {@code low} to {@code high}. */
  static Init uniform(float low, float high) {
    return (values, seed, stream) ->
        Random.uniform(
            CALLING_THREAD, seed, stream, low, high, values.byteSize() / Float.BYTES, values);
  }

  /** Normal with mean 0. */
  static Init normal(float standardDeviation) {
    return (values, seed, stream) ->
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

  /** The given elements, row-major; their number must be the parameter's. */
  static Init values(float... elements) {
    float[] copy = elements.clone();
    return (values, _, _) -> {
      if (values.byteSize() != copy.length * (long) Float.BYTES) {
        throw new IllegalArgumentException(
            "Init.values has %d elements but the parameter has %d"
                .formatted(copy.length, values.byteSize() / Float.BYTES));
      }
      MemorySegment.copy(copy, 0, values, JAVA_FLOAT, 0, copy.length);
    };
  }
}

package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.Random;
import org.lanewise.kernels.op.Shape;

/**
 * Orthonormal vectors by the modified method of Gram and Schmidt in f64, whose sums have one order.
 * As a normal matrix is well conditioned, they are orthogonal to less than what f32 can tell.
 *
 * @param gain that they are multiplied with
 */
record Orthogonal(double gain) implements Init {
  @Override
  public void fill(MemorySegment values, Shape shape, long seed, long stream) {
    if (shape.rank() < 2) {
      throw new IllegalArgumentException(
          "an orthogonal weight must have at least 2 axes but is " + shape);
    }
    int rows = Math.toIntExact(shape.dimension(0));
    int columns = Math.toIntExact(shape.size(1, shape.rank()));
    double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    long next = stream;
    do {
      draw(vectors, seed, next);
      next = Streams.of(next + "#");
    } while (!orthonormalize(vectors));
    for (int k = 0; k < vectors.length; k++) {
      for (int i = 0; i < vectors[k].length; i++) {
        long index = rows <= columns ? (long) k * columns + i : (long) i * columns + k;
        values.setAtIndex(JAVA_FLOAT, index, (float) (gain * vectors[k][i]));
      }
    }
  }

  private static void draw(double[][] vectors, long seed, long stream) {
    if (vectors.length == 0) {
      return;
    }
    long size = (long) vectors.length * vectors[0].length;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment drawn = arena.allocate(size * Float.BYTES, Float.BYTES);
      Random.normal(CALLING_THREAD, seed, stream, 0f, 1f, size, drawn);
      long at = 0;
      for (double[] vector : vectors) {
        for (int i = 0; i < vector.length; i++) {
          vector[i] = drawn.getAtIndex(JAVA_FLOAT, at++);
        }
      }
    }
  }

  /** Makes vectors orthonormal, one after the other; false if one depends on those before. */
  static boolean orthonormalize(double[][] vectors) {
    for (int k = 0; k < vectors.length; k++) {
      double[] vector = vectors[k];
      double norm = Math.sqrt(dot(vector, vector));
      if (norm < 1e-6) { // of vectors of about unit elements
        return false;
      }
      for (int i = 0; i < vector.length; i++) {
        vector[i] /= norm;
      }
      for (int j = k + 1; j < vectors.length; j++) {
        subtract(dot(vector, vectors[j]), vector, vectors[j]);
      }
    }
    return true;
  }

  /** In four sums, which do not wait for each other. */
  private static double dot(double[] x, double[] y) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 3 < x.length; i += 4) {
      sum0 += x[i] * y[i];
      sum1 += x[i + 1] * y[i + 1];
      sum2 += x[i + 2] * y[i + 2];
      sum3 += x[i + 3] * y[i + 3];
    }
    for (; i < x.length; i++) {
      sum0 += x[i] * y[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  private static void subtract(double factor, double[] x, double[] from) {
    for (int i = 0; i < x.length; i++) {
      from[i] -= factor * x[i];
    }
  }
}

package org.lanewise.nn.tensorboard;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;

/** How often values lie where, in buckets of equal width from the smallest to the largest. */
final class Histogram {
  /** As many as TensorBoard makes itself. */
  static final int BUCKETS = 30;

  private Histogram() {}

  /**
   * The buckets of the values that are finite.
   *
   * @return for each bucket its left edge, its right edge and its count; if all values are the
   *     same, the last bucket has all; if there are none, all edges and counts are 0
   */
  static double[] of(HostTensor tensor) {
    MemorySegment values = tensor.convert(DType.F32).data();
    long size = values.byteSize() / Float.BYTES;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < size; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, i);
      if (Float.isFinite(value)) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    return least > most ? new double[3 * BUCKETS] : of(values, size, least, most);
  }

  private static double[] of(MemorySegment values, long size, double least, double most) {
    double width = (most - least) / BUCKETS;
    double[] buckets = new double[3 * BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      buckets[3 * i] = least + i * width;
      buckets[3 * i + 1] = i == BUCKETS - 1 ? most : least + (i + 1) * width;
    }
    for (long i = 0; i < size; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, i);
      if (Float.isFinite(value)) {
        int bucket =
            width == 0 ? BUCKETS - 1 : Math.min(BUCKETS - 1, (int) ((value - least) / width));
        buckets[3 * bucket + 2]++;
      }
    }
    return buckets;
  }
}

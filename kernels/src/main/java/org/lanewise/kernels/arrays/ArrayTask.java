package org.lanewise.kernels.arrays;

import org.lanewise.kernels.parallel.RangeTask;

/** A {@link RangeTask} with a kernel whose ranges are those of an array. */
final class ArrayTask {
  private ArrayTask() {}

  /** A computation for {@code from ≤ i < to}. */
  @FunctionalInterface
  interface Kernel {
    void run(int from, int to);
  }

  static RangeTask overElements(int length, Kernel kernel) {
    return RangeTask.overElements(length, kernel(kernel));
  }

  static RangeTask overRows(int rows, int columns, Kernel kernel) {
    return RangeTask.overRows(rows, columns, kernel(kernel));
  }

  static RangeTask overColumns(int rows, int columns, Kernel kernel) {
    return RangeTask.overColumns(rows, columns, kernel(kernel));
  }

  static RangeTask overChannels(int batch, int channels, int spatial, Kernel kernel) {
    return RangeTask.overChannels(batch, channels, spatial, kernel(kernel));
  }

  static RangeTask overItems(int length, double itemElements, Kernel kernel) {
    return RangeTask.overItems(length, itemElements, kernel(kernel));
  }

  static RangeTask whole(Runnable kernel) {
    return RangeTask.whole(kernel);
  }

  private static RangeTask.Kernel kernel(Kernel kernel) {
    return (from, to) -> kernel.run((int) from, (int) to);
  }
}

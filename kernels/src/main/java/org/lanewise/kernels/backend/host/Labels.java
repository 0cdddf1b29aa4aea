package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
import org.lanewise.kernels.scalar.ScalarCrossEntropyKernels;
import org.lanewise.kernels.scalar.ScalarLossKernels;

/** The labels of a batch of samples, of which those of one value may not count. */
final class Labels {
  /** What kernels are to ignore where nothing is ignored: it has been refused before. */
  private static final int NONE = -1;

  private final MemorySegment labels;
  private final OptionalInt ignored;
  private final long rows;
  private final long classes;

  /** Labels of which those that count are in 0..{@code classes}−1. */
  public Labels(MemorySegment labels, OptionalInt ignored, long rows, long classes) {
    this.labels = labels;
    this.ignored = ignored;
    this.rows = rows;
    this.classes = classes;
  }

  /** The label that kernels ignore. */
  public int ignored() {
    return ignored.orElse(NONE);
  }

  /**
   * The number of labels that count.
   *
   * @throws IndexOutOfBoundsException if none is ignored, and one is out of range
   */
  public long count() {
    if (ignored.isPresent()) {
      return ScalarCrossEntropyKernels.count(labels, ignored.getAsInt(), rows);
    }
    for (long i = 0; i < rows; i++) {
      ScalarLossKernels.label(labels, i, classes);
    }
    return rows;
  }
}

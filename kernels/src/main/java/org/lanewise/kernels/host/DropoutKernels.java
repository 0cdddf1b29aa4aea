package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/** Dropout, with random words that are made again rather than kept. */
public interface DropoutKernels {
  /**
   * {@code y[i] = x[i] / (1 − p)}, or 0 if word i of the stream is less than {@code p · 2³²}, for
   * {@code from ≤ i < to}; y may be x.
   */
  void dropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to);

  /** The same, but added to y. */
  void addDropout(
      long seed, long stream, float p, MemorySegment x, MemorySegment y, long from, long to);
}

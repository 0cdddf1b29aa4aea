package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;

/**
 * Poolings of planes {@code from ≤ i < to}. A window's elements come in the order of its rows and
 * columns, those in the padding left out.
 */
public interface PoolingKernels {
  /**
   * The first of the largest elements of each window, or the last NaN if there is one, and its
   * index in the plane; of windows in the padding, −∞ and −1.
   *
   * @param indices i32
   */
  void max(
      PoolingShape shape,
      MemorySegment x,
      MemorySegment y,
      MemorySegment indices,
      long from,
      long to);

  /**
   * Adds each gradient to the element that was the largest, in order; to 0, or to what is there.
   *
   * @param outputPlane outputs of a plane, of {@code plane} elements
   * @throws IndexOutOfBoundsException if an index is not in −1..plane−1; −1 stands for no element
   */
  void maxBackward(
      long plane,
      long outputPlane,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment indices,
      MemorySegment dx,
      long from,
      long to);

  /**
   * The sum of each window, divided by the number of its elements. The sum is formed from 0 in
   * order, or if the window is the plane, in the order of {@link
   * org.lanewise.kernels.scalar.VirtualLanes}.
   *
   * @param countPadding whether padding counts too
   */
  void average(
      PoolingShape shape,
      boolean countPadding,
      MemorySegment x,
      MemorySegment y,
      long from,
      long to);

  /**
   * Adds each gradient, divided by the number of its window's elements, to these, the outputs in
   * order; to 0, or to what is there.
   *
   * @param accumulate whether they are added to what is there
   */
  void averageBackward(
      PoolingShape shape,
      boolean countPadding,
      boolean accumulate,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to);
}

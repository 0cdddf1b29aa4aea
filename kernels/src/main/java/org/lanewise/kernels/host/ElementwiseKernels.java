package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;

/**
 * Functions of two tensors and their gradients. Ranges are of elements of x, so that few long rows
 * are shared out as well as many short ones.
 */
public interface ElementwiseKernels {
  /**
   * {@code z = f(x, y)}, or {@code z += f(x, y)}, for elements {@code from ≤ i < to}; z may be x,
   * or y of the same shape.
   */
  void binary(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to);

  /**
   * {@code dx = dz · ∂f/∂x}, or {@code dx += …}, for elements {@code from ≤ i < to}; dx may be dz.
   */
  void gradientX(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dx,
      long from,
      long to);

  /**
   * {@code dy = dz · ∂f/∂y}, or {@code dy += …}, of the shape of x, for elements {@code from ≤ i <
   * to}; dy may be dz.
   */
  void gradientY(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dy,
      long from,
      long to);

  /**
   * {@code z = condition ≠ 0 ? x : y} for elements {@code from ≤ i < to}; z may be any of them that
   * is as large.
   */
  void where(Repeated condition, Repeated x, Repeated y, MemorySegment z, long from, long to);

  /**
   * {@code z = alpha · y}, or {@code z += alpha · y}, with y repeated to fill z, for elements
   * {@code from ≤ i < to}.
   */
  void repeat(
      Broadcast broadcast,
      float alpha,
      boolean accumulate,
      long columns,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to);
}

package org.lanewise.kernels.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Activation;

/** Activations and their gradients. */
public interface ActivationKernels {
  /** {@code y = f(x)} for elements {@code from ≤ i < to}; y may be x. */
  void forward(Activation f, MemorySegment x, MemorySegment y, long from, long to);

  /**
   * {@code dx = f′(x) · dy}, or {@code dx += …}, for elements {@code from ≤ i < to}; dx may be dy.
   *
   * @param saved x or {@code y = f(x)}, whichever {@link Activation#gradient} says
   */
  void backward(
      Activation f,
      boolean accumulate,
      MemorySegment saved,
      MemorySegment dy,
      MemorySegment dx,
      long from,
      long to);
}

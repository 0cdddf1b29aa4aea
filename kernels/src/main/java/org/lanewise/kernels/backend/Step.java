package org.lanewise.kernels.backend;

/** An op bound to its operands. */
@FunctionalInterface
public interface Step {
  /**
   * Runs the op, or queues it: {@link Buffer#read} waits for what writes the buffer.
   *
   * @throws IllegalStateException if the backend is closed
   * @throws IndexOutOfBoundsException if an operand holds an index, such as a label, that is out of
   *     range; where ops are queued, the {@link Buffer#read} that waits for them throws it
   */
  void run();
}

package org.lanewise.bench.ops;

import java.util.List;
import org.lanewise.kernels.op.Cost;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.parallel.WorkerPool;

/**
 * An op at a size at which its speed is known from other libraries.
 *
 * @param name that selects it
 * @param arrays the same on arrays: the kernel's entry point in package {@code arrays}
 */
record OpCase(String name, Op op, List<TensorType> inputs, OnArrays arrays) {
  /** Calls an entry point; operands are float[] or int[]. */
  @FunctionalInterface
  interface OnArrays {
    void run(WorkerPool pool, Object[] inputs, Object[] outputs);
  }

  /** What it costs. */
  Cost cost() {
    return Cost.of(op, inputs);
  }

  @Override
  public String toString() {
    return name;
  }
}

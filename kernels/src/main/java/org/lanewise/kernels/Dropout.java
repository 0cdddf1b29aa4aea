package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.random.SimdDropoutKernels;

/**
 * Dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: A Simple Way to
 * Prevent Neural Networks from Overfitting", JMLR 15, 2014), in the form that scales while training
 * and does nothing afterwards.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Dropout {
  private Dropout() {}

  /**
   * Dropout, on the shared pool.
   *
   * @see #dropout(WorkerPool, long, long, float, long, MemorySegment, MemorySegment)
   */
  public static void dropout(
      long seed, long stream, float p, long size, MemorySegment x, MemorySegment y) {
    dropout(WorkerPool.shared(), seed, stream, p, size, x, y);
  }

  /**
   * {@code y[i] = x[i] · s} with {@code s = 1/(1−p)} rounded to f32, or with probability p exactly
   * 0, whatever {@code x[i]} is: if word i of a stream of {@link Random}, as an unsigned number of
   * 32 bits, is less than {@code p · 2³²}. No mask is kept; the gradient is {@code dropout} of dy
   * with the same seed and stream. Use another stream for each layer and step.
   *
   * @param p probability of dropping an element, in [0, 1)
   * @param size number of elements
   * @param x [size]
   * @param y [size], may be x
   */
  public static void dropout(
      WorkerPool pool,
      long seed,
      long stream,
      float p,
      long size,
      MemorySegment x,
      MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Ranges.belowOne("p", p);
    Checks.size("size", size);
    Checks.input("x", x, size);
    Checks.output("y", y, size);
    Checks.sameOrDisjoint("y", y, "x", x, size);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) -> SimdDropoutKernels.INSTANCE.dropout(seed, stream, p, x, y, from, to)),
        x,
        y);
  }
}

package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.conversion.SimdConversionKernels;

/**
 * Conversions of elements between the types that tensors are stored in and those that ops take.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Conversions {
  private Conversions() {}

  /**
   * Converts elements, on the shared pool.
   *
   * @see #convert(WorkerPool, Conversion, long, MemorySegment, MemorySegment)
   */
  public static void convert(Conversion conversion, long size, MemorySegment x, MemorySegment y) {
    convert(WorkerPool.shared(), conversion, size, x, y);
  }

  /**
   * {@code y[i] = x[i]}, converted as the {@link Conversion} says.
   *
   * @param size number of elements
   * @param x [size], of the type {@link Conversion#from}
   * @param y [size], of the type {@link Conversion#to}
   */
  public static void convert(
      WorkerPool pool, Conversion conversion, long size, MemorySegment x, MemorySegment y) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(conversion, "conversion");
    int xBytes = conversion.from().byteSize();
    int yBytes = conversion.to().byteSize();
    Checks.size("size", size);
    Checks.input("x", x, size, xBytes);
    Checks.output("y", y, size, yBytes);
    Checks.disjoint("y", y, 0, size * yBytes, "x", x, 0, size * xBytes, 1);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size, (from, to) -> SimdConversionKernels.INSTANCE.convert(conversion, x, y, from, to)),
        x,
        y);
  }
}

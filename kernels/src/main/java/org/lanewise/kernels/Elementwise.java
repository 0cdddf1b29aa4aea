package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.elementwise.SimdElementwiseKernels;

/**
 * Functions of two tensors, element by element, and their gradients. The second one may be a
 * number, a row or a column that is used for all of a matrix, see {@link Broadcast}. For tensors of
 * the same shape, how their elements make rows and columns does not matter.
 *
 * <p>Results are rounded once, and once more to accumulate; they have no other error.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Elementwise {
  private Elementwise() {}

  /**
   * A function of two tensors, on the shared pool.
   *
   * @see #binary(WorkerPool, BinaryFunction, Broadcast, boolean, long, long, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void binary(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z) {
    binary(WorkerPool.shared(), f, broadcast, accumulate, rows, columns, x, y, z);
  }

  /**
   * {@code z[i][j] = f(x[i][j], y[…])}, or {@code z[i][j] += f(x[i][j], y[…])}.
   *
   * @param accumulate whether the result is added to what is there
   * @param x [rows, columns]
   * @param y [rows, columns], or one element, [columns] or [rows], as {@code broadcast} says
   * @param z [rows, columns], may be x, or y of the same shape
   */
  public static void binary(
      WorkerPool pool,
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(f, "f");
    Objects.requireNonNull(broadcast, "broadcast");
    long size = Checks.elements("rows", rows, "columns", columns);
    long ySize = size(broadcast, rows, columns);
    Checks.input("x", x, size);
    Checks.input("y", y, ySize);
    Checks.output("z", z, size);
    Checks.sameOrDisjoint("z", z, "x", x, size);
    disjoint("z", z, size, broadcast, "y", y, ySize);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementwiseKernels.INSTANCE.binary(
                    f, broadcast, accumulate, columns, x, y, z, from, to)),
        x,
        y,
        z);
  }

  /**
   * A choice between the elements of two tensors, on the shared pool.
   *
   * @see #where(WorkerPool, Broadcast, Broadcast, Broadcast, long, long, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void where(
      Broadcast ofCondition,
      Broadcast ofX,
      Broadcast ofY,
      long rows,
      long columns,
      MemorySegment condition,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z) {
    where(WorkerPool.shared(), ofCondition, ofX, ofY, rows, columns, condition, x, y, z);
  }

  /**
   * {@code z[i][j] = x[…]} where {@code condition[…]} is not 0, also where it is NaN, and {@code
   * y[…]} elsewhere. Each operand is [rows, columns], or one element, [columns] or [rows], as its
   * broadcast says.
   *
   * @param z [rows, columns], may be any operand of the same shape
   */
  public static void where(
      WorkerPool pool,
      Broadcast ofCondition,
      Broadcast ofX,
      Broadcast ofY,
      long rows,
      long columns,
      MemorySegment condition,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(ofCondition, "ofCondition");
    Objects.requireNonNull(ofX, "ofX");
    Objects.requireNonNull(ofY, "ofY");
    long size = Checks.elements("rows", rows, "columns", columns);
    long conditionSize = size(ofCondition, rows, columns);
    long xSize = size(ofX, rows, columns);
    long ySize = size(ofY, rows, columns);
    Checks.input("condition", condition, conditionSize);
    Checks.input("x", x, xSize);
    Checks.input("y", y, ySize);
    Checks.output("z", z, size);
    disjoint("z", z, size, ofCondition, "condition", condition, conditionSize);
    disjoint("z", z, size, ofX, "x", x, xSize);
    disjoint("z", z, size, ofY, "y", y, ySize);
    Repeated allOfCondition = new Repeated(condition, ofCondition, columns);
    Repeated allOfX = new Repeated(x, ofX, columns);
    Repeated allOfY = new Repeated(y, ofY, columns);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementwiseKernels.INSTANCE.where(allOfCondition, allOfX, allOfY, z, from, to)),
        condition,
        x,
        y,
        z);
  }

  /**
   * The gradient of a function of two tensors with respect to x, on the shared pool.
   *
   * @see #gradientX(WorkerPool, BinaryFunction, Broadcast, boolean, long, long, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void gradientX(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dx) {
    gradientX(WorkerPool.shared(), f, broadcast, accumulate, rows, columns, x, y, dz, dx);
  }

  /**
   * The gradient of {@link #binary} with respect to x: {@code dx = dz · ∂f/∂x}, or {@code dx += …}.
   * Where x and y are equal, each gets half of the gradient of their maximum or minimum, and where
   * one is NaN, both get all of it.
   *
   * @param f no comparison, which has no gradient
   * @param accumulate whether the result is added to what is there
   * @param x [rows, columns]
   * @param y [rows, columns], or one element, [columns] or [rows], as {@code broadcast} says
   * @param dz [rows, columns]
   * @param dx [rows, columns], may be dz if it does not accumulate
   */
  public static void gradientX(
      WorkerPool pool,
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dx) {
    Objects.requireNonNull(pool, "pool");
    requireGradient(f);
    Objects.requireNonNull(broadcast, "broadcast");
    long size = Checks.elements("rows", rows, "columns", columns);
    long ySize = size(broadcast, rows, columns);
    Checks.input("x", x, size);
    Checks.input("y", y, ySize);
    Checks.input("dz", dz, size);
    Checks.output("dx", dx, size);
    Checks.disjoint("dx", dx, size, "x", x, size);
    Checks.disjoint("dx", dx, size, "y", y, ySize);
    if (accumulate) {
      Checks.disjoint("dx", dx, size, "dz", dz, size);
    } else {
      Checks.sameOrDisjoint("dx", dx, "dz", dz, size);
    }
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementwiseKernels.INSTANCE.gradientX(
                    f, broadcast, accumulate, columns, x, y, dz, dx, from, to)),
        x,
        y,
        dz,
        dx);
  }

  /**
   * The gradient of a function of two tensors with respect to y, on the shared pool.
   *
   * @see #gradientY(WorkerPool, BinaryFunction, Broadcast, boolean, long, long, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void gradientY(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dy) {
    gradientY(WorkerPool.shared(), f, broadcast, accumulate, rows, columns, x, y, dz, dy);
  }

  /**
   * The gradient of {@link #binary} with respect to y: {@code dy = dz · ∂f/∂y}, or {@code dy += …}.
   * It has the shape of x, and is {@code −dz · (x / y) / y} for a quotient. For a y that was
   * broadcast, sum it with {@link Blas1#sum}, {@link Reductions#columnSums} or {@link
   * Reductions#rowSums}. Where x and y are equal, each gets half of the gradient of their maximum
   * or minimum, and where one is NaN, both get all of it.
   *
   * @param f no comparison, which has no gradient
   * @param accumulate whether the result is added to what is there
   * @param x [rows, columns]
   * @param y [rows, columns], or one element, [columns] or [rows], as {@code broadcast} says
   * @param dz [rows, columns]
   * @param dy [rows, columns], may be dz if it does not accumulate
   */
  public static void gradientY(
      WorkerPool pool,
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long rows,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dy) {
    Objects.requireNonNull(pool, "pool");
    requireGradient(f);
    Objects.requireNonNull(broadcast, "broadcast");
    long size = Checks.elements("rows", rows, "columns", columns);
    long ySize = size(broadcast, rows, columns);
    Checks.input("x", x, size);
    Checks.input("y", y, ySize);
    Checks.input("dz", dz, size);
    Checks.output("dy", dy, size);
    Checks.disjoint("dy", dy, size, "x", x, size);
    Checks.disjoint("dy", dy, size, "y", y, ySize);
    if (accumulate) {
      Checks.disjoint("dy", dy, size, "dz", dz, size);
    } else {
      Checks.sameOrDisjoint("dy", dy, "dz", dz, size);
    }
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                SimdElementwiseKernels.INSTANCE.gradientY(
                    f, broadcast, accumulate, columns, x, y, dz, dy, from, to)),
        x,
        y,
        dz,
        dy);
  }

  private static long size(Broadcast broadcast, long rows, long columns) {
    return switch (broadcast) {
      case NONE -> rows * columns;
      case SCALAR -> 1;
      case ROW -> columns;
      case COLUMN -> rows;
    };
  }

  private static void requireGradient(BinaryFunction f) {
    Objects.requireNonNull(f, "f");
    if (f.isComparison()) {
      throw new IllegalArgumentException(f + " has no gradient");
    }
  }

  private static void disjoint(
      String name,
      MemorySegment z,
      long size,
      Broadcast broadcast,
      String otherName,
      MemorySegment other,
      long otherSize) {
    if (broadcast == Broadcast.NONE) {
      Checks.sameOrDisjoint(name, z, otherName, other, size);
    } else {
      Checks.disjoint(name, z, size, otherName, other, otherSize);
    }
  }
}

package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.lanewise.cli.UserException;

/**
 * The matrices of a product. Elements of A and B are random in [−0.5, 0.5).
 *
 * @param shape their sizes
 * @param type the type of their elements
 * @param a rows of A, {@code lda} apart
 * @param b rows of B, {@code ldb} apart
 * @param c rows of C, {@code ldc} apart
 */
public record Operands(Shape shape, Type type, MemorySegment a, MemorySegment b, MemorySegment c) {
  private static final int CACHE_LINE = 64;

  /** Matrices in native memory, aligned to cache lines. */
  public static Operands random(Shape shape, Type type, Arena arena) {
    SplittableRandom random = new SplittableRandom(1);
    try {
      return new Operands(
          shape,
          type,
          fill(allocate(shape.rowsA(), shape.lda(), type, arena), type, random),
          fill(allocate(shape.rowsB(), shape.ldb(), type, arena), type, random),
          allocate(shape.m(), shape.ldc(), type, arena));
    } catch (OutOfMemoryError _) {
      throw new UserException("there is not enough memory for the matrices of " + shape);
    }
  }

  private static MemorySegment allocate(long rows, long stride, Type type, Arena arena) {
    return arena.allocate(rows * stride * type.bytes(), CACHE_LINE);
  }

  private static MemorySegment fill(MemorySegment matrix, Type type, SplittableRandom random) {
    long elements = matrix.byteSize() / type.bytes();
    for (long i = 0; i < elements; i++) {
      if (type == Type.F32) {
        matrix.setAtIndex(JAVA_FLOAT, i, random.nextFloat() - 0.5f);
      } else {
        matrix.setAtIndex(JAVA_DOUBLE, i, random.nextDouble() - 0.5);
      }
    }
    return matrix;
  }

  /** A copy in Java arrays, which are the {@link MemorySegment#heapBase} of its segments. */
  public Operands onHeap() {
    try {
      return new Operands(shape, type, toArray(a), toArray(b), toArray(c));
    } catch (OutOfMemoryError | IllegalStateException _) {
      throw new UserException("the matrices of " + shape + " do not fit into the Java heap");
    }
  }

  private MemorySegment toArray(MemorySegment matrix) {
    return type == Type.F32
        ? MemorySegment.ofArray(matrix.toArray(JAVA_FLOAT))
        : MemorySegment.ofArray(matrix.toArray(JAVA_DOUBLE));
  }

  /** An element of op(A). */
  double a(int row, int column) {
    return shape.trans().a() ? get(a, column, shape.lda(), row) : get(a, row, shape.lda(), column);
  }

  /** An element of op(B). */
  double b(int row, int column) {
    return shape.trans().b() ? get(b, column, shape.ldb(), row) : get(b, row, shape.ldb(), column);
  }

  /** An element of C, or of the gap after a row if {@code column} is n or more. */
  double c(int row, int column) {
    return get(c, row, shape.ldc(), column);
  }

  private double get(MemorySegment matrix, long row, long stride, int column) {
    long index = row * stride + column;
    return type == Type.F32
        ? matrix.getAtIndex(JAVA_FLOAT, index)
        : matrix.getAtIndex(JAVA_DOUBLE, index);
  }
}

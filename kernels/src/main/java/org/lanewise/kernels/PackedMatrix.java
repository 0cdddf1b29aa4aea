package org.lanewise.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.simd.VectorBits;

/**
 * A right operand of {@link Gemm} in the order in which its kernels read it: for weights that are
 * multiplied with again and again, and then are not packed for each product. It is a copy: later
 * changes of the original do not show. Results have the same bits as with the original.
 *
 * <p>It pays for few rows and a transposed matrix most.
 */
public final class PackedMatrix implements AutoCloseable {
  private static final long PAGE = 4096;

  private final long k;
  private final long n;
  private final Class<?> kind;
  private final Object panels;
  private final Arena arena;

  private PackedMatrix(long k, long n, Class<?> kind, Object panels, Arena arena) {
    this.k = k;
    this.n = n;
    this.kind = kind;
    this.panels = panels;
    this.arena = arena;
  }

  /**
   * Packs an f32 matrix for products of segments.
   *
   * @param transpose whether {@code b} is stored [n, k] rather than [k, n]
   * @param k rows of op(B)
   * @param n columns of op(B)
   * @param b dense
   */
  public static PackedMatrix ofFloats(Transpose transpose, long k, long n, MemorySegment b) {
    VectorBits.requireValid();
    Objects.requireNonNull(transpose, "transpose");
    Checks.input("b", b, Checks.elements("k", k, "n", n), Float.BYTES);
    Arena arena = Arena.ofShared();
    try {
      long size = org.lanewise.kernels.simd.gemm.f32.Panels.size(n, k);
      MemorySegment panels = arena.allocate(size * Float.BYTES, PAGE);
      org.lanewise.kernels.simd.gemm.f32.Panels.pack(
          transpose, n, k, b, 0, stride(transpose, k, n), panels);
      return new PackedMatrix(k, n, float.class, panels, arena);
    } catch (Throwable failure) { // b is closed, or another thread's, or there is no memory left
      arena.close();
      throw failure;
    }
  }

  /**
   * Packs an f64 matrix for products of segments.
   *
   * @param transpose whether {@code b} is stored [n, k] rather than [k, n]
   * @param k rows of op(B)
   * @param n columns of op(B)
   * @param b dense
   */
  public static PackedMatrix ofDoubles(Transpose transpose, long k, long n, MemorySegment b) {
    VectorBits.requireValid();
    Objects.requireNonNull(transpose, "transpose");
    Checks.input("b", b, Checks.elements("k", k, "n", n), Double.BYTES);
    Arena arena = Arena.ofShared();
    try {
      long size = org.lanewise.kernels.simd.gemm.f64.Panels.size(n, k);
      MemorySegment panels = arena.allocate(size * Double.BYTES, PAGE);
      org.lanewise.kernels.simd.gemm.f64.Panels.pack(
          transpose, n, k, b, 0, stride(transpose, k, n), panels);
      return new PackedMatrix(k, n, double.class, panels, arena);
    } catch (Throwable failure) { // b is closed, or another thread's, or there is no memory left
      arena.close();
      throw failure;
    }
  }

  /**
   * Packs an f32 matrix for products of arrays.
   *
   * @param transpose whether {@code b} is stored [n, k] rather than [k, n]
   * @param k rows of op(B)
   * @param n columns of op(B)
   * @param b dense
   */
  public static PackedMatrix of(Transpose transpose, int k, int n, float[] b) {
    VectorBits.requireValid();
    Objects.requireNonNull(transpose, "transpose");
    Checks.array("b", b, Checks.elements("k", k, "n", n));
    float[] panels = new float[arrayLength(org.lanewise.kernels.simd.gemm.f32.Panels.size(n, k))];
    org.lanewise.kernels.simd.gemm.f32heap.Panels.pack(
        transpose, n, k, b, 0, (int) stride(transpose, k, n), panels);
    return new PackedMatrix(k, n, float[].class, panels, null);
  }

  /**
   * Packs an f64 matrix for products of arrays.
   *
   * @param transpose whether {@code b} is stored [n, k] rather than [k, n]
   * @param k rows of op(B)
   * @param n columns of op(B)
   * @param b dense
   */
  public static PackedMatrix of(Transpose transpose, int k, int n, double[] b) {
    VectorBits.requireValid();
    Objects.requireNonNull(transpose, "transpose");
    Checks.array("b", b, Checks.elements("k", k, "n", n));
    double[] panels = new double[arrayLength(org.lanewise.kernels.simd.gemm.f64.Panels.size(n, k))];
    org.lanewise.kernels.simd.gemm.f64heap.Panels.pack(
        transpose, n, k, b, 0, (int) stride(transpose, k, n), panels);
    return new PackedMatrix(k, n, double[].class, panels, null);
  }

  private static int arrayLength(long elements) {
    if (elements > Integer.MAX_VALUE - 8) { // what some JVMs need for a header
      throw new IllegalArgumentException(
          "b takes %d elements when packed, more than an array holds".formatted(elements));
    }
    return (int) elements;
  }

  private static long stride(Transpose transpose, long k, long n) {
    return Math.max(1, transpose == Transpose.NO ? n : k);
  }

  /**
   * The panels, for products of op(B) [k, n].
   *
   * @param kind {@code float.class} or {@code double.class} for segments, else that of the array
   */
  Object panels(Class<?> kind, long k, long n) {
    if (this.kind != kind) {
      throw new IllegalArgumentException(
          "b must be packed for %s but is for %s".formatted(memory(kind), memory(this.kind)));
    }
    if (this.k != k || this.n != n) {
      throw new IllegalArgumentException(
          "b must be [%d, %d] but is packed [%d, %d]".formatted(k, n, this.k, this.n));
    }
    return panels;
  }

  private static String memory(Class<?> kind) {
    return kind.isArray() ? kind.getSimpleName() : "segments of " + kind;
  }

  /**
   * Frees native memory; products with this matrix then throw. Arrays are left to the collector.
   */
  @Override
  public void close() {
    if (arena != null && arena.scope().isAlive()) {
      arena.close();
    }
  }
}

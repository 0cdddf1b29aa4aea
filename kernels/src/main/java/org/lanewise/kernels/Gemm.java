package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.VectorBits;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/**
 * General matrix products {@code C = epilogue(α · op(A) · op(B) + β · C)} of row-major matrices
 * (Dongarra et al., "A Set of Level 3 Basic Linear Algebra Subprograms", ACM TOMS 16(1), 1990), in
 * f32 and f64, on native segments and on arrays.
 *
 * <p>The static methods take the arguments of BLAS. For anything beyond, describe the product and
 * run it, as often as needed:
 *
 * <pre>{@code
 * Gemm.of(m, n, k).transposeB().epilogue(Epilogue.BIAS_RELU).sgemm(x, w, y, bias, null);
 * }</pre>
 *
 * <p>op(A) is [m, k], op(B) [k, n], C [m, n]. With β = 0, C is not read. With α = 0 or k = 0, A and
 * B are not read. With m = 0 or n = 0 nothing happens. Non-finite elements add up as IEEE 754 says.
 *
 * <p>Before the epilogue, an element's error is at most {@code (k + 2)·u·(|α|·Σ|a||b| + |β||c|)}
 * with {@code u = 2⁻²⁴} in f32 and {@code 2⁻⁵³} in f64. Its bits depend only on its row of op(A),
 * its column of op(B), its own old value, and the scalars: not on m, n, strides, the kind of memory
 * or the number of threads.
 *
 * <p>A product allocates nothing on the heap. Each thread that computes has up to 5.5 MiB of
 * scratch memory for each kind of element and memory, which it leaves to the next. The first
 * product of more than 2 million multiply-adds of a kind in a process has the JIT compile the
 * kernels before it runs, some tenths of a second, as interpreted it would take longer.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}. A
 * description may be used by one thread at a time.
 */
public final class Gemm {
  private static final PerWorkspace<Gemm> INSTANCES = PerWorkspace.of(Gemm::new);

  private WorkerPool pool;
  private Transpose transA;
  private Transpose transB;
  private long m;
  private long n;
  private long k;
  private double alpha;
  private double beta;
  private long aOffset;
  private long bOffset;
  private long cOffset;
  private long lda;
  private long ldb;
  private long ldc;
  private boolean dense;
  private long batch;
  private long aStride;
  private long bStride;
  private long cStride;
  private Epilogue epilogue;
  private boolean confined;

  private Gemm() {}

  /**
   * {@code C = A · B} of dense matrices, on the shared pool; the other methods change that.
   *
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A) and rows of op(B)
   */
  public static Gemm of(long m, long n, long k) {
    return new Gemm().reset(m, n, k);
  }

  private Gemm reset(long m, long n, long k) {
    VectorBits.requireValid();
    Checks.size("m", m);
    Checks.size("n", n);
    Checks.size("k", k);
    this.m = m;
    this.n = n;
    this.k = k;
    pool = WorkerPool.shared();
    transA = Transpose.NO;
    transB = Transpose.NO;
    alpha = 1;
    beta = 0;
    aOffset = 0;
    bOffset = 0;
    cOffset = 0;
    dense = true;
    batch = 1;
    aStride = 0;
    bStride = 0;
    cStride = 0;
    epilogue = Epilogue.NONE;
    return this;
  }

  /** A is stored [k, m], and op(A) is Aᵀ. */
  public Gemm transposeA() {
    transA = Transpose.YES;
    return this;
  }

  /** B is stored [n, k], and op(B) is Bᵀ. */
  public Gemm transposeB() {
    transB = Transpose.YES;
    return this;
  }

  /** The factor of op(A) · op(B), rounded to f32 if the elements are. */
  public Gemm alpha(double alpha) {
    this.alpha = alpha;
    return this;
  }

  /** The factor of the old C, rounded to f32 if the elements are. */
  public Gemm beta(double beta) {
    this.beta = beta;
    return this;
  }

  /**
   * Distances of the rows of A, B and C as stored, in elements; each at least the length of a row,
   * and 1. What lies between rows is not touched.
   */
  public Gemm leadingDimensions(long lda, long ldb, long ldc) {
    this.lda = lda;
    this.ldb = ldb;
    this.ldc = ldc;
    dense = false;
    return this;
  }

  /** Elements before the first of A, B and C in their memory. */
  public Gemm offsets(long a, long b, long c) {
    Checks.size("aOffset", a);
    Checks.size("bOffset", b);
    Checks.size("cOffset", c);
    aOffset = a;
    bOffset = b;
    cOffset = c;
    return this;
  }

  /**
   * Does so with {@code count} triples of matrices, which lie at equal distances in elements. A
   * distance of 0 uses the same A or B throughout. The matrices of C do not overlap; they may lie
   * side by side in the rows of one matrix.
   */
  public Gemm batch(long count, long aStride, long bStride, long cStride) {
    Checks.size("count", count);
    Checks.size("aStride", aStride);
    Checks.size("bStride", bStride);
    Checks.size("cStride", cStride);
    batch = count;
    this.aStride = aStride;
    this.bStride = bStride;
    this.cStride = cStride;
    return this;
  }

  /**
   * What happens to an element once its sum is complete, while it is in the cache. The operands
   * that the epilogue needs are given when it runs: a bias of n elements, or of m for {@link
   * Epilogue.Bias#ROW}, the same for all matrices of a batch; and a residual that is laid out as C,
   * offset, rows and batch included. Functions are those of {@link Activations} in f32; in f64 tanh
   * and the exponential are those of {@link StrictMath}.
   */
  public Gemm epilogue(Epilogue epilogue) {
    this.epilogue = Objects.requireNonNull(epilogue, "epilogue");
    return this;
  }

  /** The threads to run on, if it pays. */
  public Gemm on(WorkerPool pool) {
    this.pool = Objects.requireNonNull(pool, "pool");
    return this;
  }

  /** {@code C = A · B} of dense matrices in f32 segments, on the shared pool. */
  public static void sgemm(
      long m, long n, long k, MemorySegment a, MemorySegment b, MemorySegment c) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES.in(workspace).reset(m, n, k).sgemm(a, b, c);
    }
  }

  /**
   * {@code C = α · op(A) · op(B) + β · C} in f32 segments, on the shared pool, with the arguments
   * of BLAS and offsets.
   *
   * @see #of
   */
  public static void sgemm(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      float alpha,
      MemorySegment a,
      long aOffset,
      long lda,
      MemorySegment b,
      long bOffset,
      long ldb,
      float beta,
      MemorySegment c,
      long cOffset,
      long ldc) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES
          .in(workspace)
          .reset(m, n, k)
          .transpose(transA, transB)
          .alpha(alpha)
          .beta(beta)
          .offsets(aOffset, bOffset, cOffset)
          .leadingDimensions(lda, ldb, ldc)
          .sgemm(a, b, c);
    }
  }

  /** Runs on f32 segments, with an epilogue that needs no operand. */
  public void sgemm(MemorySegment a, MemorySegment b, MemorySegment c) {
    sgemm(a, b, c, null, null);
  }

  /**
   * Runs on f32 segments.
   *
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void sgemm(
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    Objects.requireNonNull(b, "b");
    setStrides();
    checkSegments(a, b, c, bias, residual, Float.BYTES);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f32.Product.in(workspace);
        product.right(transB, b, bOffset, bounded(ldb));
        run(product, a, c, bias, residual);
      }
    }
  }

  /**
   * Runs on f32 segments with a packed right operand, the same for all matrices of a batch.
   *
   * @param b packed from the same kind of memory; what was said of B otherwise has no effect
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void sgemm(
      MemorySegment a,
      PackedMatrix b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    MemorySegment panels = (MemorySegment) b.panels(float.class, k, n);
    setStrides();
    checkSegments(a, null, c, bias, residual, Float.BYTES);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f32.Product.in(workspace);
        product.packedRight(panels);
        run(product, a, c, bias, residual);
      }
    }
  }

  private void run(
      org.lanewise.kernels.simd.gemm.f32.Product product,
      MemorySegment a,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    product
        .size(m, n, k)
        .left((float) alpha, transA, a, aOffset, bounded(lda))
        .result((float) beta, c, cOffset, bounded(ldc))
        .batch(batch, bounded(aStride), bounded(bStride), bounded(cStride))
        .epilogue(epilogue, bias, 0, residual, cOffset, bounded(ldc));
    try {
      if (confined) {
        product.run();
      } else {
        product.run(pool);
      }
    } finally {
      product.clear();
    }
  }

  /** {@code C = A · B} of dense matrices in f32 arrays, on the shared pool. */
  public static void sgemm(long m, long n, long k, float[] a, float[] b, float[] c) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES.in(workspace).reset(m, n, k).sgemm(a, b, c);
    }
  }

  /**
   * {@code C = α · op(A) · op(B) + β · C} in f32 arrays, on the shared pool, with the arguments of
   * BLAS and offsets.
   *
   * @see #of
   */
  public static void sgemm(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      float alpha,
      float[] a,
      long aOffset,
      long lda,
      float[] b,
      long bOffset,
      long ldb,
      float beta,
      float[] c,
      long cOffset,
      long ldc) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES
          .in(workspace)
          .reset(m, n, k)
          .transpose(transA, transB)
          .alpha(alpha)
          .beta(beta)
          .offsets(aOffset, bOffset, cOffset)
          .leadingDimensions(lda, ldb, ldc)
          .sgemm(a, b, c);
    }
  }

  /** Runs on f32 arrays, with an epilogue that needs no operand. */
  public void sgemm(float[] a, float[] b, float[] c) {
    sgemm(a, b, c, null, null);
  }

  /**
   * Runs on f32 arrays.
   *
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void sgemm(float[] a, float[] b, float[] c, float[] bias, float[] residual) {
    Objects.requireNonNull(b, "b");
    setStrides();
    checkArrays(a, b, c, bias, residual);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f32heap.Product.in(workspace);
        product.right(transB, b, toInt(bOffset), toInt(ldb));
        run(product, a, c, bias, residual);
      }
    }
  }

  /**
   * Runs on f32 arrays with a packed right operand, the same for all matrices of a batch.
   *
   * @param b packed from the same kind of memory; what was said of B otherwise has no effect
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void sgemm(float[] a, PackedMatrix b, float[] c, float[] bias, float[] residual) {
    float[] panels = (float[]) b.panels(float[].class, k, n);
    setStrides();
    checkArrays(a, null, c, bias, residual);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f32heap.Product.in(workspace);
        product.packedRight(panels);
        run(product, a, c, bias, residual);
      }
    }
  }

  private void run(
      org.lanewise.kernels.simd.gemm.f32heap.Product product,
      float[] a,
      float[] c,
      float[] bias,
      float[] residual) {
    product
        .size(toInt(m), toInt(n), toInt(k))
        .left((float) alpha, transA, a, toInt(aOffset), toInt(lda))
        .result((float) beta, c, toInt(cOffset), toInt(ldc))
        .batch(toInt(batch), toInt(aStride), toInt(bStride), toInt(cStride))
        .epilogue(epilogue, bias, 0, residual, toInt(cOffset), toInt(ldc));
    try {
      product.run(pool);
    } finally {
      product.clear();
    }
  }

  /** {@code C = A · B} of dense matrices in f64 segments, on the shared pool. */
  public static void dgemm(
      long m, long n, long k, MemorySegment a, MemorySegment b, MemorySegment c) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES.in(workspace).reset(m, n, k).dgemm(a, b, c);
    }
  }

  /**
   * {@code C = α · op(A) · op(B) + β · C} in f64 segments, on the shared pool, with the arguments
   * of BLAS and offsets.
   *
   * @see #of
   */
  public static void dgemm(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      double alpha,
      MemorySegment a,
      long aOffset,
      long lda,
      MemorySegment b,
      long bOffset,
      long ldb,
      double beta,
      MemorySegment c,
      long cOffset,
      long ldc) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES
          .in(workspace)
          .reset(m, n, k)
          .transpose(transA, transB)
          .alpha(alpha)
          .beta(beta)
          .offsets(aOffset, bOffset, cOffset)
          .leadingDimensions(lda, ldb, ldc)
          .dgemm(a, b, c);
    }
  }

  /** Runs on f64 segments, with an epilogue that needs no operand. */
  public void dgemm(MemorySegment a, MemorySegment b, MemorySegment c) {
    dgemm(a, b, c, null, null);
  }

  /**
   * Runs on f64 segments.
   *
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void dgemm(
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    Objects.requireNonNull(b, "b");
    setStrides();
    checkSegments(a, b, c, bias, residual, Double.BYTES);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f64.Product.in(workspace);
        product.right(transB, b, bOffset, bounded(ldb));
        run(product, a, c, bias, residual);
      }
    }
  }

  /**
   * Runs on f64 segments with a packed right operand, the same for all matrices of a batch.
   *
   * @param b packed from the same kind of memory; what was said of B otherwise has no effect
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void dgemm(
      MemorySegment a,
      PackedMatrix b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    MemorySegment panels = (MemorySegment) b.panels(double.class, k, n);
    setStrides();
    checkSegments(a, null, c, bias, residual, Double.BYTES);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f64.Product.in(workspace);
        product.packedRight(panels);
        run(product, a, c, bias, residual);
      }
    }
  }

  private void run(
      org.lanewise.kernels.simd.gemm.f64.Product product,
      MemorySegment a,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    product
        .size(m, n, k)
        .left(alpha, transA, a, aOffset, bounded(lda))
        .result(beta, c, cOffset, bounded(ldc))
        .batch(batch, bounded(aStride), bounded(bStride), bounded(cStride))
        .epilogue(epilogue, bias, 0, residual, cOffset, bounded(ldc));
    try {
      if (confined) {
        product.run();
      } else {
        product.run(pool);
      }
    } finally {
      product.clear();
    }
  }

  /** {@code C = A · B} of dense matrices in f64 arrays, on the shared pool. */
  public static void dgemm(long m, long n, long k, double[] a, double[] b, double[] c) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES.in(workspace).reset(m, n, k).dgemm(a, b, c);
    }
  }

  /**
   * {@code C = α · op(A) · op(B) + β · C} in f64 arrays, on the shared pool, with the arguments of
   * BLAS and offsets.
   *
   * @see #of
   */
  public static void dgemm(
      Transpose transA,
      Transpose transB,
      long m,
      long n,
      long k,
      double alpha,
      double[] a,
      long aOffset,
      long lda,
      double[] b,
      long bOffset,
      long ldb,
      double beta,
      double[] c,
      long cOffset,
      long ldc) {
    try (Workspace workspace = Workspace.enter()) {
      INSTANCES
          .in(workspace)
          .reset(m, n, k)
          .transpose(transA, transB)
          .alpha(alpha)
          .beta(beta)
          .offsets(aOffset, bOffset, cOffset)
          .leadingDimensions(lda, ldb, ldc)
          .dgemm(a, b, c);
    }
  }

  /** Runs on f64 arrays, with an epilogue that needs no operand. */
  public void dgemm(double[] a, double[] b, double[] c) {
    dgemm(a, b, c, null, null);
  }

  /**
   * Runs on f64 arrays.
   *
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void dgemm(double[] a, double[] b, double[] c, double[] bias, double[] residual) {
    Objects.requireNonNull(b, "b");
    setStrides();
    checkArrays(a, b, c, bias, residual);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f64heap.Product.in(workspace);
        product.right(transB, b, toInt(bOffset), toInt(ldb));
        run(product, a, c, bias, residual);
      }
    }
  }

  /**
   * Runs on f64 arrays with a packed right operand, the same for all matrices of a batch.
   *
   * @param b packed from the same kind of memory; what was said of B otherwise has no effect
   * @param c does not overlap with another operand
   * @param bias null if the epilogue has none
   * @param residual null if the epilogue has none
   */
  public void dgemm(double[] a, PackedMatrix b, double[] c, double[] bias, double[] residual) {
    double[] panels = (double[]) b.panels(double[].class, k, n);
    setStrides();
    checkArrays(a, null, c, bias, residual);
    if (m > 0 && n > 0 && batch > 0) {
      try (Workspace workspace = Workspace.enter()) {
        var product = org.lanewise.kernels.simd.gemm.f64heap.Product.in(workspace);
        product.packedRight(panels);
        run(product, a, c, bias, residual);
      }
    }
  }

  private void run(
      org.lanewise.kernels.simd.gemm.f64heap.Product product,
      double[] a,
      double[] c,
      double[] bias,
      double[] residual) {
    product
        .size(toInt(m), toInt(n), toInt(k))
        .left(alpha, transA, a, toInt(aOffset), toInt(lda))
        .result(beta, c, toInt(cOffset), toInt(ldc))
        .batch(toInt(batch), toInt(aStride), toInt(bStride), toInt(cStride))
        .epilogue(epilogue, bias, 0, residual, toInt(cOffset), toInt(ldc));
    try {
      product.run(pool);
    } finally {
      product.clear();
    }
  }

  private Gemm transpose(Transpose transA, Transpose transB) {
    this.transA = Objects.requireNonNull(transA, "transA");
    this.transB = Objects.requireNonNull(transB, "transB");
    return this;
  }

  private void setStrides() {
    if (dense) {
      lda = Math.max(1, transA == Transpose.NO ? k : m);
      ldb = Math.max(1, transB == Transpose.NO ? n : k);
      ldc = Math.max(1, n);
    }
  }

  /**
   * Also notes whether only the calling thread can access an operand; B is null if it is packed.
   */
  private void checkSegments(
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual,
      int elementBytes) {
    long aEnd = aEnd();
    long cEnd = cEnd();
    Checks.input("a", a, aEnd, elementBytes);
    Checks.output("c", c, cEnd, elementBytes);
    Checks.disjoint("c", c, cOffset, cEnd, "a", a, aOffset, aEnd, elementBytes);
    confined = Dispatch.isConfined(a) || Dispatch.isConfined(c);
    if (b != null) {
      long bEnd = bEnd();
      Checks.input("b", b, bEnd, elementBytes);
      Checks.disjoint("c", c, cOffset, cEnd, "b", b, bOffset, bEnd, elementBytes);
      confined |= Dispatch.isConfined(b);
    }
    checkPresence("bias", epilogue.hasBias(), bias);
    checkPresence("residual", epilogue.residual(), residual);
    if (bias != null) {
      Checks.input("bias", bias, biasLength(), elementBytes);
      Checks.disjoint("c", c, cOffset, cEnd, "bias", bias, 0, biasLength(), elementBytes);
      confined |= Dispatch.isConfined(bias);
    }
    if (residual != null) {
      Checks.input("residual", residual, cEnd, elementBytes);
      Checks.disjoint("c", c, cOffset, cEnd, "residual", residual, cOffset, cEnd, elementBytes);
      confined |= Dispatch.isConfined(residual);
    }
  }

  private void checkArrays(Object a, Object b, Object c, Object bias, Object residual) {
    long aEnd = aEnd();
    long cEnd = cEnd();
    Checks.array("a", a, aEnd);
    Checks.array("c", c, cEnd);
    Checks.disjointArrays("c", c, cOffset, cEnd, "a", a, aOffset, aEnd);
    if (b != null) {
      long bEnd = bEnd();
      Checks.array("b", b, bEnd);
      Checks.disjointArrays("c", c, cOffset, cEnd, "b", b, bOffset, bEnd);
    }
    checkPresence("bias", epilogue.hasBias(), bias);
    checkPresence("residual", epilogue.residual(), residual);
    if (bias != null) {
      Checks.array("bias", bias, biasLength());
      Checks.disjointArrays("c", c, cOffset, cEnd, "bias", bias, 0, biasLength());
    }
    if (residual != null) {
      Checks.array("residual", residual, cEnd);
      Checks.disjointArrays("c", c, cOffset, cEnd, "residual", residual, cOffset, cEnd);
    }
  }

  private void checkPresence(String name, boolean needed, Object operand) {
    if (needed != (operand != null)) {
      throw new IllegalArgumentException(
          "%s must%s be null for the epilogue %s".formatted(name, needed ? " not" : "", epilogue));
    }
  }

  private long biasLength() {
    return epilogue.bias() == Epilogue.Bias.ROW ? m : n;
  }

  private long aEnd() {
    return transA == Transpose.NO
        ? end("a", m, k, lda, aOffset, aStride)
        : end("a", k, m, lda, aOffset, aStride);
  }

  private long bEnd() {
    return transB == Transpose.NO
        ? end("b", k, n, ldb, bOffset, bStride)
        : end("b", n, k, ldb, bOffset, bStride);
  }

  private long cEnd() {
    long end = end("c", m, n, ldc, cOffset, cStride);
    if (batch > 1 && m > 0 && n > 0) {
      boolean oneAfterTheOther = cStride >= (m - 1) * ldc + n;
      boolean sideBySide = cStride >= n && (batch - 1) * cStride + n <= ldc;
      if (!oneAfterTheOther && !sideBySide) {
        throw new IllegalArgumentException(
            "the %d matrices c [%d, %d] with ldc %d must not overlap, but are %d apart"
                .formatted(batch, m, n, ldc, cStride));
      }
    }
    return end;
  }

  /** Elements up to the last one of a batch of matrices whose rows are {@code stride} apart. */
  private long end(
      String name, long rows, long columns, long stride, long offset, long batchStride) {
    if (stride < Math.max(1, columns)) {
      throw new IllegalArgumentException(
          "ld%s must be at least %d, the row length of %s [%d, %d], but is %d"
              .formatted(name, Math.max(1, columns), name, rows, columns, stride));
    }
    if (rows == 0 || columns == 0 || batch == 0) {
      return offset;
    }
    try {
      long begin = Math.addExact(offset, Math.multiplyExact(batch - 1, batchStride));
      long last = Math.addExact(Math.multiplyExact(rows - 1, stride), columns);
      return Math.addExact(begin, last);
    } catch (ArithmeticException tooLarge) {
      throw new IllegalArgumentException(
          "%s ends beyond 2^63 elements: %d matrices [%d, %d] with ld%s %d, %d apart, from %d on"
              .formatted(name, batch, rows, columns, name, stride, batchStride, offset),
          tooLarge);
    }
  }

  /** A size or distance that the end of an array bounds, or else does not matter. */
  private static int toInt(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }

  /** A distance in segments of which one that matters is much shorter. */
  private static long bounded(long stride) {
    return Math.min(stride, Long.MAX_VALUE >> 8);
  }
}

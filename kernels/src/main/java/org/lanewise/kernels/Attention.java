package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;
import org.lanewise.kernels.simd.attention.SimdAttentionKernels;

/**
 * Scaled dot-product attention (Vaswani et al., "Attention Is All You Need", NeurIPS 2017) and its
 * gradient, by tiles, so that the matrix of queries × keys is never stored (Dao et al.,
 * "FlashAttention", NeurIPS 2022).
 *
 * <p>For each head of the queries of each sample, {@code s[i][j] = scale · Σ_c q[i][c] · k[j][c]},
 * {@code p[i][j] = exp(s[i][j] − max[i]) / sum[i]} with the greatest score of the query and {@code
 * sum[i] = Σ_j exp(s[i][j] − max[i])}, and {@code o[i] = Σ_j p[i][j] · v[j]}, over the keys that
 * query i sees: those that the mask does not exclude and, if the shape is causal, {@code j ≤ i +
 * keys − queries}. A query that sees no key has a result, a max and a sum of 0, and no part in
 * gradients; so has one all of whose scores are −∞. The weight of a score that is more than {@value
 * Softmax#EXP_RANGE} below the row's maximum counts as 0.
 *
 * <p>Let u = 2⁻²⁴, and {@code E = (keys + 8 + (headSize + 6) · S) · u} with S the largest {@code
 * |scale| · Σ_c |q[i][c] · k[j][c]|} of row i. Then max[i] + log(sum[i]) differs from the exact log
 * Σ_j exp(s[i][j]) by at most E, and the error of o[i] is at most {@code 2 · E · Σ_j p[i][j] ·
 * |v[j]|}; errors of random sign stay far below. Results have the same bits for any number of
 * threads and of samples.
 *
 * <p>NaN and +∞ in q and k reach the results and gradients of the queries whose scores they are in.
 * What a query does not see has no part in its results and gradients, nor has the query in the
 * gradients of such a key, whatever memory holds there, NaN included. A causal query takes longer
 * where one of the 15 after it sees NaN or infinity that it does not see itself.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels}.
 */
public final class Attention {
  private Attention() {}

  /**
   * Attention on the shared pool.
   *
   * @see #forward(WorkerPool, AttentionShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void forward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers) {
    forward(WorkerPool.shared(), shape, q, k, v, mask, o, normalizers);
  }

  /**
   * Attention. Inputs may share memory in any way; o overlaps with none of them.
   *
   * @param shape sizes and layouts
   * @param q queries, [batch, heads, queries, headSize] or as the shape says
   * @param k keys, [batch, keyValueHeads, keys, headSize] or as the shape says
   * @param v values, likewise
   * @param mask i32 [batch, keys], 0 for a key that is excluded; null if none is
   * @param o result, [batch, heads, queries, headSize] or as the shape says
   * @param normalizers [batch, heads, queries, 2], written for {@link #backward}: max and sum of
   *     each query
   * @throws IllegalArgumentException also if elements of o share a place
   */
  public static void forward(
      WorkerPool pool,
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(shape, "shape");
    long qSize = Checks.extent("q", shape, shape.q(), shape.heads(), shape.queries());
    long kSize = Checks.extent("k", shape, shape.k(), shape.keyValueHeads(), shape.keys());
    long vSize = Checks.extent("v", shape, shape.v(), shape.keyValueHeads(), shape.keys());
    long oSize = Checks.extent("o", shape, shape.o(), shape.heads(), shape.queries());
    long normalizersSize = normalizersSize(shape);
    long maskSize = mask == null ? 0 : maskSize(shape);
    Checks.input("q", q, qSize);
    Checks.input("k", k, kSize);
    Checks.input("v", v, vSize);
    if (mask != null) {
      Checks.input("mask", mask, maskSize);
    }
    Checks.output("o", o, oSize);
    Checks.output("normalizers", normalizers, normalizersSize);
    requireInjective("o", shape, shape.o(), shape.heads(), shape.queries());
    Checks.disjoint("o", o, oSize, "q", q, qSize);
    Checks.disjoint("o", o, oSize, "k", k, kSize);
    Checks.disjoint("o", o, oSize, "v", v, vSize);
    Checks.disjoint("normalizers", normalizers, normalizersSize, "q", q, qSize);
    Checks.disjoint("normalizers", normalizers, normalizersSize, "k", k, kSize);
    Checks.disjoint("normalizers", normalizers, normalizersSize, "v", v, vSize);
    Checks.disjoint("normalizers", normalizers, normalizersSize, "o", o, oSize);
    if (mask != null) {
      Checks.disjoint("o", o, oSize, "mask", mask, maskSize);
      Checks.disjoint("normalizers", normalizers, normalizersSize, "mask", mask, maskSize);
    }
    Dispatch.run(
        pool,
        RangeTask.overRows(
            ScalarAttentionKernels.units(shape),
            shape.work(ScalarAttentionKernels.UNIT),
            (from, to) ->
                SimdAttentionKernels.INSTANCE.forward(
                    shape, q, k, v, mask, null, o, normalizers, from, to)),
        q,
        k,
        v,
        mask,
        o,
        normalizers);
  }

  /**
   * Gradients of attention on the shared pool.
   *
   * @see #backward(WorkerPool, AttentionShape, MemorySegment, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment, MemorySegment, boolean, MemorySegment,
   *     boolean, MemorySegment, boolean, MemorySegment)
   */
  public static void backward(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO,
      boolean accumulateQ,
      MemorySegment dQ,
      boolean accumulateK,
      MemorySegment dK,
      boolean accumulateV,
      MemorySegment dV) {
    backward(
        WorkerPool.shared(),
        shape,
        q,
        k,
        v,
        mask,
        o,
        normalizers,
        dO,
        accumulateQ,
        dQ,
        accumulateK,
        dK,
        accumulateV,
        dV);
  }

  /**
   * Gradients of {@link #forward}, from that of its result: {@code dV[j] = Σ_i p[i][j] · dO[i]},
   * {@code dS[i][j] = p[i][j] · Σ_c dO[i][c] · (v[j][c] − o[i][c])}, {@code dQ[i] = scale · Σ_j
   * dS[i][j] · k[j]} and {@code dK[j] = scale · Σ_i dS[i][j] · q[i]}. The weights p are computed
   * again from the normalizers. Sums over queries are over those of all heads that share a head of
   * keys and values, one head after the other.
   *
   * <p>With E as for the class, the largest of the queries concerned, {@code n = queries · heads /
   * keyValueHeads}, and {@code W[i][j] = p[i][j] · |scale| · Σ_c |dO[i][c]| · (|v[j][c]| + Σ_l
   * p[i][l] · |v[l][c]|)}, errors are at most {@code (2 · E + n · u) · Σ_i p[i][j] · |dO[i]|} in
   * dV, {@code (4 · E + (headSize + keys + 8) · u) · Σ_j W[i][j] · |k[j]|} in dQ, and likewise with
   * n and q in dK.
   *
   * <p>Each head of keys and values is computed by one thread. Outputs overlap with no input and
   * not with each other, but may be different columns of one matrix, as with {@link
   * AttentionShape#fused}.
   *
   * @param shape as for forward
   * @param q as for forward
   * @param k as for forward
   * @param v as for forward
   * @param mask as for forward
   * @param o from forward
   * @param normalizers from forward
   * @param dO gradient of o, in its layout
   * @param accumulateQ whether to add to dQ what it does not replace otherwise
   * @param dQ gradient of q, in its layout
   * @param accumulateK likewise for dK
   * @param dK gradient of k, in its layout
   * @param accumulateV likewise for dV
   * @param dV gradient of v, in its layout
   * @throws IllegalArgumentException also if elements of an output share a place
   */
  public static void backward(
      WorkerPool pool,
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO,
      boolean accumulateQ,
      MemorySegment dQ,
      boolean accumulateK,
      MemorySegment dK,
      boolean accumulateV,
      MemorySegment dV) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(shape, "shape");
    long qSize = Checks.extent("q", shape, shape.q(), shape.heads(), shape.queries());
    long kSize = Checks.extent("k", shape, shape.k(), shape.keyValueHeads(), shape.keys());
    long vSize = Checks.extent("v", shape, shape.v(), shape.keyValueHeads(), shape.keys());
    long oSize = Checks.extent("o", shape, shape.o(), shape.heads(), shape.queries());
    Checks.input("q", q, qSize);
    Checks.input("k", k, kSize);
    Checks.input("v", v, vSize);
    if (mask != null) {
      Checks.input("mask", mask, maskSize(shape));
    }
    Checks.input("o", o, oSize);
    Checks.input("normalizers", normalizers, normalizersSize(shape));
    Checks.input("dO", dO, oSize);
    Checks.output("dQ", dQ, qSize);
    Checks.output("dK", dK, kSize);
    Checks.output("dV", dV, vSize);
    requireInjective("dQ", shape, shape.q(), shape.heads(), shape.queries());
    requireInjective("dK", shape, shape.k(), shape.keyValueHeads(), shape.keys());
    requireInjective("dV", shape, shape.v(), shape.keyValueHeads(), shape.keys());
    requireDisjointFromInputs("dQ", dQ, qSize, shape, q, k, v, mask, o, normalizers, dO);
    requireDisjointFromInputs("dK", dK, kSize, shape, q, k, v, mask, o, normalizers, dO);
    requireDisjointFromInputs("dV", dV, vSize, shape, q, k, v, mask, o, normalizers, dO);
    int heads = shape.heads();
    int keyHeads = shape.keyValueHeads();
    Checks.disjoint("dK", dK, kSize, shape.k(), keyHeads, "dQ", dQ, qSize, shape.q(), heads, shape);
    Checks.disjoint("dV", dV, vSize, shape.v(), keyHeads, "dQ", dQ, qSize, shape.q(), heads, shape);
    Checks.disjoint(
        "dV", dV, vSize, shape.v(), keyHeads, "dK", dK, kSize, shape.k(), keyHeads, shape);
    boolean isEmpty = qSize == 0 && kSize == 0 && vSize == 0;
    Dispatch.run(
        pool,
        RangeTask.overRows(
            isEmpty ? 0 : shape.batch() * shape.keyValueHeads(),
            shape.workOfKeyValueHead(),
            (from, to) ->
                SimdAttentionKernels.INSTANCE.backward(
                    shape,
                    q,
                    k,
                    v,
                    mask,
                    o,
                    normalizers,
                    dO,
                    accumulateQ,
                    accumulateK,
                    accumulateV,
                    dQ,
                    dK,
                    dV,
                    from,
                    to)),
        q,
        k,
        v,
        mask,
        o,
        normalizers,
        dO,
        dQ,
        dK,
        dV);
  }

  private static long normalizersSize(AttentionShape shape) {
    return Checks.elements(
        "batch · heads",
        Checks.elements("batch", shape.batch(), "heads", shape.heads()),
        "queries",
        shape.queries(),
        "normalizers of a query",
        2);
  }

  private static long maskSize(AttentionShape shape) {
    return Checks.elements("batch", shape.batch(), "keys", shape.keys());
  }

  private static void requireInjective(
      String name, AttentionShape shape, AttentionShape.Layout layout, int heads, long rows) {
    if (!layout.isInjective(shape.batch(), heads, rows, shape.headSize())) {
      throw new IllegalArgumentException(
          "%s must not overlap with itself but has %s of %s".formatted(name, layout, shape));
    }
  }

  private static void requireDisjointFromInputs(
      String name,
      MemorySegment output,
      long size,
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO) {
    long qSize = Checks.extent("q", shape, shape.q(), shape.heads(), shape.queries());
    long kSize = Checks.extent("k", shape, shape.k(), shape.keyValueHeads(), shape.keys());
    long vSize = Checks.extent("v", shape, shape.v(), shape.keyValueHeads(), shape.keys());
    long oSize = Checks.extent("o", shape, shape.o(), shape.heads(), shape.queries());
    Checks.disjoint(name, output, size, "q", q, qSize);
    Checks.disjoint(name, output, size, "k", k, kSize);
    Checks.disjoint(name, output, size, "v", v, vSize);
    Checks.disjoint(name, output, size, "o", o, oSize);
    Checks.disjoint(name, output, size, "normalizers", normalizers, normalizersSize(shape));
    Checks.disjoint(name, output, size, "dO", dO, oSize);
    if (mask != null) {
      Checks.disjoint(name, output, size, "mask", mask, maskSize(shape));
    }
  }
}

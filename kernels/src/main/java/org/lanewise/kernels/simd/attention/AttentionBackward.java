package org.lanewise.kernels.simd.attention;

import static org.lanewise.kernels.scalar.ScalarAttentionKernels.BACKWARD_KEYS;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.BACKWARD_QUERIES;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.STRIP;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.firstQuery;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.isExcluded;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keyEnd;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keyStart;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keysSeenBy;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keysSeenByStrip;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.start;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.gemm.f32.Product;
import org.lanewise.kernels.simd.softmax.SoftmaxLoops;
import org.lanewise.kernels.workspace.PerWorkspace;

/**
 * The gradients of attention, one head of keys after the other with all heads of queries that share
 * it, for one thread. The weights are computed again, for a block of keys and of queries at a time,
 * and added to all three gradients: to those of the queries in strips of queries, to those of keys
 * and values in strips of keys, so that of a block on the diagonal little is computed that a causal
 * query does not see.
 */
final class AttentionBackward {
  /** More than a power of two, lest rows compete for few places of a cache. */
  private static final long STRIDE = BACKWARD_KEYS + VirtualLanes.COUNT;

  private static final PerWorkspace<AttentionBackward> INSTANCES =
      PerWorkspace.of(AttentionBackward::new);

  private AttentionShape shape;
  private MemorySegment q;
  private MemorySegment k;
  private MemorySegment normalizers;
  private MemorySegment dO;
  private boolean masked;
  private boolean accumulateQ;
  private boolean accumulateK;
  private boolean accumulateV;
  private MemorySegment dQ;
  private MemorySegment dK;
  private MemorySegment dV;
  private MemorySegment buffer;

  // Parts of the buffer: keys, values, keys of which some are excluded, weights, gradients of
  // scores, flags, lanes, and Σ do · o of each query
  private long kPanels;
  private long vPanels;
  private long included;
  private long weights;
  private long gradients;
  private long excluded;
  private long lanes;
  private long means;

  // The head of queries, and whether it is the first of those that share their keys
  private long normalizersFrom;
  private long qFrom;
  private long oFrom;
  private long meansFrom;
  private boolean isFirst;

  // The head of keys, the block of them, and whether some are excluded
  private long kFrom;
  private long vFrom;
  private MemorySegment keyRows;
  private long keyRowsFrom;
  private long keyRowsStride;
  private boolean anyExcluded;

  static AttentionBackward ofThread() {
    return INSTANCES.get();
  }

  void run(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO,
      boolean accumulateQ,
      boolean accumulateK,
      boolean accumulateV,
      MemorySegment dQ,
      MemorySegment dK,
      MemorySegment dV,
      long from,
      long to) {
    this.shape = shape;
    this.q = q;
    this.k = k;
    this.normalizers = normalizers;
    this.dO = dO;
    this.accumulateQ = accumulateQ;
    this.accumulateK = accumulateK;
    this.accumulateV = accumulateV;
    this.dQ = dQ;
    this.dK = dK;
    this.dV = dV;
    masked = mask != null;
    allocate();
    for (long keyHead = from; keyHead < to; keyHead++) {
      run(keyHead * shape.group(), v, mask, o);
    }
    clear();
  }

  private void allocate() {
    weights = 0;
    gradients = BACKWARD_QUERIES * STRIDE;
    excluded = 2 * gradients;
    lanes = excluded + BACKWARD_KEYS;
    kPanels = lanes + LaneRows.size(STRIP);
    long keys = Math.min(BACKWARD_KEYS, shape.keys());
    vPanels = kPanels + AttentionTiles.packedSize(keys, shape.headSize());
    included = vPanels + AttentionTiles.packedSize(keys, shape.headSize());
    means = included + (masked ? keys * shape.headSize() : 0);
    buffer = Scratch.ofThread().buffer(0, means + (long) shape.group() * shape.queries());
  }

  /** Lest an idle instance keep memory alive. */
  private void clear() {
    Product.ofThread().clear();
    shape = null;
    q = null;
    k = null;
    keyRows = null;
    normalizers = null;
    dO = null;
    dQ = null;
    dK = null;
    dV = null;
  }

  /** The heads that share keys, from the first on. */
  private void run(long head, MemorySegment v, MemorySegment mask, MemorySegment o) {
    kFrom = keyStart(shape, shape.k(), head);
    vFrom = keyStart(shape, shape.v(), head);
    long end = shape.queries() == 0 ? 0 : keyEnd(shape, mask, shape.keys(), head);
    Product.warmUp((double) shape.group() * shape.queries() * end * shape.headSize());
    for (long i = 0; i < shape.group(); i++) {
      enter(head, i);
      for (long x = 0; x < shape.queries(); x += STRIP) {
        computeMeans(x, Math.min(STRIP, shape.queries() - x), o);
      }
      clearQueries(end);
    }
    clearKeys(mask, head, end);
    for (long j = 0; j < end; j += BACKWARD_KEYS) {
      long keys = Math.min(BACKWARD_KEYS, end - j);
      packKeys(v, mask, head, j, keys);
      for (long i = 0; i < shape.group(); i++) {
        enter(head, i);
        addBlockOfKeys(j, keys);
      }
    }
  }

  /** Goes to one of the heads that share keys. */
  private void enter(long firstHead, long index) {
    long head = firstHead + index;
    isFirst = index == 0;
    normalizersFrom = head * shape.queries();
    meansFrom = means + index * shape.queries();
    qFrom = start(shape, shape.q(), head);
    oFrom = start(shape, shape.o(), head);
  }

  private void addBlockOfKeys(long block, long keys) {
    long first = firstQuery(shape, block);
    for (long i = first - first % BACKWARD_QUERIES; i < shape.queries(); i += BACKWARD_QUERIES) {
      long queryEnd = Math.min(shape.queries(), i + BACKWARD_QUERIES);
      for (long x = Math.max(first, i); x < queryEnd; x += STRIP) {
        addToQueries(x, Math.min(STRIP, queryEnd - x), i, block, keys);
      }
      for (long y = block; y < block + keys; y += STRIP) {
        addToKeys(y, Math.min(STRIP, block + keys - y), i, queryEnd, block);
      }
    }
  }

  private void computeMeans(long query, long queries, MemorySegment o) {
    for (long i = 0; i < queries; i++) {
      long at = oFrom + (query + i) * shape.o().rowStride();
      LaneRows.products(dO, o, at, at + shape.headSize(), buffer, lanes + i * VirtualLanes.COUNT);
    }
    LaneRows.sum(buffer, lanes, queries);
    for (long i = 0; i < queries; i++) {
      float mean = buffer.getAtIndex(FLOAT, lanes + i * VirtualLanes.COUNT);
      buffer.setAtIndex(FLOAT, meansFrom + query + i, mean);
    }
  }

  /** Sets the gradients of queries without a key to 0. */
  private void clearQueries(long end) {
    for (long i = 0; !accumulateQ && i < shape.queries(); i += STRIP) {
      if (Math.min(end, keysSeenByStrip(shape, shape.keys(), i)) <= 0) {
        clearRows(dQ, qFrom, shape.q(), i, Math.min(shape.queries(), i + STRIP));
      }
    }
  }

  /** Sets the gradients of keys without a query to 0. */
  private void clearKeys(MemorySegment mask, long head, long end) {
    for (long j = 0; j < shape.keys(); j++) {
      if (j >= end || isExcluded(shape, mask, head, j)) {
        if (!accumulateK) {
          clearRows(dK, kFrom, shape.k(), j, j + 1);
        }
        if (!accumulateV) {
          clearRows(dV, vFrom, shape.v(), j, j + 1);
        }
      }
    }
  }

  private void clearRows(
      MemorySegment x, long at, AttentionShape.Layout layout, long from, long to) {
    long stride = layout.rowStride();
    AttentionTiles.clearRows(x, at + from * stride, stride, to - from, shape.headSize());
  }

  private void packKeys(MemorySegment v, MemorySegment mask, long head, long j, long keys) {
    long stride = shape.k().rowStride();
    keyRows = k;
    keyRowsFrom = kFrom + j * stride;
    keyRowsStride = stride;
    AttentionTiles.pack(
        k, kFrom + j * stride, stride, keys, shape.headSize(), shape.scale(), buffer, kPanels);
    stride = shape.v().rowStride();
    AttentionTiles.pack(v, vFrom + j * stride, stride, keys, shape.headSize(), 1f, buffer, vPanels);
    long maskFrom = head / shape.heads() * shape.keys() + j;
    anyExcluded = masked && AttentionTiles.exclusions(mask, maskFrom, keys, buffer, excluded);
    if (anyExcluded) {
      AttentionTiles.copyIncluded(
          k,
          keyRowsFrom,
          keyRowsStride,
          keys,
          shape.headSize(),
          buffer,
          excluded,
          buffer,
          included);
      keyRows = buffer;
      keyRowsFrom = included;
      keyRowsStride = shape.headSize();
    }
  }

  /**
   * Computes the weights of a strip of queries and the gradients of its scores, and adds to those
   * of the queries.
   */
  private void addToQueries(long query, long queries, long queryBlock, long keyBlock, long keys) {
    long seen = Math.min(keys, keysSeenByStrip(shape, shape.keys(), query) - keyBlock);
    long width = AttentionTiles.roundUp(seen, STRIP);
    long tile = (query - queryBlock) * STRIDE;
    long headSize = shape.headSize();
    long stride = shape.q().rowStride();
    AttentionTiles.multiply(
        queries,
        seen,
        headSize,
        q,
        qFrom + query * stride,
        stride,
        buffer,
        kPanels,
        buffer,
        weights + tile,
        STRIDE);
    stride = shape.o().rowStride();
    AttentionTiles.multiply(
        queries,
        seen,
        headSize,
        dO,
        oFrom + query * stride,
        stride,
        buffer,
        vPanels,
        buffer,
        gradients + tile,
        STRIDE);
    for (long i = 0; i < queries; i++) {
      exclude(query + i, weights + tile + i * STRIDE, keyBlock, seen, width);
    }
    SoftmaxLoops.weightsOfRows(
        buffer, weights + tile, queries, STRIDE, width, normalizers, normalizersFrom + query);
    differentiate(
        buffer, weights + tile, meansFrom + query, shape.scale(), gradients + tile, queries, width);
    long seenByAll = keysSeen(query, keyBlock, seen);
    if (AttentionTiles.areFinite(
        keyRows,
        keyRowsFrom + seenByAll * keyRowsStride,
        keyRowsStride,
        seen - seenByAll,
        headSize)) {
      addKeyRows(query, queries, keyBlock, seen, gradients + tile);
    } else {
      for (long i = 0; i < queries; i++) {
        long count = keysSeen(query + i, keyBlock, seen);
        addKeyRows(query + i, 1, keyBlock, count, gradients + tile + i * STRIDE);
      }
    }
  }

  /** How many of the first keys of a block a query may see. */
  private long keysSeen(long query, long keyBlock, long keys) {
    return Math.clamp(keysSeenBy(shape, shape.keys(), query) - keyBlock, 0, keys);
  }

  /** Adds to the gradients of some queries what the first keys of a block contribute. */
  private void addKeyRows(long query, long queries, long keyBlock, long keys, long scoreGradients) {
    long stride = shape.q().rowStride();
    Product.ofThread()
        .size(queries, shape.headSize(), keys)
        .left(1f, Transpose.NO, buffer, scoreGradients, STRIDE)
        .right(Transpose.NO, keyRows, keyRowsFrom, keyRowsStride)
        .result(keyBlock > 0 || accumulateQ ? 1f : 0f, dQ, qFrom + query * stride, stride)
        .run();
  }

  /** Sets the scores of keys that do not count to −∞. */
  private void exclude(long query, long from, long keyBlock, long keys, long width) {
    if (masked) {
      AttentionTiles.exclude(buffer, from, width, buffer, excluded);
    }
    long seen = keysSeen(query, keyBlock, keys);
    AttentionTiles.fill(buffer, from + seen, from + width, Float.NEGATIVE_INFINITY);
  }

  /**
   * Makes gradients of the scores of those of the weights, in rows that are {@link #STRIDE} apart:
   * {@code ds = p · (dp − mean) · scale}, and 0 for a weight of 0, whatever dp was.
   */
  private static void differentiate(
      MemorySegment x,
      long weightsFrom,
      long meansFrom,
      float scale,
      long gradientsFrom,
      long rows,
      long width) {
    x = Lanes.memory(x);
    for (long i = 0; i < rows; i++) {
      float mean = x.getAtIndex(FLOAT, meansFrom + i);
      long j = i * STRIDE;
      long end = j + width;
      while (j != end) {
        FloatVector weight =
            FLOATS.cast(
                FloatVector.fromMemorySegment(F32, x, (weightsFrom + j) * Float.BYTES, ORDER));
        FloatVector gradient =
            FLOATS.cast(
                FloatVector.fromMemorySegment(F32, x, (gradientsFrom + j) * Float.BYTES, ORDER));
        gradient = gradient.sub(mean).mul(scale);
        weight
            .mul(gradient)
            .blend(0f, weight.compare(VectorOperators.EQ, 0f))
            .intoMemorySegment(x, (gradientsFrom + j) * Float.BYTES, ORDER);
        j += COUNT;
      }
    }
  }

  /**
   * Adds to the gradients of a strip of keys and values what a block of queries contributes. Those
   * keys that are excluded have been dealt with.
   */
  private void addToKeys(long key, long keys, long queryBlock, long queryEnd, long keyBlock) {
    long query = Math.max(firstQuery(shape, key), queryBlock);
    if (query >= queryEnd) {
      return;
    }
    long seeingAll = Math.clamp(firstSeeing(key + keys - 1), query, queryEnd);
    boolean finite =
        areFinite(q, qFrom, shape.q(), query, seeingAll)
            && areFinite(dO, oFrom, shape.o(), query, seeingAll);
    long from = key;
    while (from < key + keys) {
      long to = from + 1;
      if (counts(from, keyBlock)) {
        while (finite && to < key + keys && counts(to, keyBlock)) {
          to++;
        }
        long first = finite ? query : Math.clamp(firstSeeing(from), query, queryEnd);
        addQueryRows(from, to - from, keyBlock, first, queryBlock, queryEnd);
      }
      from = to;
    }
  }

  /** The first query that may see a key. */
  private long firstSeeing(long key) {
    return shape.causal() ? Math.max(0, key + shape.queries() - shape.keys()) : 0;
  }

  private boolean counts(long key, long keyBlock) {
    return !anyExcluded || !AttentionTiles.isExcluded(buffer, excluded + key - keyBlock);
  }

  private boolean areFinite(
      MemorySegment x, long at, AttentionShape.Layout layout, long from, long to) {
    long stride = layout.rowStride();
    return AttentionTiles.areFinite(x, at + from * stride, stride, to - from, shape.headSize());
  }

  /** Adds to the gradients of some keys and values what queries of a block contribute. */
  private void addQueryRows(
      long key, long keys, long keyBlock, long query, long queryBlock, long queryEnd) {
    long tile = (query - queryBlock) * STRIDE + key - keyBlock;
    boolean add = !isFirst || firstQuery(shape, key) < queryBlock;
    Product product = Product.ofThread();
    long stride = shape.v().rowStride();
    product
        .size(keys, shape.headSize(), queryEnd - query)
        .left(1f, Transpose.YES, buffer, weights + tile, STRIDE)
        .right(Transpose.NO, dO, oFrom + query * shape.o().rowStride(), shape.o().rowStride())
        .result(add || accumulateV ? 1f : 0f, dV, vFrom + key * stride, stride)
        .run();
    stride = shape.k().rowStride();
    product
        .left(1f, Transpose.YES, buffer, gradients + tile, STRIDE)
        .right(Transpose.NO, q, qFrom + query * shape.q().rowStride(), shape.q().rowStride())
        .result(add || accumulateK ? 1f : 0f, dK, kFrom + key * stride, stride)
        .run();
  }
}

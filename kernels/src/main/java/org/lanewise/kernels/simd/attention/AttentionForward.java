package org.lanewise.kernels.simd.attention;

import static org.lanewise.kernels.scalar.ScalarAttentionKernels.FORWARD_KEYS;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.STRIP;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.UNIT;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keyEnd;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keyStart;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keys;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keysSeenBy;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.keysSeenByStrip;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.start;
import static org.lanewise.kernels.scalar.ScalarAttentionKernels.unitsOfHead;
import static org.lanewise.kernels.simd.Lanes.FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.scalar.ScalarSoftmaxKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.gemm.f32.Product;
import org.lanewise.kernels.simd.softmax.SoftmaxLoops;
import org.lanewise.kernels.workspace.PerWorkspace;

/**
 * Attention of some hundred queries at a time, for one thread. A block of keys is transposed once
 * for all of them; then strips of queries pass, whose scores stay in the first-level cache. The
 * result is corrected whenever a row's maximum grows, and divided by the sum at the end.
 */
final class AttentionForward {
  private static final PerWorkspace<AttentionForward> INSTANCES =
      PerWorkspace.of(AttentionForward::new);

  private AttentionShape shape;
  private MemorySegment q;
  private MemorySegment o;
  private MemorySegment v;
  private MemorySegment buffer;

  // Parts of the buffer: keys, values of which some are excluded, scores and what is taken from
  // them, flags, lanes, and of each query
  // the maximum and the sum
  private long panels;
  private long included;
  private long scores;
  private long shifts;
  private long excluded;
  private long lanes;
  private long maxima;
  private long sums;

  // The head and the number of its keys, the block of them, and their values
  private long qFrom;
  private long oFrom;
  private long vFrom;
  private boolean masked;
  private long keys;
  private long block;
  private MemorySegment values;
  private long valuesFrom;
  private long valuesStride;

  static AttentionForward ofThread() {
    return INSTANCES.get();
  }

  void run(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment positions,
      MemorySegment o,
      MemorySegment normalizers,
      long from,
      long to) {
    this.shape = shape;
    this.q = q;
    this.v = v;
    this.o = o;
    masked = mask != null;
    allocate();
    long units = unitsOfHead(shape);
    for (long unit = from; unit < to; unit++) {
      long first = unit % units * UNIT;
      keys = keys(shape, positions, unit / units);
      run(k, mask, normalizers, unit / units, first, Math.min(first + UNIT, shape.queries()));
    }
    Product.ofThread().clear();
    this.shape = null;
    this.q = null;
    this.v = null;
    this.o = null;
    values = null;
  }

  private void allocate() {
    scores = 0;
    excluded = STRIP * FORWARD_KEYS;
    maxima = excluded + FORWARD_KEYS;
    sums = maxima + UNIT;
    lanes = sums + UNIT;
    shifts = lanes + LaneRows.size(STRIP);
    panels = shifts + STRIP;
    long most = Math.min(FORWARD_KEYS, shape.keys());
    included = panels + AttentionTiles.packedSize(most, shape.headSize());
    long end = included + (masked ? most * shape.headSize() : 0);
    buffer = Scratch.ofThread().buffer(0, end);
  }

  private void run(
      MemorySegment k,
      MemorySegment mask,
      MemorySegment normalizers,
      long head,
      long from,
      long to) {
    qFrom = start(shape, shape.q(), head);
    oFrom = start(shape, shape.o(), head);
    vFrom = keyStart(shape, shape.v(), head);
    long kFrom = keyStart(shape, shape.k(), head);
    long end = Math.min(keyEnd(shape, mask, keys, head), keysSeenBy(shape, keys, to - 1));
    Product.warmUp((double) (to - from) * Math.max(0, end) * shape.headSize());
    AttentionTiles.fill(buffer, maxima, maxima + UNIT, Float.NEGATIVE_INFINITY);
    AttentionTiles.fill(buffer, sums, sums + UNIT, 0f);
    for (block = 0; block < end; block += FORWARD_KEYS) {
      long count = Math.min(FORWARD_KEYS, end - block);
      AttentionTiles.pack(
          k,
          kFrom + block * shape.k().rowStride(),
          shape.k().rowStride(),
          count,
          shape.headSize(),
          shape.scale(),
          buffer,
          panels);
      values = v;
      valuesFrom = vFrom + block * shape.v().rowStride();
      valuesStride = shape.v().rowStride();
      if (masked) {
        exclude(mask, head / shape.heads() * shape.keys() + block, count);
      }
      for (long i = from; i < to; i += STRIP) {
        long seen = Math.min(count, keysSeenByStrip(shape, keys, i) - block);
        if (seen > 0) {
          addStrip(i, Math.min(STRIP, to - i), i - from, seen);
        }
      }
    }
    for (long i = from; i < to; i++) {
      finish(i, i - from, normalizers, head * shape.queries() + i);
    }
  }

  /** Takes note of the keys of a block that are excluded, and leaves their values out. */
  private void exclude(MemorySegment mask, long maskFrom, long count) {
    if (AttentionTiles.exclusions(mask, maskFrom, count, buffer, excluded)) {
      AttentionTiles.copyIncluded(
          v, valuesFrom, valuesStride, count, shape.headSize(), buffer, excluded, buffer, included);
      values = buffer;
      valuesFrom = included;
      valuesStride = shape.headSize();
    }
  }

  /** Adds a block of keys to the sums of a strip of queries; {@code row} is the first in a unit. */
  private void addStrip(long query, long queries, long row, long count) {
    long width = AttentionTiles.roundUp(count, VirtualLanes.COUNT);
    AttentionTiles.multiply(
        queries,
        count,
        shape.headSize(),
        q,
        qFrom + query * shape.q().rowStride(),
        shape.q().rowStride(),
        buffer,
        panels,
        buffer,
        scores,
        width);
    makeWeights(query, queries, row, count, width);
    long seenByAll = keysSeen(query, count);
    if (AttentionTiles.areFinite(
        values,
        valuesFrom + seenByAll * valuesStride,
        valuesStride,
        count - seenByAll,
        shape.headSize())) {
      addValues(query, queries, count, scores, width);
    } else {
      for (long i = 0; i < queries; i++) {
        addValues(query + i, 1, keysSeen(query + i, count), scores + i * width, width);
      }
    }
  }

  /** How many of the first keys of a block a query may see. */
  private long keysSeen(long query, long count) {
    return Math.clamp(keysSeenBy(shape, keys, query) - block, 0, count);
  }

  /** Adds the values of the first keys of a block to the results of some queries. */
  private void addValues(long query, long queries, long count, long weights, long width) {
    Product.ofThread()
        .size(queries, shape.headSize(), count)
        .left(1f, Transpose.NO, buffer, weights, width)
        .right(Transpose.NO, values, valuesFrom, valuesStride)
        .result(
            block == 0 ? 0f : 1f, o, oFrom + query * shape.o().rowStride(), shape.o().rowStride())
        .run();
  }

  /** Makes weights of scores, which lie in rows of {@code width}, and corrects what there was. */
  private void makeWeights(long query, long queries, long row, long count, long width) {
    for (long i = 0; i < queries; i++) {
      long from = scores + i * width;
      if (masked) {
        AttentionTiles.exclude(buffer, from, width, buffer, excluded);
      }
      long seen = keysSeen(query + i, count);
      AttentionTiles.fill(buffer, from + seen, from + width, Float.NEGATIVE_INFINITY);
    }
    LaneRows.maxima(buffer, scores, queries, width, buffer, lanes);
    LaneRows.max(buffer, lanes, queries);
    for (long i = 0; i < queries; i++) {
      float max = buffer.getAtIndex(FLOAT, lanes + i * VirtualLanes.COUNT);
      buffer.setAtIndex(FLOAT, shifts + i, shift(query + i, row + i, max));
    }
    SoftmaxLoops.expAndSumRows(
        buffer, scores, queries, width, width, buffer, shifts, buffer, lanes);
    LaneRows.sum(buffer, lanes, queries);
    for (long i = 0; i < queries; i++) {
      float sum = buffer.getAtIndex(FLOAT, lanes + i * VirtualLanes.COUNT);
      buffer.setAtIndex(FLOAT, sums + row + i, buffer.getAtIndex(FLOAT, sums + row + i) + sum);
    }
  }

  /** What to subtract from a row of scores, given their maximum; corrects what there was. */
  private float shift(long query, long row, float blockMax) {
    float oldMax = buffer.getAtIndex(FLOAT, maxima + row);
    float max = Math.max(oldMax, blockMax);
    float shift = max == Float.NEGATIVE_INFINITY ? 0f : max;
    if (block > 0 && max != oldMax) {
      float correction = ScalarSoftmaxKernels.exp(oldMax - shift);
      long at = oFrom + query * shape.o().rowStride();
      AttentionTiles.scale(o, at, at + shape.headSize(), correction);
      buffer.setAtIndex(FLOAT, sums + row, buffer.getAtIndex(FLOAT, sums + row) * correction);
    }
    buffer.setAtIndex(FLOAT, maxima + row, max);
    return shift;
  }

  private void finish(long query, long row, MemorySegment normalizers, long normalizersRow) {
    float sum = buffer.getAtIndex(FLOAT, sums + row);
    float max = buffer.getAtIndex(FLOAT, maxima + row);
    long at = oFrom + query * shape.o().rowStride();
    if (sum == 0f) { // no key, or none that counts
      AttentionTiles.fill(o, at, at + shape.headSize(), 0f);
      ScalarSoftmaxKernels.store(0f, sum, normalizers, normalizersRow);
    } else {
      AttentionTiles.scale(o, at, at + shape.headSize(), 1f / sum);
      ScalarSoftmaxKernels.store(max, sum, normalizers, normalizersRow);
    }
  }
}

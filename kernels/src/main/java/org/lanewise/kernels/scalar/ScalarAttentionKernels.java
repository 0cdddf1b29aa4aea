package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.lanewise.kernels.op.ProductOp.DEPTH_BLOCK;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AttentionKernels;
import org.lanewise.kernels.op.AttentionShape;

/**
 * Scaled dot-product attention, one element after the other: the scores of a query with a block of
 * keys at a time, which is all that is kept of them.
 *
 * <p>Queries are taken in strips of {@link #STRIP}. What a query adds to its sums extends over all
 * keys that a query of its strip sees; those that it does not see itself are left out. That others
 * are there is not to be seen in a query's result: a sum that is −0 would be +0 with a weight of 0
 * more in it, so results are never −0.
 */
public final class ScalarAttentionKernels implements AttentionKernels {
  /** Queries whose sums extend over the same keys. Part of the numeric contract. */
  public static final int STRIP = 16;

  /** Keys between corrections of the running maximum. Part of the numeric contract. */
  public static final int FORWARD_KEYS = 256;

  /** Keys whose terms of the gradient of q are summed before it is updated; likewise. */
  public static final int BACKWARD_KEYS = 128;

  /** Queries whose terms of the gradients of k and v are summed before they are; likewise. */
  public static final int BACKWARD_QUERIES = 256;

  /** Queries in a unit of {@link #forward}'s range. */
  public static final int UNIT = 256;

  /** The only instance. */
  public static final ScalarAttentionKernels INSTANCE = new ScalarAttentionKernels();

  private ScalarAttentionKernels() {}

  /** Units of {@link #UNIT} queries that the range of {@link #forward} consists of. */
  public static long units(AttentionShape shape) {
    long heads = shape.batch();
    return heads * shape.heads() * unitsOfHead(shape);
  }

  /** Units of a head. */
  public static long unitsOfHead(AttentionShape shape) {
    long queries = shape.queries();
    return queries / UNIT + (queries % UNIT > 0 ? 1 : 0);
  }

  /** The element of q or o where a head of queries begins, counted over all samples. */
  public static long start(AttentionShape shape, AttentionShape.Layout layout, long head) {
    return start(layout, head / shape.heads(), head % shape.heads());
  }

  /** The element where the keys or the values that a head of queries has begin. */
  public static long keyStart(AttentionShape shape, AttentionShape.Layout layout, long head) {
    return start(layout, head / shape.heads(), head % shape.heads() / shape.group());
  }

  private static long start(AttentionShape.Layout layout, long sample, long head) {
    return layout.offset() + sample * layout.batchStride() + head * layout.headStride();
  }

  /**
   * The number of a head's keys: all, or if its first query has a position, as many as there are up
   * to the last query.
   */
  public static long keys(AttentionShape shape, MemorySegment positions, long head) {
    return positions == null
        ? shape.keys()
        : (long) positions.getAtIndex(JAVA_INT, head / shape.heads()) + shape.queries();
  }

  /** The number of a head's keys up to the last that is not excluded. */
  public static long keyEnd(AttentionShape shape, MemorySegment mask, long keys, long head) {
    long end = keys;
    if (mask != null) {
      long from = head / shape.heads() * shape.keys();
      while (end > 0 && mask.getAtIndex(JAVA_INT, from + end - 1) == 0) {
        end--;
      }
    }
    return end;
  }

  /** The number of keys that come before the first that a query must not see; may be negative. */
  public static long keysSeenBy(AttentionShape shape, long keys, long query) {
    return shape.causal() ? query + 1 + keys - shape.queries() : keys;
  }

  /** The same for the last query of a strip. */
  public static long keysSeenByStrip(AttentionShape shape, long keys, long query) {
    return keysSeenBy(shape, keys, Math.min(query - query % STRIP + STRIP, shape.queries()) - 1);
  }

  /** The first query of the first strip with a query that sees a key. */
  public static long firstQuery(AttentionShape shape, long key) {
    if (!shape.causal()) {
      return 0;
    }
    long query = Math.max(0, key + shape.queries() - shape.keys());
    return query - query % STRIP;
  }

  @Override
  public void forward(
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
    long units = unitsOfHead(shape);
    for (long unit = from; unit < to; unit++) {
      long first = unit % units * UNIT;
      for (long i = first; i < Math.min(first + UNIT, shape.queries()); i++) {
        forwardRow(shape, q, k, v, mask, positions, o, normalizers, unit / units, i);
      }
    }
  }

  private static void forwardRow(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment positions,
      MemorySegment o,
      MemorySegment normalizers,
      long head,
      long i) {
    long keys = keys(shape, positions, head);
    long end = Math.min(keyEnd(shape, mask, keys, head), keysSeenByStrip(shape, keys, i));
    long vFrom = keyStart(shape, shape.v(), head);
    long oFrom = start(shape, shape.o(), head) + i * shape.o().rowStride();
    float[] result = new float[shape.headSize()];
    float[] p = new float[FORWARD_KEYS];
    float max = Float.NEGATIVE_INFINITY;
    float sum = 0f;
    for (long block = 0; block < end; block += FORWARD_KEYS) {
      int count = (int) Math.min(FORWARD_KEYS, end - block);
      float newMax = max;
      for (int j = 0; j < count; j++) {
        p[j] = score(shape, q, k, mask, keys, head, i, block + j);
        newMax = p[j] > newMax ? p[j] : newMax;
      }
      float shift = newMax == Float.NEGATIVE_INFINITY ? 0f : newMax;
      float[] lanes = new float[VirtualLanes.COUNT];
      for (int j = 0; j < count; j++) {
        p[j] = ScalarSoftmaxKernels.exp(p[j] - shift);
        lanes[j % VirtualLanes.COUNT] += p[j];
      }
      float correction = newMax == max ? 1f : ScalarSoftmaxKernels.exp(max - shift);
      sum = sum * correction + VirtualLanes.sum(lanes);
      max = newMax;
      for (int c = 0; c < shape.headSize(); c++) {
        float products = 0f;
        for (int j = 0; j < count; j++) {
          if (sees(shape, mask, keys, head, i, block + j)) {
            float value = v.getAtIndex(JAVA_FLOAT, vFrom + (block + j) * shape.v().rowStride() + c);
            products = Math.fma(p[j], value, products);
          }
        }
        result[c] = block == 0 ? products : products + result[c] * correction;
      }
    }
    for (int c = 0; c < shape.headSize(); c++) {
      float y = sum == 0f ? 0f : Math.fma(result[c], 1f / sum, 0f); // not −0, see the class
      o.setAtIndex(JAVA_FLOAT, oFrom + c, y);
    }
    ScalarSoftmaxKernels.store(sum == 0f ? 0f : max, sum, normalizers, head * shape.queries() + i);
  }

  /** Whether a query sees a key. */
  private static boolean sees(
      AttentionShape shape, MemorySegment mask, long keys, long head, long i, long j) {
    return j < keysSeenBy(shape, keys, i) && !isExcluded(shape, mask, head, j);
  }

  /** Whether the mask excludes a key. */
  public static boolean isExcluded(AttentionShape shape, MemorySegment mask, long head, long j) {
    return mask != null && mask.getAtIndex(JAVA_INT, head / shape.heads() * shape.keys() + j) == 0;
  }

  /** {@code Σ q · (k · scale)}, or −∞ for a key that the query does not see. */
  private static float score(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment mask,
      long keys,
      long head,
      long i,
      long j) {
    return sees(shape, mask, keys, head, i, j)
        ? dot(
            shape.headSize(),
            q,
            start(shape, shape.q(), head) + i * shape.q().rowStride(),
            k,
            keyStart(shape, shape.k(), head) + j * shape.k().rowStride(),
            shape.scale())
        : Float.NEGATIVE_INFINITY;
  }

  /** {@code Σ x · (y · scale)} in the order of {@link ScalarGemm}. */
  private static float dot(
      long size, MemorySegment x, long xFrom, MemorySegment y, long yFrom, float scale) {
    float result = 0f;
    for (long block = 0; block < size; block += DEPTH_BLOCK) {
      float sum = 0f;
      for (long c = block; c < Math.min(size, block + DEPTH_BLOCK); c++) {
        float scaled = y.getAtIndex(JAVA_FLOAT, yFrom + c) * scale;
        sum = Math.fma(x.getAtIndex(JAVA_FLOAT, xFrom + c), scaled, sum);
      }
      result = block == 0 ? sum : sum + result;
    }
    return result;
  }

  @Override
  public void backward(
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
    int group = shape.group();
    for (long head = from * group; head < to * group; head++) {
      boolean addK = accumulateK || head % group > 0;
      boolean addV = accumulateV || head % group > 0;
      int end = (int) keyEnd(shape, mask, shape.keys(), head);
      float[][] p = new float[shape.queries()][end];
      float[][] ds = new float[shape.queries()][end];
      for (int i = 0; i < shape.queries(); i++) {
        weights(shape, q, k, v, mask, o, normalizers, dO, head, i, end, p[i], ds[i]);
        addOverKeys(shape, ds[i], k, mask, head, i, end, accumulateQ, dQ);
      }
      for (int j = 0; j < shape.keys(); j++) {
        addOverQueries(shape, ds, q, shape.q(), mask, head, j, end, addK, dK, shape.k());
        addOverQueries(shape, p, dO, shape.o(), mask, head, j, end, addV, dV, shape.v());
      }
    }
  }

  /** The weights of a query, and the gradients of its scores. */
  private static void weights(
      AttentionShape shape,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      MemorySegment mask,
      MemorySegment o,
      MemorySegment normalizers,
      MemorySegment dO,
      long head,
      long i,
      int end,
      float[] p,
      float[] ds) {
    long oFrom = start(shape, shape.o(), head) + i * shape.o().rowStride();
    long vFrom = keyStart(shape, shape.v(), head);
    long row = head * shape.queries() + i;
    float max = normalizers.getAtIndex(JAVA_FLOAT, 2 * row);
    float inverse =
        ScalarMaskedSoftmaxKernels.inverse(normalizers.getAtIndex(JAVA_FLOAT, 2 * row + 1));
    float[] lanes = new float[VirtualLanes.COUNT];
    for (int c = 0; c < shape.headSize(); c++) {
      float y = o.getAtIndex(JAVA_FLOAT, oFrom + c);
      int lane = c % VirtualLanes.COUNT;
      lanes[lane] = Math.fma(dO.getAtIndex(JAVA_FLOAT, oFrom + c), y, lanes[lane]);
    }
    float mean = VirtualLanes.sum(lanes);
    for (int j = 0; j < end; j++) {
      p[j] = weight(score(shape, q, k, mask, shape.keys(), head, i, j) - max, inverse);
      float dp = dot(shape.headSize(), dO, oFrom, v, vFrom + j * shape.v().rowStride(), 1f);
      ds[j] = p[j] == 0f ? 0f : p[j] * ((dp - mean) * shape.scale());
    }
  }

  /**
   * {@code exp(x) · factor}, and 0 for the exponential of what is not seen, whatever the factor.
   */
  public static float weight(float x, float factor) {
    return x < ScalarSoftmaxKernels.EXP_LOW ? 0f : ScalarMath.exp(x) * factor;
  }

  /** {@code dq += Σ ds · k} for a query. */
  private static void addOverKeys(
      AttentionShape shape,
      float[] ds,
      MemorySegment k,
      MemorySegment mask,
      long head,
      long i,
      int end,
      boolean accumulate,
      MemorySegment dQ) {
    long kFrom = keyStart(shape, shape.k(), head);
    long to = start(shape, shape.q(), head) + i * shape.q().rowStride();
    long seen = Math.min(end, keysSeenByStrip(shape, shape.keys(), i));
    for (int c = 0; c < shape.headSize(); c++) {
      boolean add = accumulate;
      float result = add ? dQ.getAtIndex(JAVA_FLOAT, to + c) : 0f;
      for (long block = 0; block < seen; block += BACKWARD_KEYS) {
        float sum = 0f;
        for (long j = block; j < Math.min(seen, block + BACKWARD_KEYS); j++) {
          if (sees(shape, mask, shape.keys(), head, i, j)) {
            float y = k.getAtIndex(JAVA_FLOAT, kFrom + j * shape.k().rowStride() + c);
            sum = Math.fma(ds[(int) j], y, sum);
          }
        }
        result = add ? sum + result : sum;
        add = true;
      }
      dQ.setAtIndex(JAVA_FLOAT, to + c, result);
    }
  }

  /** {@code gradient += Σ weight · x} for a key, over the queries from the first that sees it. */
  private static void addOverQueries(
      AttentionShape shape,
      float[][] weights,
      MemorySegment x,
      AttentionShape.Layout xRows,
      MemorySegment mask,
      long head,
      int j,
      int end,
      boolean accumulate,
      MemorySegment gradient,
      AttentionShape.Layout rows) {
    long xFrom = start(shape, xRows, head);
    long to = keyStart(shape, rows, head) + (long) j * rows.rowStride();
    boolean counts = j < end && !isExcluded(shape, mask, head, j);
    long first = counts ? firstQuery(shape, j - j % STRIP) : shape.queries();
    for (int c = 0; c < shape.headSize(); c++) {
      boolean add = accumulate;
      float result = add ? gradient.getAtIndex(JAVA_FLOAT, to + c) : 0f;
      for (long block = first - first % BACKWARD_QUERIES;
          block < shape.queries() && first < shape.queries();
          block += BACKWARD_QUERIES) {
        float sum = 0f;
        for (long i = Math.max(first, block);
            i < Math.min(shape.queries(), block + BACKWARD_QUERIES);
            i++) {
          if (sees(shape, mask, shape.keys(), head, i, j)) {
            float y = x.getAtIndex(JAVA_FLOAT, xFrom + i * xRows.rowStride() + c);
            sum = Math.fma(weights[(int) i][j], y, sum);
          }
        }
        result = add ? sum + result : sum;
        add = true;
      }
      gradient.setAtIndex(JAVA_FLOAT, to + c, result);
    }
  }
}

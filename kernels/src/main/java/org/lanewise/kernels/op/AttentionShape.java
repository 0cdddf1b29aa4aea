package org.lanewise.kernels.op;

import java.util.Arrays;
import java.util.Objects;

/**
 * The sizes of scaled dot-product attention, and where its tensors lie in memory.
 *
 * <p>A tensor is a matrix [rows, headSize] for each head of each sample: q and o with a row for
 * each query, k and v for each key. Elements of a row are neighbours; rows, heads and samples are
 * at any equal distances, see {@link Layout}. Gradients have the layouts of their tensors.
 *
 * <p>Keys and values may have fewer heads than queries have (Ainslie et al., "GQA: Training
 * Generalized Multi-Query Transformer Models", EMNLP 2023): then as many heads of queries that
 * follow each other share one of them.
 *
 * @param batch samples
 * @param heads of the queries of a sample, a multiple of keyValueHeads
 * @param keyValueHeads heads of the keys and of the values of a sample
 * @param queries rows of q and o
 * @param keys rows of k and v
 * @param headSize columns of q, k, v and o, at most {@value #MAX_HEAD_SIZE}
 * @param scale factor of the scores, finite; usually 1/√headSize
 * @param causal whether query i sees the keys {@code j ≤ i + keys − queries} only: the last query
 *     sees all keys
 * @param q layout of the queries
 * @param k layout of the keys
 * @param v layout of the values
 * @param o layout of the result
 */
public record AttentionShape(
    int batch,
    int heads,
    int keyValueHeads,
    int queries,
    int keys,
    int headSize,
    float scale,
    boolean causal,
    Layout q,
    Layout k,
    Layout v,
    Layout o) {

  /** The largest head size: each thread keeps some hundred rows of it in scratch memory. */
  public static final int MAX_HEAD_SIZE = 1 << 16;

  /**
   * Where the rows of a tensor begin: row r of head h of sample b at element {@code offset + b ·
   * batchStride + h · headStride + r · rowStride}.
   *
   * @param offset of the first row
   * @param batchStride elements from a sample to the next
   * @param headStride elements from a head to the next
   * @param rowStride elements from a row to the next
   */
  public record Layout(int offset, int batchStride, int headStride, int rowStride) {
    /**
     * Checks the distances.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Layout {
      notNegative("offset", offset);
      notNegative("batchStride", batchStride);
      notNegative("headStride", headStride);
      notNegative("rowStride", rowStride);
    }

    /**
     * Elements from the first of the memory to the last of the tensor, for a tensor of these sizes.
     *
     * @throws ArithmeticException if a long does not count them
     */
    public long extent(long batch, long heads, long rows, long columns) {
      if (batch == 0 || heads == 0 || rows == 0 || columns == 0) {
        return 0;
      }
      long last = Math.addExact((batch - 1) * batchStride, (heads - 1) * headStride);
      return Math.addExact(last, (rows - 1) * rowStride) + offset + columns;
    }

    /** Whether no two elements of a tensor of these sizes are the same place in memory. */
    public boolean isInjective(long batch, long heads, long rows, long columns) {
      boolean rowsInside = rowStride <= headStride;
      long innerSize = rowsInside ? rows : heads;
      long innerStride = rowsInside ? rowStride : headStride;
      long outerSize = rowsInside ? heads : rows;
      long outerStride = rowsInside ? headStride : rowStride;
      long inner = columns + (innerSize - 1) * innerStride;
      long outer = inner + (outerSize - 1) * outerStride;
      return (innerSize <= 1 || innerStride >= columns)
          && (outerSize <= 1 || outerStride >= inner)
          && (batch <= 1 || batchStride >= outer);
    }

    /**
     * Whether tensors of such rows in one memory have no element in common, as they take different
     * columns of a matrix: those of a {@linkplain #fused fused} projection, for instance.
     *
     * @param heads of this one
     * @param other the other one's layout
     * @param otherHeads of the other one
     * @param distance elements from the first tensor's memory to the other one's
     */
    public boolean isBeside(
        long heads, Layout other, long otherHeads, long distance, long columns) {
      if (rowStride == 0
          || rowStride != other.rowStride
          || batchStride % rowStride != 0
          || other.batchStride % rowStride != 0) {
        return false;
      }
      long width = columns + (heads - 1) * headStride;
      long otherWidth = columns + (otherHeads - 1) * other.headStride;
      long shift = Math.floorMod(distance + other.offset - offset, (long) rowStride);
      return shift >= width && shift + otherWidth <= rowStride;
    }

    /** [batch, heads, rows, headSize]. */
    private static Layout dense(int heads, int rows, int headSize) {
      return new Layout(0, product(heads, rows, headSize), product(rows, headSize), headSize);
    }

    /** The part of [batch, rows, rowSize] that begins with a column. */
    private static Layout columns(int column, int rows, int rowSize, int headSize) {
      return new Layout(column, product(rows, rowSize), headSize, rowSize);
    }
  }

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if one is negative or too large, the heads are no multiple of
   *     those of the keys, or the scale is not finite
   */
  public AttentionShape {
    notNegative("batch", batch);
    notNegative("heads", heads);
    notNegative("keyValueHeads", keyValueHeads);
    if (keyValueHeads == 0 ? heads > 0 : heads == 0 || heads % keyValueHeads > 0) {
      throw new IllegalArgumentException(
          "heads must be a multiple of keyValueHeads, and 0 only with it, but they are %d and %d"
              .formatted(heads, keyValueHeads));
    }
    notNegative("queries", queries);
    notNegative("keys", keys);
    notNegative("headSize", headSize);
    if (headSize > MAX_HEAD_SIZE) {
      throw new IllegalArgumentException(
          "headSize must be at most %d but is %d".formatted(MAX_HEAD_SIZE, headSize));
    }
    if (!Float.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be finite but is " + scale);
    }
    Objects.requireNonNull(q, "q");
    Objects.requireNonNull(k, "k");
    Objects.requireNonNull(v, "v");
    Objects.requireNonNull(o, "o");
  }

  /**
   * Dense tensors [batch, heads, queries or keys, headSize], with scale 1/√headSize, not causal,
   * and as many heads of keys as of queries.
   *
   * @throws IllegalArgumentException if a size is negative or too large
   */
  public AttentionShape(int batch, int heads, int queries, int keys, int headSize) {
    this(
        batch,
        heads,
        heads,
        queries,
        keys,
        headSize,
        defaultScale(headSize),
        false,
        Layout.dense(heads, queries, headSize),
        Layout.dense(heads, keys, headSize),
        Layout.dense(heads, keys, headSize),
        Layout.dense(heads, queries, headSize));
  }

  /**
   * Tensors as projections make them: q and o are [batch, queries, heads · headSize], k and v are
   * [batch, keys, keyValueHeads · headSize]. Scale 1/√headSize, not causal.
   *
   * @throws IllegalArgumentException if a size is negative or too large, or the heads are no
   *     multiple of those of the keys
   */
  public static AttentionShape ofRows(
      int batch, int heads, int keyValueHeads, int queries, int keys, int headSize) {
    Layout q = Layout.columns(0, queries, product(heads, headSize), headSize);
    Layout k = Layout.columns(0, keys, product(keyValueHeads, headSize), headSize);
    return new AttentionShape(
        batch,
        heads,
        keyValueHeads,
        queries,
        keys,
        headSize,
        defaultScale(headSize),
        false,
        q,
        k,
        k,
        q);
  }

  /**
   * Self-attention on a fused projection: q, k and v are columns, in this order, of one tensor
   * [batch, length, (heads + 2 · keyValueHeads) · headSize], and o is [batch, length, heads ·
   * headSize]. Scale 1/√headSize, not causal.
   *
   * @throws IllegalArgumentException if a size is negative or too large, or the heads are no
   *     multiple of those of the keys
   */
  public static AttentionShape fused(
      int batch, int heads, int keyValueHeads, int length, int headSize) {
    int columns = product(heads, headSize);
    int keyColumns = product(keyValueHeads, headSize);
    int all = sum(columns, keyColumns, keyColumns);
    return ofRows(batch, heads, keyValueHeads, length, length, headSize)
        .withLayouts(
            Layout.columns(0, length, all, headSize),
            Layout.columns(columns, length, all, headSize),
            Layout.columns(columns + keyColumns, length, all, headSize),
            Layout.columns(0, length, columns, headSize));
  }

  /** Heads of queries that share a head of keys and values. */
  public int group() {
    return keyValueHeads == 0 ? 0 : heads / keyValueHeads;
  }

  /** What some queries of a head are worth in elements, by which threads share out the heads. */
  public int work(int queries) {
    return (int) Math.min(queries * (double) keys, Integer.MAX_VALUE);
  }

  /** What all queries of the heads that share keys and values are worth, likewise. */
  public int workOfKeyValueHead() {
    return (int) Math.min((double) group() * queries * keys, Integer.MAX_VALUE);
  }

  /** The same with the causal restriction. */
  public AttentionShape withCausal() {
    return new AttentionShape(
        batch, heads, keyValueHeads, queries, keys, headSize, scale, true, q, k, v, o);
  }

  /** The same with another scale. */
  public AttentionShape withScale(float scale) {
    return new AttentionShape(
        batch, heads, keyValueHeads, queries, keys, headSize, scale, causal, q, k, v, o);
  }

  /** The same with other layouts. */
  public AttentionShape withLayouts(Layout q, Layout k, Layout v, Layout o) {
    return new AttentionShape(
        batch, heads, keyValueHeads, queries, keys, headSize, scale, causal, q, k, v, o);
  }

  /** 1/√headSize, and 1 for no columns, whose scores are 0 anyway. */
  private static float defaultScale(int headSize) {
    return headSize > 0 ? (float) (1 / Math.sqrt(headSize)) : 1f;
  }

  private static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "%s must not be negative but is %d".formatted(name, value));
    }
  }

  private static int sum(int... sizes) {
    long sum = 0;
    for (int size : sizes) {
      sum += size;
    }
    if (sum > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "the sum of %s elements must be less than 2^31".formatted(Arrays.toString(sizes)));
    }
    return (int) sum;
  }

  /** A distance from sizes; 0 if one is negative, which the constructor then refuses by name. */
  private static int product(int... sizes) {
    long product = 1;
    for (int size : sizes) {
      product *= Math.max(0, size);
      if (product > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "the product of %s elements must be less than 2^31".formatted(Arrays.toString(sizes)));
      }
    }
    return (int) product;
  }
}

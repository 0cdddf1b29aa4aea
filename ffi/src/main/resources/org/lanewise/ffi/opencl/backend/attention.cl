// Scaled dot-product attention and its gradient.
//
// q, o and do are matrices [queries, size] for each head of each sample, k and v [keys, size], of
// which several heads of queries may share one. A work item goes through what it needs of the scores,
// [queries, keys], in blocks: no more is kept. All products are of a row and a matrix, whose columns
// are the lanes; so a matrix that is to be multiplied by its rows is transposed before.

#include "exponentials.cl"

#define STRIP 16             // queries whose sums extend over the same keys
#define FORWARD_KEYS 256     // keys between corrections of the running maximum
#define BACKWARD_KEYS 128    // keys whose terms are summed before the gradient of q is updated
#define BACKWARD_QUERIES 256 // queries whose terms are, before the gradients of k and v are
#define DEPTH_BLOCK 512      // elements of a row that are summed before a score is updated

#define SIZES \
  ulong batch, ulong heads, ulong key_heads, ulong queries, ulong keys, ulong size, int causal, int masked

// Matrices whose rows lie at any equal distance, as do heads and samples.
#define ROWS(x) TENSOR(x), ulong x##_sample, ulong x##_head, ulong x##_row
#define ROW(x, row) ((row) * x##_row)

// Opens the matrix of a head, counted over all samples, each of which has so many.
#define OPEN_HEAD(x, head, heads) \
  __global float *x = x##_buffer + x##_first + (head) / (heads) * x##_sample + (head) % (heads) * x##_head

// ---- Products -----------------------------------------------------------------------------------

// Columns that are computed at a time: four vectors, as an fma takes four cycles.
#define WIDTH (4 * LANES)
#define PADDED(columns) (((columns) + (WIDTH - 1)) / WIDTH * WIDTH)

typedef struct {
  floats part[4];
} columns;

// Unrolled, since the parts are registers only if their numbers are constant.
#define FOR_PARTS(i) _Pragma("unroll") for (uint i = 0; i < 4; i++)

static inline columns no_columns() {
  columns zero = {{ALL(0.0f), ALL(0.0f), ALL(0.0f), ALL(0.0f)}};
  return zero;
}

// sums += factor · m
static inline columns add_row(columns sums, float factor, __global const float *m) {
  FOR_PARTS(i) {
    sums.part[i] = fma(ALL(factor), vload16(i, m), sums.part[i]);
  }
  return sums;
}

// The same of n columns.
static inline columns add_part_of_row(
    columns sums, float factor, __global const float *m, ulong n) {
  FOR_PARTS(i) {
    if (i * LANES < n) {
      floats row = load(m, i * LANES, min(n - i * LANES, (ulong)LANES));
      sums.part[i] = fma(ALL(factor), row, sums.part[i]);
    }
  }
  return sums;
}

// Σ scale · x · m over the rows of a transposed matrix.
static inline columns dots(
    __global const float *x, float scale, __global const float *m, ulong stride, ulong size) {
  columns result = no_columns();
  for (ulong block = 0; block < size; block += DEPTH_BLOCK) {
    columns sums = no_columns();
    for (ulong c = block; c < min(size, block + DEPTH_BLOCK); c++) {
      sums = add_row(sums, x[c] * scale, m + c * stride);
    }
    FOR_PARTS(i) {
      result.part[i] = block == 0 ? sums.part[i] : sums.part[i] + result.part[i];
    }
  }
  return result;
}

// y = Σ weight · m + factor · y, or without y, over rows of m from the first one on, which are a
// step apart. If masked, those whose mask is 0 are left out, as a weight of 0 times NaN is NaN.
static inline void weighted_sum(
    const float *weights, ulong rows, __global const float *m, ulong step, ulong size,
    __global const int *mask, int masked, int add, float factor, __global float *y) {
  for (ulong c = 0; c < size; c += WIDTH) {
    ulong n = min(size - c, (ulong)WIDTH);
    columns sums = no_columns();
    if (n == WIDTH) {
      for (ulong i = 0; i < rows; i++) {
        if (!masked || mask[i] != 0) {
          sums = add_row(sums, weights[i], m + i * step + c);
        }
      }
    } else {
      for (ulong i = 0; i < rows; i++) {
        if (!masked || mask[i] != 0) {
          sums = add_part_of_row(sums, weights[i], m + i * step + c, n);
        }
      }
    }
    FOR_PARTS(i) {
      ulong at = c + i * LANES;
      if (at < size) {
        ulong count = min(size - at, (ulong)LANES);
        floats sum = sums.part[i];
        store(add ? sum + load(y, at, count) * factor : sum, y, at, count);
      }
    }
  }
}

// y[c][row] = x[row][c] · scale for each head, rows of y being padded. Ids are 16 rows and a head.
__kernel void transposed(
    ROWS(x), TENSOR(y), ulong batch, ulong heads, ulong rows, ulong size, float scale) {
  ulong row = get_global_id(0) * LANES;
  ulong head = get_global_id(1);
  if (row >= rows || head >= batch * heads) {
    return;
  }
  OPEN_HEAD(x, head, heads);
  OPEN(y);
  x += ROW(x, row);
  y += head * size * PADDED(rows) + row;
  ulong n = min(rows - row, (ulong)LANES);
  for (ulong c = 0; c < size; c++) {
    float part[LANES] = {0.0f};
    for (ulong k = 0; k < n; k++) {
      part[k] = x[ROW(x, k) + c] * scale;
    }
    vstore16(vload16(0, part), 0, y + c * PADDED(rows));
  }
}

// ---- What is seen -------------------------------------------------------------------------------

// The number of keys that come before the first that a query must not see; may be negative.
static inline long keys_seen(ulong query, ulong queries, ulong keys, int causal) {
  return causal ? (long)(query + 1 + keys) - (long)queries : (long)keys;
}

// The number of keys up to the last that is not excluded.
static inline ulong key_end(__global const int *mask, ulong keys, int masked) {
  ulong end = keys;
  while (masked && end > 0 && mask[end - 1] == 0) {
    end--;
  }
  return end;
}

// The number of keys over whose blocks the sums of a query extend: those that one of its strip
// sees.
static inline ulong keys_of_strip(ulong query, ulong queries, ulong end, ulong keys, int causal) {
  ulong last = min(query - query % STRIP + STRIP, queries) - 1;
  return (ulong)clamp(keys_seen(last, queries, keys, causal), 0L, (long)end);
}

// How many of the first `count` keys of a block a query may see.
static inline ulong seen_of_block(long seen, ulong block, ulong count) {
  return (ulong)clamp(seen - (long)block, 0L, (long)count);
}

// Scores of keys from `key` on, or −∞ of those that are not among the `seen` ones or excluded.
static inline floats of_seen_keys(
    floats scores, long key, long seen, __global const int *mask, int masked) {
  int n = (int)clamp(seen - key, 0L, (long)LANES);
  ints included = LANE_NUMBERS < ALL_INTS(n);
  if (masked) {
    int part[LANES];
    for (int k = 0; k < LANES; k++) {
      part[k] = k < n ? mask[key + k] : 0;
    }
    included = vload16(0, part) != 0;
  }
  return included ? scores : ALL(-INFINITY);
}

// ---- Forward ------------------------------------------------------------------------------------

// o = softmax(scale · q·kᵀ) · v, and the normalizers of the scores: the greatest and the sum of
// exponentials, or twice 0 if no key counts. Ids are a query and a head. The mask matters if there is one.
// If POSITIONED, the first query of each sample has a position among the keys, and those after the
// last query do not count.
__kernel void attention(
    ROWS(q), TENSOR(scaled_k), ROWS(v), INTEGERS(mask), ROWS(o), TENSOR(normalizers), SIZES
#ifdef POSITIONED
    , INTEGERS(positions), int bound, FAULT
#endif
    ) {
  ulong query = get_global_id(0);
  ulong head = get_global_id(1);
  if (query >= queries || head >= batch * heads) {
    return;
  }
  ulong key_head = head / (heads / key_heads);
  OPEN_HEAD(q, head, heads);
  OPEN(scaled_k);
  OPEN_HEAD(v, key_head, key_heads);
  OPEN_INTEGERS(mask);
  OPEN_HEAD(o, head, heads);
  OPEN(normalizers);
  q += ROW(q, query);
  scaled_k += key_head * size * PADDED(keys);
  mask += head / heads * keys;
  o += ROW(o, query);
  ulong known = keys;
#ifdef POSITIONED
  OPEN_INTEGERS(positions);
  ulong sample = head / heads;
  known = (ulong)checked(positions[sample], bound, sample, fault, step) + queries;
#endif
  long seen = keys_seen(query, queries, known, causal);
  ulong end = keys_of_strip(query, queries, key_end(mask, known, masked), known, causal);
  float p[FORWARD_KEYS];
  float max = -INFINITY;
  float sum = 0;
  for (ulong block = 0; block < end; block += FORWARD_KEYS) {
    ulong count = min(end - block, (ulong)FORWARD_KEYS);
    floats maxima = ALL(max);
    for (ulong j = 0; j < count; j += WIDTH) {
      columns scores = dots(q, 1.0f, scaled_k + block + j, PADDED(keys), size);
      FOR_PARTS(i) {
        ulong at = j + i * LANES;
        floats score = of_seen_keys(scores.part[i], block + at, seen, mask, masked);
        maxima = greater(maxima, score);
        vstore16(score, 0, p + at);
      }
    }
    float new_max = max_lane(maxima);
    floats shift = shift_of(ALL(new_max));
    floats lanes = ALL(0.0f);
    for (ulong j = 0; j < count; j += LANES) {
      floats e = shifted_exp(vload16(0, p + j) - shift);
      lanes += e;
      vstore16(e, 0, p + j);
    }
    float correction = new_max == max ? 1 : shifted_exp(max - shift).s0;
    sum = sum * correction + sum_lanes(lanes);
    max = new_max;
    weighted_sum(
        p, seen_of_block(seen, block, count), v + ROW(v, block), v_row, size, mask + block, masked,
        block > 0, correction, o);
  }
  float factor = 1 / sum;
  FOR_ROW(c, n, size) {
    store(sum == 0 ? ALL(0.0f) : fma(load(o, c, n), ALL(factor), ALL(0.0f)), o, c, n); // not -0
  }
  store_normalizers(sum == 0 ? 0 : max, sum, normalizers, head * queries + query);
}

// ---- Backward -----------------------------------------------------------------------------------

// means = Σ do · o of each query. Ids are a query and a head.
__kernel void attention_means(
    ROWS(o), ROWS(d_o), TENSOR(means), ulong batch, ulong heads, ulong queries, ulong size) {
  ulong query = get_global_id(0);
  ulong head = get_global_id(1);
  if (query >= queries || head >= batch * heads) {
    return;
  }
  OPEN_HEAD(o, head, heads);
  OPEN_HEAD(d_o, head, heads);
  OPEN(means);
  floats lanes = ALL(0.0f);
  o += ROW(o, query);
  d_o += ROW(d_o, query);
  FOR_ROW(c, n, size) {
    lanes = updated(lanes, fma(load(d_o, c, n), load(o, c, n), lanes), n);
  }
  means[head * queries + query] = sum_lanes(lanes);
}

// What exponentials of differences to a maximum are multiplied by: 0 if there are none but zeros.
static inline floats inverse_of(floats sum) { return sum == 0.0f ? ALL(0.0f) : 1 / sum; }

// exp(x) · factor, and 0 for the exponential of what is not seen, whatever the factor.
static inline floats weight_of(floats x, floats factor) {
  return x < SHIFTED_EXP_LOW ? ALL(0.0f) : lw_exp(x) * factor;
}

// The gradient of scores, times the scale, from the weights p and their gradients.
static inline floats score_gradient(floats p, floats dp, floats mean, float scale) {
  return p == 0.0f ? ALL(0.0f) : p * ((dp - mean) * scale);
}

static inline void clear(__global float *x, ulong count) {
  FOR_ROW(i, n, count) {
    store(ALL(0.0f), x, i, n);
  }
}

// dq = Σ ds · k. Ids are a query and a head.
__kernel void attention_backward_q(
    ROWS(q), ROWS(k), TENSOR(scaled_k), TENSOR(transposed_v), INTEGERS(mask), TENSOR(normalizers),
    TENSOR(means), ROWS(d_o), ROWS(d_q), SIZES, float scale, int accumulate) {
  ulong query = get_global_id(0);
  ulong head = get_global_id(1);
  if (query >= queries || head >= batch * heads) {
    return;
  }
  ulong key_head = head / (heads / key_heads);
  OPEN_HEAD(q, head, heads);
  OPEN_HEAD(k, key_head, key_heads);
  OPEN(scaled_k);
  OPEN(transposed_v);
  OPEN_INTEGERS(mask);
  OPEN(normalizers);
  OPEN(means);
  OPEN_HEAD(d_o, head, heads);
  OPEN_HEAD(d_q, head, heads);
  q += ROW(q, query);
  scaled_k += key_head * size * PADDED(keys);
  transposed_v += key_head * size * PADDED(keys);
  mask += head / heads * keys;
  d_o += ROW(d_o, query);
  d_q += ROW(d_q, query);
  long seen = keys_seen(query, queries, keys, causal);
  ulong end = keys_of_strip(query, queries, key_end(mask, keys, masked), keys, causal);
  normalizers += 2 * (head * queries + query);
  floats max = ALL(normalizers[0]);
  floats inverse = inverse_of(ALL(normalizers[1]));
  floats mean = ALL(means[head * queries + query]);
  float ds[BACKWARD_KEYS];
  for (ulong block = 0; block < end; block += BACKWARD_KEYS) {
    ulong count = min(end - block, (ulong)BACKWARD_KEYS);
    for (ulong j = 0; j < count; j += WIDTH) {
      columns scores = dots(q, 1.0f, scaled_k + block + j, PADDED(keys), size);
      columns dp = dots(d_o, 1.0f, transposed_v + block + j, PADDED(keys), size);
      FOR_PARTS(i) {
        ulong at = j + i * LANES;
        floats score = of_seen_keys(scores.part[i], block + at, seen, mask, masked);
        floats p = weight_of(score - max, inverse);
        vstore16(score_gradient(p, dp.part[i], mean, scale), 0, ds + at);
      }
    }
    weighted_sum(
        ds, seen_of_block(seen, block, count), k + ROW(k, block), k_row, size, mask + block, masked,
        accumulate || block > 0, 1.0f, d_q);
  }
  if (end == 0 && !accumulate) {
    clear(d_q, size);
  }
}

// dk = Σ ds · q and dv = Σ p · do, over the queries from the first on that sees the key, in blocks
// of those from the first strip on of which one sees a key of this one's strip; of one head after
// the other of those that share the key. Ids are a key and a head of keys.
__kernel void attention_backward_kv(
    ROWS(q), TENSOR(transposed_q), ROWS(k), ROWS(v), INTEGERS(mask), TENSOR(normalizers),
    TENSOR(means), ROWS(d_o), TENSOR(transposed_d_o), ROWS(d_k), ROWS(d_v), SIZES, float scale,
    int accumulate_k, int accumulate_v) {
  ulong key = get_global_id(0);
  ulong key_head = get_global_id(1);
  if (key >= keys || key_head >= batch * key_heads) {
    return;
  }
  OPEN_HEAD(k, key_head, key_heads);
  OPEN_HEAD(v, key_head, key_heads);
  OPEN_INTEGERS(mask);
  OPEN_HEAD(d_k, key_head, key_heads);
  OPEN_HEAD(d_v, key_head, key_heads);
  k += ROW(k, key);
  v += ROW(v, key);
  mask += key_head / key_heads * keys;
  d_k += ROW(d_k, key);
  d_v += ROW(d_v, key);
  // The first query that sees the key, and the first of a strip of which one sees the first key of
  // this one's strip.
  ulong first_seeing = causal ? max((long)(key + queries) - (long)keys, 0L) : 0;
  ulong strip_key = key - key % STRIP;
  ulong first = causal ? max((long)(strip_key + queries) - (long)keys, 0L) : 0;
  first -= first % STRIP;
  if (masked && mask[key] == 0) {
    first = queries;
  }
  ulong group = heads / key_heads;
  float p[BACKWARD_QUERIES];
  float ds[BACKWARD_QUERIES];
  for (ulong head = key_head * group; head < (key_head + 1) * group; head++) {
    OPEN_HEAD(q, head, heads);
    OPEN(transposed_q);
    OPEN(normalizers);
    OPEN(means);
    OPEN_HEAD(d_o, head, heads);
    OPEN(transposed_d_o);
    transposed_q += head * size * PADDED(queries);
    normalizers += 2 * head * queries;
    means += head * queries;
    transposed_d_o += head * size * PADDED(queries);
    for (ulong block = first - first % BACKWARD_QUERIES; block < queries && first < queries;
         block += BACKWARD_QUERIES) {
      ulong to = min(queries - block, (ulong)BACKWARD_QUERIES);
      ulong from = min(max(first_seeing, block) - block, to);
      for (ulong i = from - from % WIDTH; i < to; i += WIDTH) {
        columns scores = dots(k, scale, transposed_q + block + i, PADDED(queries), size);
        columns dp = dots(v, 1.0f, transposed_d_o + block + i, PADDED(queries), size);
        FOR_PARTS(w) {
          ulong at = i + w * LANES;
          ulong n = min(max(to, at) - at, (ulong)LANES);
          floats pairs = load(normalizers, 2 * (block + at), min(2 * n, (ulong)LANES));
          floats more =
              load(normalizers, 2 * (block + at) + LANES, max(2 * n, (ulong)LANES) - LANES);
          floats max_score = (floats)(pairs.even, more.even);
          floats inverse = inverse_of((floats)(pairs.odd, more.odd));
          floats weight = weight_of(scores.part[w] - max_score, inverse);
          floats mean = load(means, block + at, n);
          vstore16(weight, 0, p + at);
          vstore16(score_gradient(weight, dp.part[w], mean, scale), 0, ds + at);
        }
      }
      int next = block > first || head > key_head * group;
      weighted_sum(
          ds + from, to - from, q + ROW(q, block + from), q_row, size, 0, 0, accumulate_k || next,
          1.0f, d_k);
      weighted_sum(
          p + from, to - from, d_o + ROW(d_o, block + from), d_o_row, size, 0, 0,
          accumulate_v || next, 1.0f, d_v);
    }
  }
  if (first >= queries) {
    if (!accumulate_k) {
      clear(d_k, size);
    }
    if (!accumulate_v) {
      clear(d_v, size);
    }
  }
}

// Sums of many elements: those of blocks in f32, theirs in f64.

// Elements of a block.
#define SUM_BLOCK 4096

// SQUARES is defined where squares are summed.
#ifdef SQUARES
#define ADD(sum, x) fma(x, x, sum)
#else
#define ADD(sum, x) ((sum) + (x))
#endif

// The sum of each block of all elements, in 64 lanes. An id is a block.
__kernel void block_sums(TENSOR(x), TENSOR(sums), ulong count) {
  ulong from = get_global_id(0) * SUM_BLOCK;
  if (from >= count) {
    return;
  }
  OPEN(x);
  OPEN(sums);
  ulong to = min(count, from + SUM_BLOCK);
  floats a = ALL(0.0f);
  floats b = a;
  floats c = a;
  floats d = a;
  ulong i = from;
  for (; i + 4 * LANES <= to; i += 4 * LANES) {
    a = ADD(a, vload16(0, x + i));
    b = ADD(b, vload16(1, x + i));
    c = ADD(c, vload16(2, x + i));
    d = ADD(d, vload16(3, x + i));
  }
  floats rest[4] = {a, b, c, d};
  for (uint k = 0; i < to; i += LANES, k++) {
    rest[k] = ADD(rest[k], load(x, i, min(to - i, (ulong)LANES)));
  }
  sums[get_global_id(0)] = sum_lanes((rest[0] + rest[2]) + (rest[1] + rest[3]));
}

// The sum of the blocks' sums, divided by a number. One work item.
__kernel void total(
    TENSOR(sums), TENSOR(result), ulong blocks, double divisor, int accumulate) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(sums);
  OPEN(result);
  double total = 0;
  for (ulong i = 0; i < blocks; i++) {
    total += sums[i];
  }
  float value = (float)(total / divisor);
  result[0] = accumulate ? result[0] + value : value;
}

// The gradient scale that makes a norm at most max_norm: scale · min(1, max_norm / (norm + 10⁻⁶)),
// where the norm is that of scale · x, of which the squares of blocks are summed. One work item.
__kernel void clip_norm(
    TENSOR(sums), TENSOR(scale), TENSOR(clipped), ulong blocks, double max_norm) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(sums);
  OPEN(scale);
  OPEN(clipped);
  double total = 0;
  for (ulong i = 0; i < blocks; i++) {
    total += sums[i];
  }
  double norm = fabs((double)scale[0]) * sqrt(total);
  double factor = max_norm / (norm + 1e-6);
  clipped[0] = (float)(scale[0] * (factor >= 1 ? 1.0 : factor));
}

// sums[i] = factor · Σⱼ x[i][j]. An id is a row.
__kernel void row_sums(
    TENSOR(x), TENSOR(sums), ulong rows, ulong columns, float factor, int accumulate) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(sums);
  x += row * columns;
  double total = 0;
  for (ulong from = 0; from < columns; from += SUM_BLOCK, x += SUM_BLOCK) {
    ulong count = min(columns - from, (ulong)SUM_BLOCK);
    floats lanes = ALL(0.0f);
    FOR_ROW(i, n, count) {
      lanes += load(x, i, n);
    }
    total += sum_lanes(lanes);
  }
  float value = factor * (float)total;
  sums[row] = accumulate ? sums[row] + value : value;
}

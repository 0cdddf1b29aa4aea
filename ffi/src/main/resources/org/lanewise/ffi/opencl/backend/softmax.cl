// Softmax, its logarithm, and their gradients.

#include "exponentials.cl"

// y = exp(x) / Σ exp(x) in rows. If causal, row r of a matrix of `queries` rows has only its first
// r + 1 + columns − queries elements; the others become 0, and so do all if there is none. An id
// is a row.
__kernel void softmax(
    TENSOR(x), TENSOR(y), ulong rows, ulong columns, ulong queries, int causal) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(y);
  x += row * columns;
  y += row * columns;
  ulong seen = columns;
  if (causal) {
    seen = max((long)(row % queries + 1 + columns) - (long)queries, 0L);
  }
  floats shift = row_shift(x, seen);
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, seen) {
    floats e = shifted_exp(load_or_minus_infinity(x, i, n) - shift);
    lanes += e;
    store(e, y, i, n);
  }
  float sum = sum_lanes(lanes);
  float factor = causal && sum == 0 ? 0 : 1 / sum;
  FOR_ROW(i, n, seen) {
    store(load(y, i, n) * factor, y, i, n);
  }
  y += seen;
  FOR_ROW(i, n, columns - seen) {
    store(ALL(0.0f), y, i, n);
  }
}

// The sums of dy · y so far and these, of which a dy is 0 if its y is, whatever is there.
static inline floats add_products(floats sums, floats y, floats dy) {
  return fma(y == 0.0f ? ALL(0.0f) : dy, y, sums);
}

// y · (dy − sum), and 0 where y is, whatever dy and the sum are.
static inline floats softmax_gradient(floats y, floats dy, floats sum) {
  return y == 0.0f ? ALL(0.0f) : (dy - sum) * y;
}

// dx = y · (dy − Σ dy · y) in rows, without the elements whose y is 0. An id is a row.
__kernel void softmax_backward(
    TENSOR(y), TENSOR(dy), TENSOR(dx), ulong rows, ulong columns, int accumulate) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(y);
  OPEN(dy);
  OPEN(dx);
  y += row * columns;
  dy += row * columns;
  dx += row * columns;
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    lanes = updated(lanes, add_products(lanes, load(y, i, n), load(dy, i, n)), n);
  }
  floats sum = ALL(sum_lanes(lanes));
  FOR_ROW(i, n, columns) {
    store_or_add(
        softmax_gradient(load(y, i, n), load(dy, i, n), sum), accumulate, dx, i, n);
  }
}

// y = x − log(Σ exp(x)) in rows. An id is a row.
__kernel void log_softmax(TENSOR(x), TENSOR(y), ulong rows, ulong columns) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(y);
  x += row * columns;
  y += row * columns;
  floats shift = row_shift(x, columns);
  floats log_of_sum = lw_log(ALL(row_sum_of_exp(x, columns, shift)));
  FOR_ROW(i, n, columns) {
    store(load(x, i, n) - shift - log_of_sum, y, i, n);
  }
}

// dx = dy − exp(y) · Σ dy in rows. An id is a row.
__kernel void log_softmax_backward(
    TENSOR(y), TENSOR(dy), TENSOR(dx), ulong rows, ulong columns, int accumulate) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(y);
  OPEN(dy);
  OPEN(dx);
  y += row * columns;
  dy += row * columns;
  dx += row * columns;
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    lanes += load(dy, i, n);
  }
  float sum = sum_lanes(lanes);
  FOR_ROW(i, n, columns) {
    floats gradient = fma(lw_exp(load(y, i, n)), ALL(-sum), load(dy, i, n));
    store_or_add(gradient, accumulate, dx, i, n);
  }
}

// ---- Other axes ---------------------------------------------------------------------------------

// Tensors are [outer, axis, inner]. Ids are 16 elements of `inner`, for each of which there is a
// sum, in the order of the axis, and an element of `outer`.

// y = exp(x) / Σ exp(x)
__kernel void softmax_of_axis(TENSOR(x), TENSOR(y), ulong outer, ulong axis, ulong inner) {
  ulong column = get_global_id(0) * LANES;
  if (column >= inner || get_global_id(1) >= outer) {
    return;
  }
  OPEN(x);
  OPEN(y);
  ulong n = min(inner - column, (ulong)LANES);
  ulong first = get_global_id(1) * axis * inner + column;
  ulong end = first + axis * inner;
  floats max = ALL(-INFINITY);
  for (ulong i = first; i < end; i += inner) {
    max = greater(max, load(x, i, n));
  }
  floats shift = shift_of(max);
  floats sum = ALL(0.0f);
  for (ulong i = first; i < end; i += inner) {
    floats e = shifted_exp(load(x, i, n) - shift);
    sum += e;
    store(e, y, i, n);
  }
  floats factor = 1 / sum;
  for (ulong i = first; i < end; i += inner) {
    store(load(y, i, n) * factor, y, i, n);
  }
}

// dx = y · (dy − Σ dy · y), without the elements whose y is 0.
__kernel void softmax_of_axis_backward(
    TENSOR(y), TENSOR(dy), TENSOR(dx), ulong outer, ulong axis, ulong inner, int accumulate) {
  ulong column = get_global_id(0) * LANES;
  if (column >= inner || get_global_id(1) >= outer) {
    return;
  }
  OPEN(y);
  OPEN(dy);
  OPEN(dx);
  ulong n = min(inner - column, (ulong)LANES);
  ulong first = get_global_id(1) * axis * inner + column;
  ulong end = first + axis * inner;
  floats sum = ALL(0.0f);
  for (ulong i = first; i < end; i += inner) {
    sum = add_products(sum, load(y, i, n), load(dy, i, n));
  }
  for (ulong i = first; i < end; i += inner) {
    store_or_add(
        softmax_gradient(load(y, i, n), load(dy, i, n), sum), accumulate, dx, i, n);
  }
}

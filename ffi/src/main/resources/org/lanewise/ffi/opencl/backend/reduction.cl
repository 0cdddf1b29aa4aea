// Sums over columns, and repetitions.

#include "rows.cl"

// sums[j] = factor · Σᵢ x[i][j], in the order of the rows. An id is 16 columns.
__kernel void column_sums(
    TENSOR(x), TENSOR(sums), ulong rows, ulong columns, float factor, int accumulate) {
  ulong column = get_global_id(0) * LANES;
  if (column >= columns) {
    return;
  }
  OPEN(x);
  OPEN(sums);
  ulong n = min(columns - column, (ulong)LANES);
  floats sum = ALL(0.0f);
  for (ulong i = 0; i < rows; i++) {
    sum += load(x, i * columns + column, n);
  }
  store_or_add(factor * sum, accumulate, sums, column, n);
}

// x = α · y, y being repeated to fill x. An item takes vectors of elements.
__kernel void expand(
    TENSOR(y), TENSOR(x), ulong count, int is_column, ulong columns, float alpha,
    int accumulate) {
  OPEN(y);
  OPEN(x);
  FOR_VECTORS(i, n, count) {
    store_or_add(repeated(y, is_column, columns, i, n) * alpha, accumulate, x, i, n);
  }
}

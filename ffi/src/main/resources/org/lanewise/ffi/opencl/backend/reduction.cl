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

// How y fills x, a matrix.
#define SAME 0
#define ELEMENT 1
#define ROW 2
#define COLUMN 3

// Elements i to i + n of what y becomes when it is repeated.
static inline floats repeated(__global const float *y, int kind, ulong columns, ulong i, ulong n) {
  if (kind == SAME) {
    return load(y, i, n);
  }
  if (kind == ELEMENT) {
    return ALL(y[0]);
  }
  ulong row = i / columns;
  ulong column = i % columns;
  if (column + n <= columns) {
    return kind == ROW ? load(y, column, n) : ALL(y[row]);
  }
  float part[LANES] = {0.0f};
  for (uint k = 0; k < n; k++) {
    part[k] = y[kind == ROW ? column : row];
    if (++column == columns) {
      column = 0;
      row++;
    }
  }
  return vload16(0, part);
}

// x = α · y, y being repeated to fill x.
__kernel void expand(
    TENSOR(y), TENSOR(x), ulong count, ulong columns, int kind, float alpha, int accumulate) {
  OPEN(y);
  OPEN(x);
  FOR_VECTORS(i, n, count) {
    store_or_add(repeated(y, kind, columns, i, n) * alpha, accumulate, x, i, n);
  }
}

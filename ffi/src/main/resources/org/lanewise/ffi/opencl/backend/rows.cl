// What kernels have in common that go through rows or columns.

#define LANE_NUMBERS ((ints)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))

// A sum or the like of 16 lanes gets new values in the first n; the others have no element to add.
static inline floats updated(floats lanes, floats values, ulong n) {
  return LANE_NUMBERS < ALL_INTS((int)n) ? values : lanes;
}

// Stores n elements, or adds them to what is there.
static inline void store_or_add(floats v, int accumulate, __global float *x, ulong i, ulong n) {
  store(accumulate ? load(x, i, n) + v : v, x, i, n);
}

// What of y belongs to n elements of x from index i on, where x is a matrix of some columns, and y
// one of its columns, or else a row. A y as large as x is a row that is all of x, a single element
// a column of such rows.
static inline floats repeated(
    __global const float *y, int is_column, ulong columns, ulong i, ulong n) {
  ulong row = i < columns ? 0 : i / columns;
  ulong column = i - row * columns;
  if (column + n <= columns) {
    return is_column ? ALL(y[row]) : load(y, column, n);
  }
  float part[LANES];
  for (uint k = 0; k < LANES; k++) {
    part[k] = k < n ? y[is_column ? row : column] : 0.0f;
    column++;
    if (column == columns) {
      column = 0;
      row++;
    }
  }
  return vload16(0, part);
}

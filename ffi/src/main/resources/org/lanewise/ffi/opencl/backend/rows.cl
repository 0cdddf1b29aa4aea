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

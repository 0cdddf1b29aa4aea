// y = a
__kernel void fill(TENSOR(y), float a, ulong count) {
  OPEN(y);
  FOR_VECTORS(i, n, count) { store(ALL(a), y, i, n); }
}

// Transposes 16 vectors as the rows of a matrix. Four times the first half of the elements and the
// second are put together in turns, which moves the element at row r and column c, whose number has
// the bits of r before those of c, by one bit each time.
inline void transpose(floats rows[LANES]) {
#pragma unroll
  for (uint round = 0; round < 4; round++) {
    floats mixed[LANES];
#pragma unroll
    for (uint k = 0; k < LANES / 2; k++) {
      floats a = rows[k];
      floats b = rows[k + LANES / 2];
      mixed[2 * k].even = a.lo;
      mixed[2 * k].odd = b.lo;
      mixed[2 * k + 1].even = a.hi;
      mixed[2 * k + 1].odd = b.hi;
    }
#pragma unroll
    for (uint k = 0; k < LANES; k++) {
      rows[k] = mixed[k];
    }
  }
}

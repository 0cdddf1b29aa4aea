// How a tile of sums becomes a tile of C. Sums over 512 of the depth are made in order, from 0, and
// then added to C: that order is what gives all devices the same bits.
#define DEPTH_BLOCK 512

// What the last step of a product adds and applies: relu(c + bias of the column).
typedef struct {
  float alpha;
  int accumulate;
  int has_bias;
  int relu;
} epilogue;

// One element of C after a block of the depth.
inline float merged(
    float sum, float c, float bias, epilogue e, int is_first, int is_last) {
  float value =
      is_first && !e.accumulate ? sum * e.alpha : fma(sum, e.alpha, c);
  if (is_last) {
    value = e.has_bias ? value + bias : value;
    value = e.relu && value < 0.0f ? 0.0f : value;
  }
  return value;
}

// The same for a vector.
inline floats merged_vector(
    floats sum, floats c, floats bias, epilogue e, int is_first, int is_last) {
  floats value =
      is_first && !e.accumulate ? sum * e.alpha : fma(sum, ALL(e.alpha), c);
  if (is_last) {
    value = e.has_bias ? value + bias : value;
    value = e.relu ? select(value, ALL(0.0f), value < 0.0f) : value;
  }
  return value;
}

// How a tile of sums becomes a tile of C. Sums over 512 of the depth are made in order, from 0, and
// then added to C: that order is what gives all devices the same bits.
#include "epilogue.cl"

#define DEPTH_BLOCK 512

// What the last step of a product adds and applies: relu(c + bias of the column + residual).
typedef struct {
  float alpha;
  int accumulate;
  int has_bias;
  int has_residual;
  int relu;
} epilogue;

// Elements of C after a block of the depth.
inline floats merged(
    floats sum, floats c, floats bias, floats residual, epilogue e, int is_first, int is_last) {
  floats value =
      is_first && !e.accumulate ? sum * e.alpha : fma(sum, ALL(e.alpha), c);
  if (is_last) {
    value = e.has_bias ? value + bias : value;
    value = e.has_residual ? value + residual : value;
    value = apply_function(value, e.relu);
  }
  return value;
}

// Maxima, and sums of exponentials of differences to them.

#include "math.cl"
#include "rows.cl"

// Below it an exponential counts as 0, so that none is subnormal: e⁻⁸⁷·³ ≈ 2⁻¹²⁶. That leaves a sum
// as it is, since one of its exponentials is 1.
#define SHIFTED_EXP_LOW -87.3f

static inline floats shifted_exp(floats x) {
  return x < SHIFTED_EXP_LOW ? ALL(0.0f) : lw_exp(x);
}

// The greater ones, or the first ones if that is not so.
static inline floats greater(floats a, floats b) { return b > a ? b : a; }

// The greatest lane; one that is NaN does not count.
static inline float max_lane(floats v) {
  float8 eight = v.hi > v.lo ? v.hi : v.lo;
  float4 four = eight.hi > eight.lo ? eight.hi : eight.lo;
  float2 two = four.hi > four.lo ? four.hi : four.lo;
  return two.y > two.x ? two.y : two.x;
}

// What is taken from elements so that their exponentials do not overflow: the maximum, but 0 if all
// are −∞, so that their exponentials are 0. With a NaN it does not matter, as the sum is NaN.
static inline floats shift_of(floats max) { return max == -INFINITY ? ALL(0.0f) : max; }

// n elements from index i on; lanes without one are −∞, whose exponential is 0.
static inline floats load_or_minus_infinity(__global const float *x, ulong i, ulong n) {
  return n == LANES ? vload16(0, x + i) : load_part(x + i, n, -INFINITY);
}

// The shift of a row.
static inline floats row_shift(__global const float *x, ulong columns) {
  floats max = ALL(-INFINITY);
  FOR_ROW(i, n, columns) {
    max = greater(max, load_or_minus_infinity(x, i, n));
  }
  return shift_of(ALL(max_lane(max)));
}

// Stores what softmax and its logarithm of a row follow from: the maximum and the sum of
// exponentials. Which zero is the greatest, and whether NaN is greater than others, depends on the
// order of comparisons; so a maximum of 0 becomes the positive one, and that of a row with NaN NaN.
static inline void store_normalizers(
    float shift, float sum, __global float *normalizers, ulong row) {
  normalizers[2 * row] = shift + 0.0f * sum;
  normalizers[2 * row + 1] = sum;
}

// Σ exp(x − shift) over a row.
static inline float row_sum_of_exp(__global const float *x, ulong columns, floats shift) {
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    lanes += shifted_exp(load_or_minus_infinity(x, i, n) - shift);
  }
  return sum_lanes(lanes);
}

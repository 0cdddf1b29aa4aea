// Dropout by counter-based random numbers. An item takes vectors of elements.

#include "rows.cl"

// Words of a seed, see org.lanewise.kernels.op.DropoutSeed.
#define LOW 0
#define HIGH 1
#define STEP 2

// Constants of Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011).
#define ROUNDS 10
#define MULTIPLIER0 0xD2511F53u
#define MULTIPLIER1 0xCD9E8D57u
#define WEYL0 0x9E3779B9u
#define WEYL1 0xBB67AE85u

// Words 16·i to 16·i + 15 of a stream: those of four blocks of four, the words of the same place in
// each together while they are computed.
static inline uints words(uint2 key, uint2 stream, ulong i) {
  ulong4 block = 4 * i + (ulong4)(0, 1, 2, 3);
  uint4 x0 = convert_uint4(block);
  uint4 x1 = convert_uint4(block >> 32);
  uint4 x2 = (uint4)(stream.x);
  uint4 x3 = (uint4)(stream.y);
  for (int round = 0; round < ROUNDS; round++) {
    uint4 high0 = mul_hi(x0, (uint4)(MULTIPLIER0));
    uint4 high1 = mul_hi(x2, (uint4)(MULTIPLIER1));
    uint4 low0 = x0 * MULTIPLIER0;
    uint4 low1 = x2 * MULTIPLIER1;
    x0 = high1 ^ x1 ^ key.x;
    x1 = low1;
    x2 = high0 ^ x3 ^ key.y;
    x3 = low0;
    key += (uint2)(WEYL0, WEYL1);
  }
  return (uints)(
      x0.x, x1.x, x2.x, x3.x, x0.y, x1.y, x2.y, x3.y,
      x0.z, x1.z, x2.z, x3.z, x0.w, x1.w, x2.w, x3.w);
}

// y = scale · x, or 0 if the element's word is below the threshold; or y += …. y may be x.
__kernel void dropout(
    TENSOR(x), INTEGERS(seed), TENSOR(y), ulong count, uint stream, uint threshold, float scale,
    int accumulate) {
  OPEN(x);
  OPEN_INTEGERS(seed);
  OPEN(y);
  uint2 key = (uint2)(seed[LOW], seed[HIGH]);
  uint2 stream_of_step = (uint2)(stream, seed[STEP]);
  FOR_VECTORS(i, n, count) {
    ints dropped = words(key, stream_of_step, i / LANES) < threshold;
    store_or_add(dropped ? ALL(0.0f) : load(x, i, n) * scale, accumulate, y, i, n);
  }
}

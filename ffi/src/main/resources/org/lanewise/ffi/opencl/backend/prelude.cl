// What every kernel here has before it.
//
// A tensor is a buffer and the index of its first element there. Work sizes may be rounded up, so
// every kernel compares its ids with the sizes that it is given. An id counts vectors, rows or
// elements, as the kernel says.
//
// Options: CPU_DEVICE is defined where one work item is a group of its own and walks through memory
// that lies together; elsewhere neighbouring items take neighbouring vectors.

#pragma OPENCL FP_CONTRACT OFF // the bits of the host's kernels: fused where it says fma, only there
#ifdef cl_khr_fp64
#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#endif

#define LANES 16
typedef float16 floats;
typedef int16 ints;
typedef uint16 uints;

// ---- Parameters ---------------------------------------------------------------------------------

#define TENSOR(x) __global float *x##_buffer, ulong x##_first
#define INTEGERS(x) __global int *x##_buffer, ulong x##_first
#define OPEN(x) __global float *x = x##_buffer + x##_first
#define OPEN_INTEGERS(x) __global int *x = x##_buffer + x##_first

// ---- Vectors ------------------------------------------------------------------------------------

// All lanes the same.
#define ALL(a) ((floats)(a))
#define ALL_INTS(a) ((ints)(a))

// The first n < LANES elements at x; in the other lanes `rest`.
inline floats load_part(__global const float *x, ulong n, float rest) {
  float part[LANES];
  for (uint k = 0; k < LANES; k++) {
    part[k] = k < n ? x[k] : rest;
  }
  return vload16(0, part);
}

// Stores the first n < LANES elements.
inline void store_part(floats v, __global float *x, ulong n) {
  float part[LANES];
  vstore16(v, 0, part);
  for (uint k = 0; k < n; k++) {
    x[k] = part[k];
  }
}

// The n ≤ LANES elements from index i on; lanes without one are 0.
inline floats load(__global const float *x, ulong i, ulong n) {
  return n == LANES ? vload16(0, x + i) : load_part(x + i, n, 0.0f);
}

// Stores n ≤ LANES elements from index i on.
inline void store(floats v, __global float *x, ulong i, ulong n) {
  if (n == LANES) {
    vstore16(v, 0, x + i);
  } else {
    store_part(v, x + i, n);
  }
}

// Runs through those vectors of `count` elements that are this work item's: i is the index of the
// first element, n how many there are, LANES but at the very end. As in
//   FOR_VECTORS(i, n, count) { store(f(load(x, i, n)), y, i, n); }
#ifdef CPU_DEVICE
#define FIRST_ELEMENT (get_global_id(0) * (ITEM_VECTORS * LANES))
#define LAST_ELEMENT(count) min((ulong)(count), FIRST_ELEMENT + ITEM_VECTORS * LANES)
#define ELEMENT_STRIDE LANES
#else
#define FIRST_ELEMENT (get_global_id(0) * LANES)
#define LAST_ELEMENT(count) ((ulong)(count))
#define ELEMENT_STRIDE (get_global_size(0) * LANES)
#endif
#define FOR_VECTORS(i, n, count)                                                          \
  for (ulong i = FIRST_ELEMENT, end_ = LAST_ELEMENT(count), n; i < end_; i += ELEMENT_STRIDE) \
    if ((n = min(end_ - i, (ulong)LANES)) != 0)

// The same for all vectors of a row, by one work item.
#define FOR_ROW(i, n, count) \
  for (ulong i = 0, n; i < (count); i += LANES) \
    if ((n = min((ulong)(count) - i, (ulong)LANES)) != 0)

// ---- Reductions ---------------------------------------------------------------------------------

// Adds the lanes by halves: 8 apart, then 4, 2 and 1.
inline float sum_lanes(floats v) {
  float8 eight = v.lo + v.hi;
  float4 four = eight.lo + eight.hi;
  float2 two = four.lo + four.hi;
  return two.x + two.y;
}

// ---- Errors -------------------------------------------------------------------------------------

// Kernels that look up what an index says take FAULT: the first index that is out of range is noted
// there for the host, and the kernel goes on with index 0.
#define FAULT __global int *fault, int step
inline int checked(int index, int bound, int row, __global int *fault, int step) {
  if ((uint)index < (uint)bound) {
    return index;
  }
  if (atomic_cmpxchg(fault, 0, step) == 0) {
    fault[1] = row;
    fault[2] = index;
    fault[3] = bound;
  }
  return 0;
}

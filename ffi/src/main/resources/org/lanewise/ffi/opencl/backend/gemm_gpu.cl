#include "gemm_tile.cl"
// C = epilogue(α·op(A)·op(B)) on devices with local memory: a group of SIDE × SIDE work items
// computes a tile of TILE × TILE, of which each item has every SIDE-th row and column, so that
// neighbours read and write neighbours. A and B pass through local memory, STEP of the depth at a
// time. Options: SIDE, TILE, STEP, which divides 512.
#define EACH (TILE / SIDE)

// Copies a tile of op(X) to local memory, with zeros outside the matrix. `across` counts rows of
// op(A) or columns of op(B).
inline void copy_tile(
    __global const float *x,
    ulong across_stride,
    ulong depth_stride,
    ulong across,
    ulong across_end,
    ulong k,
    ulong depth,
    __local float *tile) {
  uint item = get_local_id(1) * SIDE + get_local_id(0);
  for (uint at = item; at < TILE * STEP; at += SIDE * SIDE) {
    // The index that goes through memory one by one changes from item to item.
    uint i = depth_stride == 1 ? at / STEP : at % TILE;
    uint p = depth_stride == 1 ? at % STEP : at / TILE;
    int inside = across + i < across_end && k + p < depth;
    tile[p * (TILE + 1) + i] =
        inside ? x[(across + i) * across_stride + (k + p) * depth_stride] : 0.0f;
  }
}

// An id is an item of a tile's columns, and of its rows.
__kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void multiply(
    ulong m,
    ulong n,
    ulong depth,
    TENSOR(a),
    ulong a_row,
    ulong a_depth,
    TENSOR(b),
    ulong b_column,
    ulong b_depth,
    TENSOR(c),
    TENSOR(bias),
    float alpha,
    int accumulate,
    int has_bias,
    int relu) {
  __local float tile_of_a[STEP * (TILE + 1)];
  __local float tile_of_b[STEP * (TILE + 1)];
  OPEN(a);
  OPEN(b);
  OPEN(c);
  OPEN(bias);
  epilogue e = {alpha, accumulate, has_bias, relu};
  ulong row = get_group_id(1) * TILE;
  ulong column = get_group_id(0) * TILE;
  uint y = get_local_id(1);
  uint x = get_local_id(0);

  ulong from = 0;
  do {
    ulong to = min(depth, from + DEPTH_BLOCK);
    float sums[EACH][EACH];
    for (uint i = 0; i < EACH; i++) {
      for (uint j = 0; j < EACH; j++) {
        sums[i][j] = 0.0f;
      }
    }
    for (ulong k = from; k < to; k += STEP) {
      copy_tile(a, a_row, a_depth, row, m, k, to, tile_of_a);
      copy_tile(b, b_column, b_depth, column, n, k, to, tile_of_b);
      barrier(CLK_LOCAL_MEM_FENCE);
      uint count = min((ulong)STEP, to - k);
      for (uint p = 0; p < count; p++) {
        float column_of_a[EACH];
        for (uint i = 0; i < EACH; i++) {
          column_of_a[i] = tile_of_a[p * (TILE + 1) + y + i * SIDE];
        }
        for (uint j = 0; j < EACH; j++) {
          float element = tile_of_b[p * (TILE + 1) + x + j * SIDE];
          for (uint i = 0; i < EACH; i++) {
            sums[i][j] = fma(column_of_a[i], element, sums[i][j]);
          }
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (uint i = 0; i < EACH; i++) {
      for (uint j = 0; j < EACH; j++) {
        ulong r = row + y + i * SIDE;
        ulong s = column + x + j * SIDE;
        if (r < m && s < n) {
          float old = from == 0 && !accumulate ? 0.0f : c[r * n + s];
          float added = has_bias ? bias[s] : 0.0f;
          c[r * n + s] = merged(sums[i][j], old, added, e, from == 0, to == depth);
        }
      }
    }
    from = to;
  } while (from < depth);
}

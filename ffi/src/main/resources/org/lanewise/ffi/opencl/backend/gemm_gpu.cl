#include "gemm_tile.cl"
// C = epilogue(α·op(A)·op(B)) on devices with local memory: a group of SIDE × SIDE work items
// computes a tile of TILE × TILE, of which each item has every SIDE-th quad of rows and of columns:
// a load of four from local memory serves four times as many products as one of a single element,
// and neighbours read and write neighbours. A and B pass through local memory, STEP of the depth at
// a time. Options: SIDE, QUADS of an item in either direction, and STEP, which divides 512.
#define TILE (4 * SIDE * QUADS)

// Quads from one column of op(A), or row of op(B), to the next: one more, as otherwise all that an
// item writes would lie in one bank.
#define PITCH (TILE / 4 + 1)

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
    __local float4 *tile) {
  uint item = get_local_id(1) * SIDE + get_local_id(0);
  for (uint at = item; at < TILE * STEP; at += SIDE * SIDE) {
    // The index that goes through memory one by one changes from item to item.
    uint i = depth_stride == 1 ? at / STEP : at % TILE;
    uint p = depth_stride == 1 ? at % STEP : at / TILE;
    int inside = across + i < across_end && k + p < depth;
    ((__local float *)tile)[p * 4 * PITCH + i] =
        inside ? x[(across + i) * across_stride + (k + p) * depth_stride] : 0.0f;
  }
}

// Merges the sums of a square of four rows and columns into C.
inline void finish(
    floats sum,
    ulong row,
    ulong column,
    ulong m,
    ulong n,
    __global float *c,
    __global const float *bias,
    __global const float *residual,
    epilogue e,
    int is_first,
    int is_last) {
  float old[LANES], added[LANES], rest[LANES], result[LANES];
#pragma unroll
  for (uint l = 0; l < LANES; l++) {
    int inside = row + l / 4 < m && column + l % 4 < n;
    ulong at = (row + l / 4) * n + column + l % 4;
    old[l] = inside && !(is_first && !e.accumulate) ? c[at] : 0.0f;
    added[l] = inside && e.has_bias ? bias[column + l % 4] : 0.0f;
    rest[l] = inside && e.has_residual ? residual[at] : 0.0f;
  }
  floats value =
      merged(sum, vload16(0, old), vload16(0, added), vload16(0, rest), e, is_first, is_last);
  vstore16(value, 0, result);
#pragma unroll
  for (uint l = 0; l < LANES; l++) {
    if (row + l / 4 < m && column + l % 4 < n) {
      c[(row + l / 4) * n + column + l % 4] = result[l];
    }
  }
}

// An id is an item of a tile's columns, of its rows, and a matrix of the batch.
__kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void multiply(
    ulong m,
    ulong n,
    ulong depth,
    TENSOR(a),
    ulong a_matrix,
    ulong a_row,
    ulong a_depth,
    TENSOR(b),
    ulong b_matrix,
    ulong b_column,
    ulong b_depth,
    TENSOR(c),
    TENSOR(bias),
    TENSOR(residual),
    float alpha,
    int accumulate,
    int has_bias,
    int has_residual,
    int relu) {
  __local float4 tile_of_a[STEP * PITCH];
  __local float4 tile_of_b[STEP * PITCH];
  OPEN(a);
  OPEN(b);
  OPEN(c);
  OPEN(bias);
  OPEN(residual);
  epilogue e = {alpha, accumulate, has_bias, has_residual, relu};
  a += get_group_id(2) * a_matrix;
  b += get_group_id(2) * b_matrix;
  c += get_group_id(2) * m * n;
  residual += get_group_id(2) * m * n;
  ulong row = get_group_id(1) * TILE;
  ulong column = get_group_id(0) * TILE;
  uint y = get_local_id(1);
  uint x = get_local_id(0);

  ulong from = 0;
  do {
    ulong to = min(depth, from + DEPTH_BLOCK);
    float4 sums[4 * QUADS][QUADS];
    for (uint i = 0; i < 4 * QUADS; i++) {
      for (uint j = 0; j < QUADS; j++) {
        sums[i][j] = 0.0f;
      }
    }
    for (ulong k = from; k < to; k += STEP) {
      copy_tile(a, a_row, a_depth, row, m, k, to, tile_of_a);
      copy_tile(b, b_column, b_depth, column, n, k, to, tile_of_b);
      barrier(CLK_LOCAL_MEM_FENCE);
      uint count = min((ulong)STEP, to - k);
      for (uint p = 0; p < count; p++) {
        float4 row_of_b[QUADS];
        for (uint j = 0; j < QUADS; j++) {
          row_of_b[j] = tile_of_b[p * PITCH + x + j * SIDE];
        }
        for (uint i = 0; i < QUADS; i++) {
          float4 quad = tile_of_a[p * PITCH + y + i * SIDE];
          for (uint j = 0; j < QUADS; j++) {
            sums[4 * i][j] = fma((float4)quad.x, row_of_b[j], sums[4 * i][j]);
            sums[4 * i + 1][j] = fma((float4)quad.y, row_of_b[j], sums[4 * i + 1][j]);
            sums[4 * i + 2][j] = fma((float4)quad.z, row_of_b[j], sums[4 * i + 2][j]);
            sums[4 * i + 3][j] = fma((float4)quad.w, row_of_b[j], sums[4 * i + 3][j]);
          }
        }
      }
      barrier(CLK_LOCAL_MEM_FENCE);
    }
    for (uint i = 0; i < QUADS; i++) {
      for (uint j = 0; j < QUADS; j++) {
        floats sum =
            (floats)(sums[4 * i][j], sums[4 * i + 1][j], sums[4 * i + 2][j], sums[4 * i + 3][j]);
        ulong r = row + 4 * (y + i * SIDE);
        ulong s = column + 4 * (x + j * SIDE);
        finish(sum, r, s, m, n, c, bias, residual, e, from == 0, to == depth);
      }
    }
    from = to;
  } while (from < depth);
}

#include "gemm_tile.cl"
#include "transpose.cl"
// C = epilogue(α·op(A)·op(B)) on processors: a work item computes a tile of ROWS × VECTORS·16 in
// registers. Options: ROWS, VECTORS; PACKED_A, PACKED_B for an operand in panels, which pack_a,
// pack_b or pack_b_transposed made and filled up with zeros. One that is read where it is, B by
// rows, has no zeros around it: there the last tiles overlap those before.

#define COLUMNS (VECTORS * LANES)

// A panel is ROWS rows of op(A), column by column. An id is a panel, and a matrix of the batch, which
// begins so many elements after the one before.
__kernel void pack_a(
    TENSOR(a),
    ulong a_matrix,
    ulong row_stride,
    ulong depth_stride,
    ulong rows,
    ulong depth,
    TENSOR(panels),
    ulong panels_matrix) {
  OPEN(a);
  OPEN(panels);
  a += get_global_id(1) * a_matrix;
  panels += get_global_id(1) * panels_matrix;
  ulong from = get_global_id(0) * ROWS;
  __global float *panel = panels + from * depth;
  ulong count = min((ulong)ROWS, rows - from);
  a += from * row_stride;
  for (ulong k = 0; k < depth; k++) {
    for (ulong i = 0; i < ROWS; i++) {
      panel[k * ROWS + i] = i < count ? a[i * row_stride + k * depth_stride] : 0.0f;
    }
  }
}

// A panel is COLUMNS columns of B, row by row. Ids are those of pack_a.
__kernel void pack_b(
    TENSOR(b),
    ulong b_matrix,
    ulong stride,
    ulong columns,
    ulong depth,
    TENSOR(panels),
    ulong panels_matrix) {
  OPEN(b);
  OPEN(panels);
  b += get_global_id(1) * b_matrix;
  panels += get_global_id(1) * panels_matrix;
  ulong from = get_global_id(0) * COLUMNS;
  __global float *panel = panels + from * depth;
  ulong count = min((ulong)COLUMNS, columns - from);
  b += from;
  for (ulong k = 0; k < depth; k++) {
    for (ulong j = 0; j < COLUMNS; j += LANES) {
      ulong n = j < count ? min((ulong)LANES, count - j) : 0;
      vstore16(load(b + k * stride, j, n), 0, panel + k * COLUMNS + j);
    }
  }
}

// The same for B transposed, whose columns are rows in memory.
__kernel void pack_b_transposed(
    TENSOR(b),
    ulong b_matrix,
    ulong stride,
    ulong columns,
    ulong depth,
    TENSOR(panels),
    ulong panels_matrix) {
  OPEN(b);
  OPEN(panels);
  b += get_global_id(1) * b_matrix;
  panels += get_global_id(1) * panels_matrix;
  ulong from = get_global_id(0) * COLUMNS;
  __global float *panel = panels + from * depth;
  ulong count = min((ulong)COLUMNS, columns - from);
  b += from * stride;
  for (ulong k = 0; k < depth; k += LANES) {
    ulong n = min(depth - k, (ulong)LANES);
    for (ulong j = 0; j < COLUMNS; j += LANES) {
      floats block[LANES];
      for (ulong i = 0; i < LANES; i++) {
        block[i] = j + i < count ? load(b + (j + i) * stride, k, n) : ALL(0.0f);
      }
      transpose(block);
      for (ulong p = 0; p < n; p++) {
        vstore16(block[p], 0, panel + (k + p) * COLUMNS + j);
      }
    }
  }
}

// An id is a tile, of rows and of columns, and a matrix of the batch.
__kernel void multiply(
    ulong m,
    ulong n,
    ulong depth,
    TENSOR(a),
    ulong a_matrix,
    ulong a_row,
    ulong a_depth,
    TENSOR(b),
    ulong b_matrix,
    ulong b_depth,
    TENSOR(c),
    TENSOR(bias),
    TENSOR(residual),
    float alpha,
    int accumulate,
    int has_bias,
    int has_residual,
    int relu) {
  OPEN(a);
  OPEN(b);
  OPEN(c);
  OPEN(bias);
  OPEN(residual);
  epilogue e = {alpha, accumulate, has_bias, has_residual, relu};
  a += get_global_id(2) * a_matrix;
  b += get_global_id(2) * b_matrix;
  c += get_global_id(2) * m * n;
  residual += get_global_id(2) * m * n;
  ulong own_row = get_global_id(0) * ROWS;
  ulong own_column = get_global_id(1) * COLUMNS;
#ifdef PACKED_A
  ulong row = own_row;
  a += row * depth;
#define A_ROW 1
#define A_DEPTH ROWS
#else
  ulong row = min(own_row, m - ROWS);
  a += row * a_row;
#define A_ROW a_row
#define A_DEPTH a_depth
#endif
#ifdef PACKED_B
  ulong column = own_column;
  b += column * depth;
#define B_DEPTH COLUMNS
#else
  ulong column = min(own_column, n - COLUMNS);
  b += column;
#define B_DEPTH b_depth
#endif
  int is_whole = row == own_row && column == own_column && row + ROWS <= m && column + COLUMNS <= n;
  c += row * n + column;
  residual += row * n + column;
  bias += column;

  ulong from = 0;
  do {
    ulong to = min(depth, from + DEPTH_BLOCK);
    int is_first = from == 0;
    int is_last = to == depth;
    floats sums[ROWS][VECTORS];
#pragma unroll
    for (int i = 0; i < ROWS; i++) {
#pragma unroll
      for (int j = 0; j < VECTORS; j++) {
        sums[i][j] = 0.0f;
      }
    }
    __global const float *a_k = a + from * A_DEPTH;
    __global const float *b_k = b + from * B_DEPTH;
    for (ulong k = from; k < to; k++) {
      floats row_of_b[VECTORS];
#pragma unroll
      for (int j = 0; j < VECTORS; j++) {
        row_of_b[j] = vload16(j, b_k);
      }
#pragma unroll
      for (int i = 0; i < ROWS; i++) {
        floats element = a_k[i * A_ROW];
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
          sums[i][j] = fma(element, row_of_b[j], sums[i][j]);
        }
      }
      a_k += A_DEPTH;
      b_k += B_DEPTH;
    }
    if (is_whole) {
#pragma unroll
      for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
          floats old = is_first && !accumulate ? ALL(0.0f) : vload16(j, c + i * n);
          floats added = has_bias ? vload16(j, bias) : ALL(0.0f);
          floats rest = has_residual ? vload16(j, residual + i * n) : ALL(0.0f);
          vstore16(merged(sums[i][j], old, added, rest, e, is_first, is_last), j, c + i * n);
        }
      }
    } else {
      float tile[ROWS * COLUMNS + LANES];
#pragma unroll
      for (int i = 0; i < ROWS; i++) {
#pragma unroll
        for (int j = 0; j < VECTORS; j++) {
          vstore16(sums[i][j], i * VECTORS + j, tile);
        }
      }
      ulong end = min((ulong)COLUMNS, n - column);
      for (ulong i = own_row - row; i < min((ulong)ROWS, m - row); i++) {
        for (ulong j = own_column - column; j < end; j += LANES) {
          ulong count = min(end - j, (ulong)LANES);
          floats sum = vload16(0, tile + i * COLUMNS + j);
          floats old = is_first && !accumulate ? ALL(0.0f) : load(c + i * n, j, count);
          floats added = has_bias ? load(bias, j, count) : ALL(0.0f);
          floats rest = has_residual ? load(residual + i * n, j, count) : ALL(0.0f);
          store(merged(sum, old, added, rest, e, is_first, is_last), c + i * n, j, count);
        }
      }
    }
    from = to;
  } while (from < depth);
}

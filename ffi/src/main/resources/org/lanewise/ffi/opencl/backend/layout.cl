#include "transpose.cl"

// Copies rows of `columns` elements to rows of y, or adds them. Rows are counted over three axes,
// of which the last two have the sizes size1 and size2; x0, x1 and x2 are the steps from one row of
// x to the next along each, y_step is that of y. The ids are vectors of a row, and a row.
__kernel void copy_rows(
    TENSOR(x),
    ulong x0,
    ulong x1,
    ulong x2,
    ulong size1,
    ulong size2,
    TENSOR(y),
    ulong y_step,
    ulong rows,
    ulong columns,
    int accumulate) {
  OPEN(x);
  OPEN(y);
  ulong row = get_global_id(1);
  if (row >= rows) {
    return;
  }
  x += row / size2 / size1 * x0 + row / size2 % size1 * x1 + row % size2 * x2;
  y += row * y_step;
  FOR_VECTORS(j, n, columns) {
    floats v = load(x, j, n);
    store(accumulate ? load(y, j, n) + v : v, y, j, n);
  }
}

// Copies rows of x [samples, length, columns] to y [samples, capacity, columns], those of each sample
// from its position on. The ids are vectors of a row, and a row.
__kernel void write_at(
    TENSOR(x),
    INTEGERS(positions),
    TENSOR(y),
    ulong length,
    ulong capacity,
    ulong rows,
    ulong columns,
    int bound,
    FAULT) {
  OPEN(x);
  OPEN_INTEGERS(positions);
  OPEN(y);
  ulong row = get_global_id(1);
  if (row >= rows) {
    return;
  }
  ulong sample = row / length;
  int position = positions[sample];
  if (checked(position, bound, sample, fault, step) != position) {
    return; // rather than overwrite what is there
  }
  x += row * columns;
  y += (sample * capacity + position + row % length) * columns;
  FOR_VECTORS(j, n, columns) {
    store(load(x, j, n), y, j, n);
  }
}

// y = x. An item takes vectors of bytes.
__kernel void copy_bytes(
    __global const uchar *x_buffer, ulong x_first, __global uchar *y_buffer, ulong y_first,
    ulong count) {
  __global const uchar *x = x_buffer + x_first;
  __global uchar *y = y_buffer + y_first;
  FOR_VECTORS(i, n, count) {
    if (n == LANES) {
      vstore16(vload16(0, x + i), 0, y + i);
    } else {
      for (ulong k = i; k < i + n; k++) {
        y[k] = x[k];
      }
    }
  }
}

// Transposes matrices: row j of x becomes column j of y, which has so many lines and columns.
// Matrices are counted over two axes, of which the last has the size size1; x0 and x1, y0 and y1
// are the steps from one to the next. The ids are vectors of the columns, 16 lines, and a matrix.
__kernel void transpose_matrices(
    TENSOR(x),
    ulong x0,
    ulong x1,
    ulong x_step,
    TENSOR(y),
    ulong y0,
    ulong y1,
    ulong y_step,
    ulong size1,
    ulong matrices,
    ulong lines,
    ulong columns) {
  OPEN(x);
  OPEN(y);
  ulong i = get_global_id(1) * LANES;
  ulong matrix = get_global_id(2);
  if (i >= lines || matrix >= matrices) {
    return;
  }
  x += matrix / size1 * x0 + matrix % size1 * x1 + i;
  y += matrix / size1 * y0 + matrix % size1 * y1 + i * y_step;
  ulong count = min(lines - i, (ulong)LANES);
  FOR_VECTORS(j, n, columns) {
    floats block[LANES];
    for (ulong k = 0; k < LANES; k++) {
      block[k] = k < n ? load(x, (j + k) * x_step, count) : ALL(0.0f);
    }
    transpose(block);
    for (ulong k = 0; k < count; k++) {
      store(block[k], y, k * y_step + j, n);
    }
  }
}

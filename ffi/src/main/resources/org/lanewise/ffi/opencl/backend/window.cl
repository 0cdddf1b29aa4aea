// Windows over the planes of images. Along the width, element k of window j is column
// j * stride_width + k * dilation_width - padding_width of the plane, or padding if there is none;
// along the height likewise.
#define WINDOW                                                                               \
  int kernel_height, int kernel_width, int stride_height, int stride_width,                  \
      int padding_height, int padding_width, int dilation_height, int dilation_width,        \
      int height, int width, int output_height, int output_width

// The numbers of the lanes.
#define LANE ((ints)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15))

// The columns of vectors: first, first + step, ...; those past the plane may be anything there.
inline ints columns_of(uint first, uint step) {
  return as_int16(first + step * as_uint16(LANE));
}

inline ints is_inside(ints column, int width) {
  return column >= 0 & column < width;
}

// Every step-th element from column `first` on of the row that begins at index `at` of x, which has
// `size` elements; 0 in the lanes whose column is outside. Those too are read if x goes on there,
// as whole vectors are faster.
inline floats load_columns(
    __global const float *x, ulong size, ulong at, int first, int step, int width) {
  ints column = columns_of(first, step);
  long from = (long)at + first;
  if (step <= 2 && from >= 0 && from + step * LANES <= size) {
    floats v = vload16(0, x + from);
    if (step == 2) {
      v = (floats)(v.even, vload16(0, x + from + LANES).even);
    }
    return select(ALL(0.0f), v, is_inside(column, width));
  }
  int columns[LANES];
  float elements[LANES];
  vstore16(column, 0, columns);
  for (uint k = 0; k < LANES; k++) {
    elements[k] = (uint)columns[k] < (uint)width ? x[at + columns[k]] : 0.0f;
  }
  return vload16(0, elements);
}

// The same for row i of the plane that begins at index `plane`; 0 if there is no such row.
inline floats load_pixels(
    __global const float *x,
    ulong size,
    ulong plane,
    int i,
    int first,
    int step,
    int height,
    int width) {
  return i >= 0 && i < height ? load_columns(x, size, plane + i * width, first, step, width)
                              : ALL(0.0f);
}

// The first n elements of those at x and every step-th after it; in the other lanes 0.
inline floats load_steps(__global const float *x, ulong n, ulong step) {
  if (step == 1) {
    return load(x, 0, n);
  }
  float part[LANES];
  for (uint k = 0; k < LANES; k++) {
    part[k] = k < n ? x[k * step] : 0.0f;
  }
  return vload16(0, part);
}

// Stores the first n elements at x and every step-th after it.
inline void store_steps(floats v, __global float *x, ulong n, ulong step) {
  if (step == 1) {
    store(v, x, 0, n);
  } else {
    float part[LANES];
    vstore16(v, 0, part);
    for (uint k = 0; k < n; k++) {
      x[k * step] = part[k];
    }
  }
}

// The sum of a plane: element i is added in lane i mod 16.
inline float sum_plane(__global const float *x, ulong count) {
  floats sum = ALL(0.0f);
  FOR_ROW(i, n, count) {
    sum += load(x, i, n);
  }
  return sum_lanes(sum);
}

#include "window.cl"

inline void store_ints(ints v, __global int *x, ulong i, ulong n) {
  int part[LANES];
  vstore16(v, 0, part);
  for (uint k = 0; k < n; k++) {
    x[i + k] = part[k];
  }
}

// The first of the largest elements of each window, or the last NaN if there is one, and its place
// in the plane; of windows in the padding −∞ and −1. The ids are a row of y, and a plane.
__kernel void max_pool(TENSOR(x), TENSOR(y), INTEGERS(places), WINDOW, ulong planes) {
  OPEN(x);
  OPEN(y);
  OPEN_INTEGERS(places);
  int row = get_global_id(0);
  ulong plane = get_global_id(1);
  if (row >= output_height || plane >= planes) {
    return;
  }
  ulong size = planes * height * width;
  ulong output = (plane * output_height + row) * output_width;
  FOR_ROW(j, n, output_width) {
    floats largest = ALL(-INFINITY);
    ints place = ALL_INTS(-1);
    for (int k = 0; k < kernel_height; k++) {
      int i = row * stride_height + k * dilation_height - padding_height;
      if (i < 0 || i >= height) {
        continue;
      }
      for (int l = 0; l < kernel_width; l++) {
        int first = j * stride_width + l * dilation_width - padding_width;
        ints column = columns_of(first, stride_width);
        floats v =
            load_columns(x, size, (plane * height + i) * width, first, stride_width, width);
        ints taken = is_inside(column, width) & (place < 0 | v > largest | v != v);
        largest = select(largest, v, taken);
        place = select(place, i * width + column, taken);
      }
    }
    store(largest, y, output + j, n);
    store_ints(place, places, output + j, n);
  }
}

// Adds each gradient to the element in its place, in order; to 0, or to what is there. The id is a
// plane; size and output_size are the elements of a plane of dx and of dy.
__kernel void max_pool_backward(
    TENSOR(dy),
    INTEGERS(places),
    TENSOR(dx),
    ulong planes,
    int size,
    ulong output_size,
    int accumulate,
    FAULT) {
  OPEN(dy);
  OPEN_INTEGERS(places);
  OPEN(dx);
  ulong plane = get_global_id(0);
  if (plane >= planes) {
    return;
  }
  dx += plane * size;
  if (!accumulate) {
    FOR_ROW(i, n, size) {
      store(ALL(0.0f), dx, i, n);
    }
  }
  for (ulong i = plane * output_size; i < (plane + 1) * output_size; i++) {
    if (places[i] != -1) {
      int place = checked(places[i], size, i, fault, step);
      if (size > 0) { // there is an element that stands for a faulty one
        dx[place] += dy[i];
      }
    }
  }
}

// Elements, along an axis, of windows whose first elements are these, without those in the padding.
inline ints count_inside(ints first, int extent, int size) {
  ints none = ALL_INTS(0);
  return max(min(first + extent, ALL_INTS(size)) - max(first, none), none);
}

// Elements of the windows whose first elements are in a row and these columns.
inline floats count_elements(
    int row,
    ints columns,
    int kernel_height,
    int kernel_width,
    int height,
    int width,
    int count_padding) {
  return count_padding ? ALL(kernel_height * kernel_width)
                       : convert_float16(count_inside(ALL_INTS(row), kernel_height, height) *
                                         count_inside(columns, kernel_width, width));
}

// The sum of each window, from 0 and in order, divided by the number of its elements. The ids are a
// row of y, and a plane.
__kernel void average_pool(TENSOR(x), TENSOR(y), WINDOW, ulong planes, int count_padding) {
  OPEN(x);
  OPEN(y);
  int row = get_global_id(0);
  ulong plane = get_global_id(1);
  if (row >= output_height || plane >= planes) {
    return;
  }
  ulong size = planes * height * width;
  ulong output = (plane * output_height + row) * output_width;
  int top = row * stride_height - padding_height;
  FOR_ROW(j, n, output_width) {
    int left = j * stride_width - padding_width;
    floats sum = ALL(0.0f);
    for (int i = max(top, 0); i < min(top + kernel_height, height); i++) {
      ulong start = (plane * height + i) * width;
      for (int l = 0; l < kernel_width; l++) {
        sum += load_columns(x, size, start, left + l, stride_width, width);
      }
    }
    floats count = count_elements(top, columns_of(left, stride_width), kernel_height, kernel_width,
                                  height, width, count_padding);
    store(sum / count, y, output + j, n);
  }
}

// The mean of whole planes, whose sums have an order of their own. The id is a plane of so many
// elements.
__kernel void average_planes(TENSOR(x), TENSOR(y), ulong planes, ulong size) {
  OPEN(x);
  OPEN(y);
  ulong plane = get_global_id(0);
  if (plane < planes) {
    y[plane] = sum_plane(x + plane * size, size) / size;
  }
}

// The first of the windows of `extent` elements that have an element, counted from the padding's
// first; it is negative if there would be windows before window 0.
inline int first_window(int element, int extent, int stride) {
  int start = element - extent + 1;
  return start > 0 ? (start - 1) / stride + 1 : start / stride;
}

// Adds to each element the gradients, divided by the number of their windows' elements, of all
// windows that it is in, in order; to 0, or to what is there. Columns that are a stride apart are
// together, as their windows are neighbours. The ids are a row of dx, a plane, and the first of
// such columns.
__kernel void average_pool_backward(
    TENSOR(dy), TENSOR(dx), WINDOW, ulong planes, int count_padding, int accumulate) {
  OPEN(dy);
  OPEN(dx);
  int row = get_global_id(0);
  ulong plane = get_global_id(1);
  int column = get_global_id(2);
  if (row >= height || plane >= planes || column >= min(stride_width, width)) {
    return;
  }
  ulong size = planes * output_height * output_width;
  dx += (plane * height + row) * width + column;
  int bottom = row + padding_height;
  int first_i = max(first_window(bottom, kernel_height, stride_height), 0);
  int last_i = min(bottom / stride_height, output_height - 1);
  FOR_ROW(v, n, (width - 1 - column) / stride_width + 1) {
    int right = column + (int)v * stride_width + padding_width; // of the first lane, as the next
    int first_j = max(first_window(right, kernel_width, stride_width), 1 - LANES);
    int last_j = min(right / stride_width, output_width - 1);
    floats sum = accumulate ? load_steps(dx + v * stride_width, n, stride_width) : ALL(0.0f);
    for (int i = first_i; i <= last_i; i++) {
      ulong start = (plane * output_height + i) * output_width;
      int top = i * stride_height - padding_height;
      for (int j = first_j; j <= last_j; j++) {
        ints left = columns_of(j * stride_width - padding_width, stride_width);
        floats count =
            count_elements(top, left, kernel_height, kernel_width, height, width, count_padding);
        floats share = load_columns(dy, size, start, j, 1, output_width) / count;
        sum = select(sum, sum + share, is_inside(columns_of(j, 1), output_width));
      }
    }
    store_steps(sum, dx + v * stride_width, n, stride_width);
  }
}

#include "epilogue.cl"
#include "transpose.cl"
#include "window.cl"

// Options: DEPTH_BLOCK products are summed, from 0 and in order, before the sum is added to those
// of the blocks before. RESULTS vectors of results have something in common, so that a work item
// computes them together: what it loads, it multiplies by a number for each.
//
// Planes and weights come in groups; `channels` and `filters` are those of a group.

#define FOR_RESULTS(r) _Pragma("unroll") for (uint r = 0; r < RESULTS; r++)

// Adds the sums of a block to those before, and begins the next.
inline void end_block(floats sum[RESULTS], floats total[RESULTS], int is_first) {
  FOR_RESULTS(r) {
    total[r] = is_first ? sum[r] : total[r] + sum[r];
    sum[r] = ALL(0.0f);
  }
}

inline void clear(floats v[RESULTS]) {
  FOR_RESULTS(r) {
    v[r] = ALL(0.0f);
  }
}

// y = function(weight * x + bias). The ids are vectors of a row of y; a row, and RESULTS filters of a group;
// and an image.
__kernel void convolve(
    TENSOR(x),
    TENSOR(weight),
    TENSOR(bias),
    TENSOR(y),
    WINDOW,
    ulong images,
    int groups,
    int channels,
    int filters,
    int has_bias,
    int relu) {
  OPEN(x);
  OPEN(weight);
  OPEN(bias);
  OPEN(y);
  int row = get_global_id(1) % output_height;
  uint blocks = (filters + RESULTS - 1) / RESULTS;
  uint block = get_global_id(1) / output_height;
  int group = block / blocks;
  int f = block % blocks * RESULTS;
  ulong image = get_global_id(2);
  if (group >= groups || image >= images) {
    return;
  }
  uint count = min(filters - f, RESULTS);
  ulong plane = (ulong)height * width;
  ulong output_plane = (ulong)output_height * output_width;
  ulong depth = (ulong)channels * kernel_height * kernel_width;
  ulong size = images * groups * channels * plane;
  ulong input = (image * groups + group) * channels * plane;
  ulong filter = (ulong)group * filters + f;
  weight += filter * depth;
  bias += filter;
  y += (image * groups * filters + filter) * output_plane + (ulong)row * output_width;
  FOR_VECTORS(j, n, output_width) {
    floats sum[RESULTS], total[RESULTS];
    clear(sum);
    clear(total);
    ulong t = 0; // the element of the filters
    for (int c = 0; c < channels; c++) {
      for (int k = 0; k < kernel_height; k++) {
        int i = row * stride_height + k * dilation_height - padding_height;
        for (int l = 0; l < kernel_width; l++) {
          int first = (int)j * stride_width + l * dilation_width - padding_width;
          floats v =
              load_pixels(x, size, input + c * plane, i, first, stride_width, height, width);
          FOR_RESULTS(r) {
            sum[r] = fma(ALL(weight[min(r, count - 1) * depth + t]), v, sum[r]);
          }
          if (++t % DEPTH_BLOCK == 0 || t == depth) {
            end_block(sum, total, t <= DEPTH_BLOCK);
          }
        }
      }
    }
    for (uint r = 0; r < count; r++) {
      floats value = has_bias ? total[r] + ALL(bias[r]) : total[r];
      store(apply_function(value, relu), y + r * output_plane, j, n);
    }
  }
}

// To 0, or to what is there, each window that has an element of x adds what the gradients of all
// filters give there, the windows in order. Columns that are a stride apart are together, as their
// windows are neighbours. The ids are vectors of such columns; a row of dx, the first column, and
// RESULTS channels of a group; and an image.
__kernel void input_gradient(
    TENSOR(dy),
    TENSOR(weight),
    TENSOR(dx),
    WINDOW,
    ulong images,
    int groups,
    int channels,
    int filters,
    int accumulate) {
  OPEN(dy);
  OPEN(weight);
  OPEN(dx);
  int row = get_global_id(1) % height;
  int columns = min(stride_width, width);
  int column = get_global_id(1) / height % columns;
  uint blocks = (channels + RESULTS - 1) / RESULTS;
  uint block = get_global_id(1) / height / columns;
  int group = block / blocks;
  int c = block % blocks * RESULTS;
  ulong image = get_global_id(2);
  if (group >= groups || image >= images) {
    return;
  }
  uint count = min(channels - c, RESULTS);
  ulong plane = (ulong)height * width;
  ulong output_plane = (ulong)output_height * output_width;
  ulong window = (ulong)kernel_height * kernel_width;
  ulong depth = channels * window;
  ulong size = images * groups * filters * output_plane;
  ulong output = (image * groups + group) * filters * output_plane;
  weight += group * filters * depth + c * window;
  dx += ((image * groups + group) * channels + c) * plane + (ulong)row * width;
  FOR_VECTORS(v, n, (width - 1 - column) / stride_width + 1) {
    ulong j = column + v * stride_width;
    floats value[RESULTS];
    FOR_RESULTS(r) {
      value[r] = accumulate && r < count ? load_steps(dx + r * plane + j, n, stride_width)
                                         : ALL(0.0f);
    }
    for (int k = kernel_height - 1; k >= 0; k--) { // the windows' rows, from the first on
      int top = row - k * dilation_height + padding_height;
      int i = top / stride_height;
      if (i < 0 || i >= output_height || i * stride_height != top) {
        continue;
      }
      for (int l = kernel_width - 1; l >= 0; l--) {
        int left = (int)j - l * dilation_width + padding_width;
        int first = left / stride_width;
        if (first * stride_width != left) {
          continue;
        }
        floats sum[RESULTS], total[RESULTS];
        clear(sum);
        clear(total);
        for (int f = 0; f < filters; f++) {
          floats gradient = load_columns(
              dy, size, output + f * output_plane + i * output_width, first, 1, output_width);
          ulong t = f * depth + k * kernel_width + l;
          FOR_RESULTS(r) {
            sum[r] = fma(ALL(weight[min(r, count - 1) * window + t]), gradient, sum[r]);
          }
          if ((f + 1) % DEPTH_BLOCK == 0 || f + 1 == filters) {
            end_block(sum, total, f < DEPTH_BLOCK);
          }
        }
        ints has_window = is_inside(columns_of(first, 1), output_width);
        FOR_RESULTS(r) {
          value[r] = select(value[r], value[r] + total[r], has_window);
        }
      }
    }
    for (uint r = 0; r < count; r++) {
      store_steps(value[r], dx + r * plane + j, n, stride_width);
    }
  }
}

// Sums of the products that make the gradients of weights, over blocks of DEPTH_BLOCK pixels of the
// batch's output from first_block on; sums is [blocks, all weights], where the first is block
// `place`. The ids are RESULTS elements of filters; 16 filters of a group, which are the lanes; and
// a block.
__kernel void weight_sums(
    TENSOR(x),
    TENSOR(dy),
    TENSOR(sums),
    WINDOW,
    ulong images,
    int groups,
    int channels,
    int filters,
    ulong first_block,
    ulong blocks,
    int place) {
  OPEN(x);
  OPEN(dy);
  OPEN(sums);
  ulong window = (ulong)kernel_height * kernel_width;
  ulong depth = channels * window;
  ulong t = get_global_id(0) * RESULTS;
  uint vectors = (filters + LANES - 1) / LANES;
  int group = get_global_id(1) / vectors;
  int f = get_global_id(1) % vectors * LANES;
  ulong block = get_global_id(2);
  if (t >= depth || group >= groups || block >= blocks) {
    return;
  }
  ulong plane = (ulong)height * width;
  ulong output_plane = (ulong)output_height * output_width;
  ulong size = images * groups * channels * plane;
  ulong output_size = images * groups * filters * output_plane;
  floats sum[RESULTS];
  clear(sum);
  ulong n;
  ulong p = (first_block + block) * DEPTH_BLOCK;
  ulong end = min(p + DEPTH_BLOCK, images * output_plane);
  for (; p < end; p += n) { // neighbours in a row
    ulong image = p / output_plane;
    int pixel = p % output_plane;
    int row = pixel / output_width;
    int column = pixel % output_width;
    n = min(min((ulong)LANES, end - p), (ulong)(output_width - column));
    floats gradient[LANES]; // [pixels][filters]
#pragma unroll
    for (int k = 0; k < LANES; k++) {
      ulong filter = (image * groups + group) * filters + min(f + k, filters - 1);
      ulong at = filter * output_plane + pixel;
      gradient[k] = load(dy, at, at + LANES <= output_size ? LANES : n);
    }
    transpose(gradient);
    float input[RESULTS][LANES];
    FOR_RESULTS(r) {
      ulong element = min(t + r, depth - 1);
      ulong channel = (image * groups + group) * channels + element / window;
      int k = element % window / kernel_width;
      int l = element % window % kernel_width;
      int i = row * stride_height + k * dilation_height - padding_height;
      int first = column * stride_width + l * dilation_width - padding_width;
      floats v = load_pixels(x, size, channel * plane, i, first, stride_width, height, width);
      vstore16(v, 0, input[r]);
    }
    for (uint q = 0; q < n; q++) {
      FOR_RESULTS(r) {
        sum[r] = fma(ALL(input[r][q]), gradient[q], sum[r]);
      }
    }
  }
  sums += (((place + block) * groups + group) * filters + f) * depth + t;
  for (uint r = 0; r < min(depth - t, (ulong)RESULTS); r++) {
    store_steps(sum[r], sums + r, min(filters - f, LANES), depth);
  }
}

// Adds the sums of blocks in order, to the first of them. The id is a vector of the weights.
__kernel void add_sums(TENSOR(sums), ulong blocks, TENSOR(total), int accumulate, ulong count) {
  OPEN(sums);
  OPEN(total);
  FOR_VECTORS(i, n, count) {
    floats v = load(sums, i, n);
    for (ulong b = 1; b < blocks; b++) {
      v += load(sums, b * count + i, n);
    }
    store(accumulate ? load(total, i, n) + v : v, total, i, n);
  }
}

// Gradients of the weights of a convolution whose groups have one channel and one filter. In each
// image a product belongs to the lane of its output column. The ids are an element of a filter, and
// a filter.
__kernel void depthwise_weight_gradient(
    TENSOR(x), TENSOR(dy), TENSOR(dweight), WINDOW, ulong images, int filters, int accumulate) {
  OPEN(x);
  OPEN(dy);
  OPEN(dweight);
  int t = get_global_id(0);
  int f = get_global_id(1);
  if (t >= kernel_height * kernel_width || f >= filters) {
    return;
  }
  int top = t / kernel_width * dilation_height - padding_height;
  int left = t % kernel_width * dilation_width - padding_width;
  ulong size = images * filters * height * width;
  float value = 0.0f;
  for (ulong image = 0; image < images; image++) {
    ulong plane = image * filters + f;
    floats sum = ALL(0.0f);
    for (int row = 0; row < output_height; row++) {
      int i = row * stride_height + top;
      ulong output = (plane * output_height + row) * output_width;
      FOR_ROW(j, n, output_width) {
        int first = (int)j * stride_width + left;
        floats v =
            load_pixels(x, size, plane * height * width, i, first, stride_width, height, width);
        sum = select(sum, fma(v, load(dy, output + j, n), sum), LANE < ALL_INTS(n));
      }
    }
    value += sum_lanes(sum);
  }
  ulong at = (ulong)f * kernel_height * kernel_width + t;
  dweight[at] = accumulate ? dweight[at] + value : value;
}

// Normalization and its gradients. z is a normalized element, rstd the reciprocal of the deviation.

#include "rows.cl"

// What rounding took from a + b, exactly (Knuth, TAOCP 2, 4.2.2).
static inline floats rest_of_sum(floats a, floats b) {
  floats sum = a + b;
  floats added = sum - a;
  return (a - (sum - added)) + (b - added);
}

// ---- Rows ---------------------------------------------------------------------------------------

// The statistics of a row. Differences to its first element are summed, so that an offset does not
// matter; the mean is kept as a sum, mean + rest.
static inline void row_statistics(
    __global const float *x, ulong columns, float epsilon,
    __global float *row_mean, float *row_rest, __global float *row_rstd) {
  float first = columns == 0 ? 0.0f : x[0];
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    lanes = updated(lanes, lanes + (load(x, i, n) - first), n);
  }
  float shift = sum_lanes(lanes) / columns;
  float mean = first + shift;
  float rest = rest_of_sum(ALL(first), ALL(shift)).s0;
  lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    floats difference = load(x, i, n) - mean - rest;
    lanes = updated(lanes, fma(difference, difference, lanes), n);
  }
  *row_mean = mean;
  *row_rest = rest;
  *row_rstd = 1 / sqrt(sum_lanes(lanes) / columns + epsilon);
}

// y = (x − mean) · rstd · weight + bias. An id is a row.
__kernel void layer_norm(
    TENSOR(x), TENSOR(weight), TENSOR(bias), TENSOR(y), TENSOR(means), TENSOR(rstds),
    ulong rows, ulong columns, float epsilon) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(bias);
  OPEN(y);
  OPEN(means);
  OPEN(rstds);
  x += row * columns;
  y += row * columns;
  float rest;
  row_statistics(x, columns, epsilon, &means[row], &rest, &rstds[row]);
  float mean = means[row];
  float rstd = rstds[row];
  float offset = -rest * rstd;
  FOR_ROW(i, n, columns) {
    floats z = fma(load(x, i, n) - mean, ALL(rstd), ALL(offset));
    store(fma(z, load(weight, i, n), load(bias, i, n)), y, i, n);
  }
}

// y = x · rstd · weight. An id is a row.
__kernel void rms_norm(
    TENSOR(x), TENSOR(weight), TENSOR(y), TENSOR(rstds), ulong rows, ulong columns, float epsilon) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(y);
  OPEN(rstds);
  x += row * columns;
  y += row * columns;
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    floats value = load(x, i, n);
    lanes = fma(value, value, lanes);
  }
  float rstd = 1 / sqrt(sum_lanes(lanes) / columns + epsilon);
  FOR_ROW(i, n, columns) {
    store(load(x, i, n) * rstd * load(weight, i, n), y, i, n);
  }
  rstds[row] = rstd;
}

// dx = g · rstd + shift − (x − mean) · slope with g = dy · weight, in a row.
static inline void row_gradient(
    __global const float *x, __global const float *weight, __global const float *dy,
    __global float *dx, ulong columns, float mean, float rstd, float slope, float shift,
    int accumulate) {
  FOR_ROW(i, n, columns) {
    floats g = load(dy, i, n) * load(weight, i, n);
    floats gradient = fma(load(x, i, n) - mean, ALL(-slope), fma(g, ALL(rstd), ALL(shift)));
    store_or_add(gradient, accumulate, dx, i, n);
  }
}

// dx = rstd · (g − mean of g − z · mean of g · z) with g = dy · weight. What rounding took from the
// mean of x is found again. An id is a row.
__kernel void layer_norm_backward(
    TENSOR(x), TENSOR(weight), TENSOR(means), TENSOR(rstds), TENSOR(dy), TENSOR(dx),
    ulong rows, ulong columns, int accumulate) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(means);
  OPEN(rstds);
  OPEN(dy);
  OPEN(dx);
  x += row * columns;
  dy += row * columns;
  float mean = means[row];
  float rstd = rstds[row];
  floats differences = ALL(0.0f);
  floats gradients = ALL(0.0f);
  floats products = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    floats difference = load(x, i, n) - mean;
    floats g = load(dy, i, n) * load(weight, i, n);
    differences = updated(differences, differences + difference, n);
    gradients += g;
    products = updated(products, fma(g, difference, products), n);
  }
  float rest = sum_lanes(differences) / columns;
  float sum = sum_lanes(gradients);
  float slope = (sum_lanes(products) - rest * sum) / columns * rstd * rstd * rstd;
  float shift = fma(rest, slope, -rstd * (sum / columns));
  row_gradient(x, weight, dy, dx + row * columns, columns, mean, rstd, slope, shift, accumulate);
}

// dx = rstd · (g − z · mean of g · z) with g = dy · weight. An id is a row.
__kernel void rms_norm_backward(
    TENSOR(x), TENSOR(weight), TENSOR(rstds), TENSOR(dy), TENSOR(dx),
    ulong rows, ulong columns, int accumulate) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(rstds);
  OPEN(dy);
  OPEN(dx);
  x += row * columns;
  dy += row * columns;
  float rstd = rstds[row];
  floats products = ALL(0.0f);
  FOR_ROW(i, n, columns) {
    floats g = load(dy, i, n) * load(weight, i, n);
    products = updated(products, fma(g, load(x, i, n), products), n);
  }
  float slope = sum_lanes(products) / columns * rstd * rstd * rstd;
  row_gradient(x, weight, dy, dx + row * columns, columns, 0.0f, rstd, slope, 0.0f, accumulate);
}

// Rows over which a parameter's gradient is summed before that is added to the rest.
#define ROW_BLOCK 128

// dWeight = Σ dy · z and dBias = Σ dy over the rows. An id is 16 columns.
__kernel void layer_norm_parameters(
    TENSOR(x), TENSOR(means), TENSOR(rstds), TENSOR(dy), TENSOR(d_weight), TENSOR(d_bias),
    ulong rows, ulong columns, int accumulate_weight, int accumulate_bias) {
  ulong column = get_global_id(0) * LANES;
  if (column >= columns) {
    return;
  }
  OPEN(x);
  OPEN(means);
  OPEN(rstds);
  OPEN(dy);
  OPEN(d_weight);
  OPEN(d_bias);
  ulong n = min(columns - column, (ulong)LANES);
  floats weight_sum = accumulate_weight ? load(d_weight, column, n) : ALL(0.0f);
  floats bias_sum = accumulate_bias ? load(d_bias, column, n) : ALL(0.0f);
  for (ulong block = 0; block < rows; block += ROW_BLOCK) {
    floats weight_block = ALL(0.0f);
    floats bias_block = ALL(0.0f);
    for (ulong i = block; i < min(rows, block + ROW_BLOCK); i++) {
      floats difference = load(x, i * columns + column, n) - means[i];
      floats g = load(dy, i * columns + column, n);
      weight_block = fma(difference * rstds[i], g, weight_block);
      bias_block += g;
    }
    weight_sum += weight_block;
    bias_sum += bias_block;
  }
  store(weight_sum, d_weight, column, n);
  store(bias_sum, d_bias, column, n);
}

// dWeight = Σ dy · z over the rows. An id is 16 columns.
__kernel void rms_norm_parameters(
    TENSOR(x), TENSOR(rstds), TENSOR(dy), TENSOR(d_weight),
    ulong rows, ulong columns, int accumulate) {
  ulong column = get_global_id(0) * LANES;
  if (column >= columns) {
    return;
  }
  OPEN(x);
  OPEN(rstds);
  OPEN(dy);
  OPEN(d_weight);
  ulong n = min(columns - column, (ulong)LANES);
  floats sum = accumulate ? load(d_weight, column, n) : ALL(0.0f);
  for (ulong block = 0; block < rows; block += ROW_BLOCK) {
    floats block_sum = ALL(0.0f);
    for (ulong i = block; i < min(rows, block + ROW_BLOCK); i++) {
      floats z = load(x, i * columns + column, n) * rstds[i];
      block_sum = fma(z, load(dy, i * columns + column, n), block_sum);
    }
    sum += block_sum;
  }
  store(sum, d_weight, column, n);
}

// ---- Channels -----------------------------------------------------------------------------------

// x is [batch, channels, spatial]. A work item takes one channel, or 16 where runs of a channel are
// single elements, so that channels lie together. Then all vectors hold a value of each, and only
// the first ones count elsewhere.
#define ITEM_CHANNELS(spatial) ((spatial) == 1 ? LANES : 1)

// Elements that a lane of a sum adds before it is added to the total.
#define LANE_ELEMENTS 256

// What is summed: x − a − b, its square, or its product with y.
#define DIFFERENCES 0
#define SQUARES 1
#define PRODUCTS 2

static inline floats add_term(
    int term, __global const float *x, __global const float *y, floats a, floats b,
    ulong i, ulong n, floats sum) {
  floats difference = load(x, i, n) - a - b;
  floats factor =
      term == DIFFERENCES ? ALL(1.0f) : term == SQUARES ? difference : load(y, i, n);
  return updated(sum, fma(difference, factor, sum), n);
}

// The sums over channels c to c + n, in the order of images. Element j of a run belongs to lane
// j mod 16. Before a lane gets more than LANE_ELEMENTS elements, the lanes are added to the total
// and begin at 0 again; if runs are single elements, there is but one lane.
static inline floats channel_sums(
    int term, __global const float *x, __global const float *y, floats a, floats b,
    ulong c, ulong n, ulong batch, ulong channels, ulong spatial) {
  floats total = ALL(0.0f);
  if (spatial == 1) {
    for (ulong block = 0; block < batch; block += LANE_ELEMENTS) {
      floats sum = ALL(0.0f);
      for (ulong image = block; image < min(batch, block + LANE_ELEMENTS); image++) {
        sum = add_term(term, x, y, a, b, image * channels + c, n, sum);
      }
      total += sum;
    }
    return total;
  }
  floats lanes = ALL(0.0f);
  ulong in_lane = 0;
  for (ulong image = 0; image < batch; image++) {
    ulong run = (image * channels + c) * spatial;
    for (ulong from = 0; from < spatial; from += LANE_ELEMENTS * LANES) {
      ulong count = min(spatial - from, (ulong)(LANE_ELEMENTS * LANES));
      ulong more = (count + (LANES - 1)) / LANES;
      if (in_lane + more > LANE_ELEMENTS) {
        total += sum_lanes(lanes);
        lanes = ALL(0.0f);
        in_lane = 0;
      }
      in_lane += more;
      FOR_ROW(i, m, count) {
        lanes = add_term(term, x, y, a, b, run + from + i, m, lanes);
      }
    }
  }
  return total + sum_lanes(lanes);
}

// A running statistic after another value: (1 − momentum) · running + momentum · value.
static inline floats moved(floats running, floats value, float momentum) {
  return fma(ALL(momentum), value, (1 - momentum) * running);
}

// The statistics of channels, and what x − mean is multiplied by and what is added to make y.
// Differences to a channel's first element are summed, so that an offset does not matter; the mean
// is kept as a sum, mean + rest. An id is ITEM_CHANNELS.
__kernel void batch_norm_training(
    TENSOR(x), TENSOR(weight), TENSOR(bias), TENSOR(running_means), TENSOR(running_variances),
    TENSOR(rstds), TENSOR(means), TENSOR(new_running_means), TENSOR(new_running_variances),
    TENSOR(scales), TENSOR(shifts),
    ulong batch, ulong channels, ulong spatial, float epsilon, float momentum) {
  ulong c = get_global_id(0) * ITEM_CHANNELS(spatial);
  if (c >= channels) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(bias);
  OPEN(running_means);
  OPEN(running_variances);
  OPEN(rstds);
  OPEN(means);
  OPEN(new_running_means);
  OPEN(new_running_variances);
  OPEN(scales);
  OPEN(shifts);
  ulong n = min(channels - c, (ulong)ITEM_CHANNELS(spatial));
  float count = (float)batch * (float)spatial;
  floats first = spatial == 1 ? load(x, c, n) : ALL(x[c * spatial]);
  floats shift =
      channel_sums(DIFFERENCES, x, x, first, ALL(0.0f), c, n, batch, channels, spatial) / count;
  floats mean = first + shift;
  floats rest = rest_of_sum(first, shift);
  floats squares = channel_sums(SQUARES, x, x, mean, rest, c, n, batch, channels, spatial);
  floats rstd = 1 / sqrt(squares / count + epsilon);
  floats scale = rstd * load(weight, c, n);
  store(mean, means, c, n);
  store(rstd, rstds, c, n);
  store(moved(load(running_means, c, n), mean, momentum), new_running_means, c, n);
  floats variance = squares / (count - 1);
  store(moved(load(running_variances, c, n), variance, momentum), new_running_variances, c, n);
  store(scale, scales, c, n);
  store(fma(-rest, scale, load(bias, c, n)), shifts, c, n);
}

// The same from running statistics; what is added is the bias. An id is 16 channels.
__kernel void batch_norm_evaluation(
    TENSOR(weight), TENSOR(running_variances), TENSOR(rstds), TENSOR(scales),
    ulong channels, float epsilon) {
  OPEN(weight);
  OPEN(running_variances);
  OPEN(rstds);
  OPEN(scales);
  FOR_VECTORS(c, n, channels) {
    floats rstd = 1 / sqrt(load(running_variances, c, n) + epsilon);
    store(rstd, rstds, c, n);
    store(rstd * load(weight, c, n), scales, c, n);
  }
}

// Where something is added to one of two gradients, the other one is added to 0.
static inline void store_gradient(
    floats gradient, int accumulate, int add, __global float *x, ulong c, ulong n) {
  floats old = accumulate ? load(x, c, n) : ALL(0.0f);
  store(add ? old + gradient : gradient, x, c, n);
}

// The gradients of weight and bias, and the factors of the gradient of x. An id is ITEM_CHANNELS.
__kernel void batch_norm_parameters(
    TENSOR(x), TENSOR(weight), TENSOR(means), TENSOR(rstds), TENSOR(dy),
    TENSOR(d_weight), TENSOR(d_bias), TENSOR(scales), TENSOR(slopes), TENSOR(shifts),
    ulong batch, ulong channels, ulong spatial,
    int training, int accumulate_weight, int accumulate_bias) {
  ulong c = get_global_id(0) * ITEM_CHANNELS(spatial);
  if (c >= channels) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(means);
  OPEN(rstds);
  OPEN(dy);
  OPEN(d_weight);
  OPEN(d_bias);
  OPEN(scales);
  OPEN(slopes);
  OPEN(shifts);
  ulong n = min(channels - c, (ulong)ITEM_CHANNELS(spatial));
  float count = (float)batch * (float)spatial;
  floats zero = ALL(0.0f);
  floats mean = load(means, c, n);
  mean = spatial == 1 ? mean : ALL(mean.s0);
  floats rstd = load(rstds, c, n);
  floats gradients = channel_sums(DIFFERENCES, dy, dy, zero, zero, c, n, batch, channels, spatial);
  floats product = channel_sums(PRODUCTS, x, dy, mean, zero, c, n, batch, channels, spatial);
  floats rest = zero;
  if (training) { // what rounding took from the mean
    rest = channel_sums(DIFFERENCES, x, x, mean, zero, c, n, batch, channels, spatial) / count;
  }
  product -= rest * gradients;
  int add = accumulate_weight || accumulate_bias;
  store_gradient(gradients, accumulate_bias, add, d_bias, c, n);
  store_gradient(product * rstd, accumulate_weight, add, d_weight, c, n);
  floats scale = load(weight, c, n) * rstd;
  floats slope = training ? product / count * rstd * rstd * scale : zero;
  floats shift = training ? fma(rest, slope, -scale * (gradients / count)) : zero;
  store(scale, scales, c, n);
  store(slope, slopes, c, n);
  store(shift, shifts, c, n);
}

// What the channels of elements i to i + n have of p.
static inline floats of_channels(
    __global const float *p, ulong channels, ulong spatial, ulong i, ulong n) {
  ulong run = i / spatial;
  ulong in_run = i % spatial;
  ulong c = run % channels;
  if (in_run + n <= spatial) {
    return ALL(p[c]);
  }
  if (spatial == 1 && c + n <= channels) {
    return load(p, c, n);
  }
  float part[LANES] = {0.0f};
  for (uint k = 0; k < n; k++) {
    part[k] = p[c];
    if (++in_run == spatial) {
      in_run = 0;
      c = c + 1 == channels ? 0 : c + 1;
    }
  }
  return vload16(0, part);
}

// y = (x − mean) · scale + shift
__kernel void batch_norm(
    TENSOR(x), TENSOR(means), TENSOR(scales), TENSOR(shifts), TENSOR(y),
    ulong count, ulong channels, ulong spatial) {
  OPEN(x);
  OPEN(means);
  OPEN(scales);
  OPEN(shifts);
  OPEN(y);
  FOR_VECTORS(i, n, count) {
    floats difference = load(x, i, n) - of_channels(means, channels, spatial, i, n);
    floats scale = of_channels(scales, channels, spatial, i, n);
    store(fma(difference, scale, of_channels(shifts, channels, spatial, i, n)), y, i, n);
  }
}

// dx = dy · scale + shift − (x − mean) · slope
__kernel void batch_norm_backward(
    TENSOR(x), TENSOR(means), TENSOR(scales), TENSOR(slopes), TENSOR(shifts), TENSOR(dy),
    TENSOR(dx), ulong count, ulong channels, ulong spatial, int accumulate) {
  OPEN(x);
  OPEN(means);
  OPEN(scales);
  OPEN(slopes);
  OPEN(shifts);
  OPEN(dy);
  OPEN(dx);
  FOR_VECTORS(i, n, count) {
    floats difference = load(x, i, n) - of_channels(means, channels, spatial, i, n);
    floats scale = of_channels(scales, channels, spatial, i, n);
    floats slope = of_channels(slopes, channels, spatial, i, n);
    floats shift = of_channels(shifts, channels, spatial, i, n);
    floats gradient = fma(difference, -slope, fma(load(dy, i, n), scale, shift));
    store_or_add(gradient, accumulate, dx, i, n);
  }
}

// ---- Groups -------------------------------------------------------------------------------------

// x is [batch, channels, spatial], and a row the channels of a group of a sample. Runs of spatial
// elements get factors of their own, with which batch_norm and batch_norm_backward do the rest, as
// if each run were a channel of one sample.

// The statistics of rows, and of each run the mean, what x − mean is multiplied by, and what is
// added to make y. As in layer_norm. An id is a row.
__kernel void group_norm_statistics(
    TENSOR(x), TENSOR(weight), TENSOR(bias), TENSOR(means), TENSOR(rstds),
    TENSOR(run_means), TENSOR(scales), TENSOR(shifts),
    ulong rows, ulong groups, ulong channels, ulong spatial, float epsilon) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(bias);
  OPEN(means);
  OPEN(rstds);
  OPEN(run_means);
  OPEN(scales);
  OPEN(shifts);
  ulong runs = channels / groups;
  ulong columns = runs * spatial;
  float rest;
  row_statistics(x + row * columns, columns, epsilon, &means[row], &rest, &rstds[row]);
  for (ulong run = row * runs; run < (row + 1) * runs; run++) {
    float scale = rstds[row] * weight[run % channels];
    run_means[run] = means[row];
    scales[run] = scale;
    shifts[run] = fma(-rest, scale, bias[run % channels]);
  }
}

// The sums of x − mean, dy, and their products in a run.
static inline void run_sums(
    __global const float *x, float mean, __global const float *dy, ulong spatial,
    float *difference_sum, float *gradient_sum, float *product_sum) {
  floats differences = ALL(0.0f);
  floats gradients = ALL(0.0f);
  floats products = ALL(0.0f);
  FOR_ROW(i, n, spatial) {
    floats difference = load(x, i, n) - mean;
    floats g = load(dy, i, n);
    differences = updated(differences, differences + difference, n);
    gradients += g;
    products = updated(products, fma(difference, g, products), n);
  }
  *difference_sum = sum_lanes(differences);
  *gradient_sum = sum_lanes(gradients);
  *product_sum = sum_lanes(products);
}

// The mean of each run and the factors of the gradient of x. As in layer_norm_backward. An id is a
// row.
__kernel void group_norm_factors(
    TENSOR(x), TENSOR(weight), TENSOR(means), TENSOR(rstds), TENSOR(dy),
    TENSOR(run_means), TENSOR(scales), TENSOR(slopes), TENSOR(shifts),
    ulong rows, ulong groups, ulong channels, ulong spatial) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(x);
  OPEN(weight);
  OPEN(means);
  OPEN(rstds);
  OPEN(dy);
  OPEN(run_means);
  OPEN(scales);
  OPEN(slopes);
  OPEN(shifts);
  ulong runs = channels / groups;
  ulong columns = runs * spatial;
  float mean = means[row];
  float rstd = rstds[row];
  float differences = 0;
  float gradients = 0;
  float products = 0;
  for (ulong run = row * runs; run < (row + 1) * runs; run++) {
    float w = weight[run % channels];
    float difference_sum;
    float gradient_sum;
    float product_sum;
    run_sums(x + run * spatial, mean, dy + run * spatial, spatial,
        &difference_sum, &gradient_sum, &product_sum);
    differences += difference_sum;
    gradients = fma(gradient_sum, w, gradients);
    products = fma(product_sum, w, products);
  }
  float rest = differences / columns;
  float slope = (products - rest * gradients) / columns * rstd * rstd * rstd;
  float shift = fma(rest, slope, -rstd * (gradients / columns));
  for (ulong run = row * runs; run < (row + 1) * runs; run++) {
    run_means[run] = mean;
    scales[run] = weight[run % channels] * rstd;
    slopes[run] = slope;
    shifts[run] = shift;
  }
}

// dWeight = Σ dy · z and dBias = Σ dy over samples and runs. An id is a channel.
__kernel void group_norm_parameters(
    TENSOR(x), TENSOR(means), TENSOR(rstds), TENSOR(dy), TENSOR(d_weight), TENSOR(d_bias),
    ulong batch, ulong groups, ulong channels, ulong spatial,
    int accumulate_weight, int accumulate_bias) {
  ulong c = get_global_id(0);
  if (c >= channels) {
    return;
  }
  OPEN(x);
  OPEN(means);
  OPEN(rstds);
  OPEN(dy);
  OPEN(d_weight);
  OPEN(d_bias);
  float weight_sum = accumulate_weight ? d_weight[c] : 0.0f;
  float bias_sum = accumulate_bias ? d_bias[c] : 0.0f;
  for (ulong image = 0; image < batch; image++) {
    ulong row = image * groups + c / (channels / groups);
    ulong run = (image * channels + c) * spatial;
    float difference_sum;
    float gradient_sum;
    float product_sum;
    run_sums(x + run, means[row], dy + run, spatial,
        &difference_sum, &gradient_sum, &product_sum);
    weight_sum = fma(product_sum, rstds[row], weight_sum);
    bias_sum += gradient_sum;
  }
  d_weight[c] = weight_sum;
  d_bias[c] = bias_sum;
}

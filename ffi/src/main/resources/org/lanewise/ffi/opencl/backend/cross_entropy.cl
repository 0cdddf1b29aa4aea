// Softmax cross-entropy and its gradient. The normalizers of a row are its maximum and the sum of
// its exponentials; lse is their log-sum-exp, max + log(sum).

#include "exponentials.cl"

// Whether a row with this label does not count.
static inline int is_ignored(int label, int ignores, int ignored) {
  return ignores && label == ignored;
}

// ---- The mean, where every row counts -----------------------------------------------------------

// An id is a row.
__kernel void row_normalizers(
    TENSOR(logits), TENSOR(normalizers), ulong rows, ulong columns) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN(normalizers);
  logits += row * columns;
  floats shift = row_shift(logits, columns);
  store_normalizers(shift.s0, row_sum_of_exp(logits, columns, shift), normalizers, row);
}

// loss = Σ (log(sum) + (max − logit[label])) / rows, by one item.
__kernel void plain_mean(
    TENSOR(logits), INTEGERS(labels), TENSOR(normalizers), TENSOR(loss), ulong rows, ulong columns,
    FAULT) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(normalizers);
  OPEN(loss);
  double sum = 0;
  for (ulong row = 0; row < rows; row++) {
    int label = checked(labels[row], columns, row, fault, step);
    float log_of_sum = lw_log(ALL(normalizers[2 * row + 1])).s0;
    sum += log_of_sum + ((double)normalizers[2 * row] - logits[row * columns + label]);
  }
  loss[0] = sum / rows;
}

// ---- Any reduction, ignored label and smoothing -------------------------------------------------

// Each row's normalizers and loss, (1 − smoothing) · (lse − logit[label]) + smoothing · (lse − Σ logits /
// columns), or 0 if its label is ignored. An id is a row.
__kernel void row_losses(
    TENSOR(logits), INTEGERS(labels), TENSOR(normalizers), TENSOR(losses), ulong rows, ulong columns,
    int ignores, int ignored, float smoothing, FAULT) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(normalizers);
  OPEN(losses);
  logits += row * columns;
  floats shift = row_shift(logits, columns);
  float sum = row_sum_of_exp(logits, columns, shift);
  float log_of_sum = lw_log(ALL(sum)).s0;
  store_normalizers(shift.s0, sum, normalizers, row);
  if (is_ignored(labels[row], ignores, ignored)) {
    losses[row] = 0.0f;
    return;
  }
  int label = checked(labels[row], columns, row, fault, step);
  float loss = log_of_sum - (logits[label] - shift.s0);
  if (smoothing != 0.0f) {
    floats lanes = ALL(0.0f);
    FOR_ROW(i, n, columns) {
      lanes = updated(lanes, lanes + (load(logits, i, n) - shift), n);
    }
    float uniform = log_of_sum - sum_lanes(lanes) / columns;
    loss = fma(smoothing, uniform, (1.0f - smoothing) * loss);
  }
  losses[row] = loss;
}

// loss = Σ losses, for the mean divided by the number of rows that count; by one item.
__kernel void reduce_losses(
    TENSOR(losses), INTEGERS(labels), TENSOR(loss), ulong rows, int ignores, int ignored,
    int mean) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(losses);
  OPEN_INTEGERS(labels);
  OPEN(loss);
  double sum = 0;
  ulong count = 0;
  for (ulong row = 0; row < rows; row++) {
    sum += losses[row];
    count += !is_ignored(labels[row], ignores, ignored);
  }
  loss[0] = sum / (mean ? (double)count : 1.0);
}

// ---- The gradient -------------------------------------------------------------------------------

// What the gradient of a row is multiplied with: for the mean 1 / the number of rows that count,
// otherwise 1; by one item.
__kernel void gradient_scale(
    INTEGERS(labels), TENSOR(scale), ulong rows, int ignores, int ignored, int mean) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN_INTEGERS(labels);
  OPEN(scale);
  ulong count = 0;
  for (ulong row = 0; row < rows; row++) {
    count += !is_ignored(labels[row], ignores, ignored);
  }
  scale[0] = mean ? 1.0f / count : 1.0f;
}

// dlogits = (exp(logits − max) / sum − (1 − smoothing) · onehot(label) − smoothing / columns) ·
// scale, or 0 if the row's label is ignored; dlogits may be logits. An id is a row.
__kernel void cross_entropy_backward(
    TENSOR(logits), INTEGERS(labels), TENSOR(normalizers), TENSOR(scale), TENSOR(dlogits), ulong rows,
    ulong columns, int ignores, int ignored, float smoothing, FAULT) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(normalizers);
  OPEN(scale);
  OPEN(dlogits);
  logits += row * columns;
  dlogits += row * columns;
  if (is_ignored(labels[row], ignores, ignored)) {
    FOR_ROW(i, n, columns) {
      store(ALL(0.0f), dlogits, i, n);
    }
    return;
  }
  int label = checked(labels[row], columns, row, fault, step);
  float factor = scale[0];
  float uniform = smoothing / columns;
  float max = normalizers[2 * row];
  float inverse = 1 / normalizers[2 * row + 1];
  FOR_ROW(i, n, columns) {
    ints is_label = LANE_NUMBERS == ALL_INTS(label - (int)i);
    floats target = is_label ? ALL((1.0f - smoothing) + uniform) : ALL(uniform);
    floats e = lw_exp(load(logits, i, n) - max);
    store(fma(e, ALL(inverse), -target) * factor, dlogits, i, n);
  }
}

// Softmax cross-entropy and its gradient. lse is a row's log-sum-exp.

#include "exponentials.cl"

// Whether a row with this label does not count.
static inline int is_ignored(int label, int ignores, int ignored) {
  return ignores && label == ignored;
}

// ---- The mean, where every row counts -----------------------------------------------------------

// An id is a row.
__kernel void log_sum_exps(TENSOR(logits), TENSOR(lse), ulong rows, ulong columns) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN(lse);
  logits += row * columns;
  floats shift = row_shift(logits, columns);
  lse[row] = (shift + lw_log(ALL(row_sum_of_exp(logits, columns, shift)))).s0;
}

// loss = Σ (lse − logit[label]) / rows, by one item.
__kernel void plain_mean(
    TENSOR(logits), INTEGERS(labels), TENSOR(lse), TENSOR(loss), ulong rows, ulong columns,
    FAULT) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(lse);
  OPEN(loss);
  double sum = 0;
  for (ulong row = 0; row < rows; row++) {
    int label = checked(labels[row], columns, row, fault, step);
    sum += (double)lse[row] - logits[row * columns + label];
  }
  loss[0] = sum / rows;
}

// ---- Any reduction, ignored label and smoothing -------------------------------------------------

// Each row's lse and loss, (1 − smoothing) · (lse − logit[label]) + smoothing · (lse − Σ logits /
// columns), or 0 if its label is ignored. An id is a row.
__kernel void row_losses(
    TENSOR(logits), INTEGERS(labels), TENSOR(lse), TENSOR(losses), ulong rows, ulong columns,
    int ignores, int ignored, float smoothing, FAULT) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(lse);
  OPEN(losses);
  logits += row * columns;
  floats shift = row_shift(logits, columns);
  float log_of_sum = lw_log(ALL(row_sum_of_exp(logits, columns, shift))).s0;
  lse[row] = shift.s0 + log_of_sum;
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

// dlogits = (exp(logits − lse) − (1 − smoothing) · onehot(label) − smoothing / columns) · scale, or
// 0 if the row's label is ignored; dlogits may be logits. An id is a row.
__kernel void cross_entropy_backward(
    TENSOR(logits), INTEGERS(labels), TENSOR(lse), TENSOR(scale), TENSOR(dlogits), ulong rows,
    ulong columns, int ignores, int ignored, float smoothing, FAULT) {
  ulong row = get_global_id(0);
  if (row >= rows) {
    return;
  }
  OPEN(logits);
  OPEN_INTEGERS(labels);
  OPEN(lse);
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
  FOR_ROW(i, n, columns) {
    ints is_label = LANE_NUMBERS == ALL_INTS(label - (int)i);
    floats target = is_label ? ALL((1.0f - smoothing) + uniform) : ALL(uniform);
    store((lw_exp(load(logits, i, n) - lse[row]) - target) * factor, dlogits, i, n);
  }
}

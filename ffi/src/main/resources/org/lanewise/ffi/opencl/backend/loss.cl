// Losses of single elements and their gradients.
//
// Options: TERM is what adds losses to a sum, or GRADIENT the gradient of one of them.

#include "math.cl"
#include "rows.cl"

// ---- Losses, added to a sum ---------------------------------------------------------------------

static inline floats squared_error(floats sum, floats prediction, floats target, float delta) {
  floats error = prediction - target;
  return fma(error, error, sum);
}

// max(x, 0) − x · t + log(1 + exp(−|x|)).
static inline floats binary_cross_entropy(floats sum, floats x, floats t, float delta) {
  floats positive = x < 0.0f ? ALL(0.0f) : x;
  return sum + (fma(-x, t, positive) + lw_log1p(lw_exp(-fabs(x))));
}

// c · (|e| − c / 2) with c = min(|e|, delta).
static inline floats huber(floats sum, floats prediction, floats target, float delta) {
  floats magnitude = fabs(prediction - target);
  floats limited = magnitude > delta ? ALL(delta) : magnitude;
  return fma(limited, fma(limited, ALL(-0.5f), magnitude), sum);
}

// ---- Gradients ----------------------------------------------------------------------------------

static inline floats squared_error_gradient(floats prediction, floats target, float delta) {
  return prediction - target;
}

static inline floats binary_cross_entropy_gradient(floats x, floats t, float delta) {
  return lw_sigmoid(x) - t;
}

static inline floats huber_gradient(floats prediction, floats target, float delta) {
  floats error = prediction - target;
  return error > delta ? ALL(delta) : error < -delta ? ALL(-delta) : error;
}

// ---- Kernels ------------------------------------------------------------------------------------

#ifdef TERM
// The sum of the losses of each chunk of elements. An id is a chunk.
__kernel void chunk_sums(
    TENSOR(x), TENSOR(target), TENSOR(sums), ulong count, ulong chunk, float delta) {
  ulong from = get_global_id(0) * chunk;
  if (from >= count) {
    return;
  }
  OPEN(x);
  OPEN(target);
  OPEN(sums);
  floats lanes = ALL(0.0f);
  FOR_ROW(i, n, min(chunk, count - from)) {
    lanes = updated(
        lanes, TERM(lanes, load(x, from + i, n), load(target, from + i, n), delta), n);
  }
  sums[get_global_id(0)] = sum_lanes(lanes);
}

// loss = Σ sums / divisor, by one item.
__kernel void total(TENSOR(sums), TENSOR(loss), ulong chunks, double divisor) {
  if (get_global_id(0) != 0) {
    return;
  }
  OPEN(sums);
  OPEN(loss);
  double sum = 0;
  for (ulong i = 0; i < chunks; i++) {
    sum += sums[i];
  }
  loss[0] = sum / divisor;
}
#endif

#ifdef GRADIENT
// dx = scale · the gradient; dx may be x or the target. An item takes vectors of elements.
__kernel void loss_backward(
    TENSOR(x), TENSOR(target), TENSOR(dx), ulong count, float scale, float delta) {
  OPEN(x);
  OPEN(target);
  OPEN(dx);
  FOR_VECTORS(i, n, count) {
    store(GRADIENT(load(x, i, n), load(target, i, n), delta) * scale, dx, i, n);
  }
}
#endif

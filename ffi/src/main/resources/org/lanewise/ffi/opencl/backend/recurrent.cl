// LSTM and GRU: the gates of all rows at a time t, after the product of the states and the weight,
// and their gradients before the next one. Ids are vectors of a row, and a row.
//
// Times are run through as in org.lanewise.kernels.op.RecurrentShape; those from a row's length on
// leave its state alone and give zeros. Operands that there need not be are not looked at then.

#include "math.cl"

#define SIZES ulong batch, ulong time, ulong hidden

// A length out of range is noted by check_lengths, and counts as 0.
static inline long length_of(__global const int *lengths, int has_lengths, ulong row, ulong time) {
  return !has_lengths ? time : (ulong)lengths[row] <= time ? lengths[row] : 0;
}

// Notes a length that is not in 0..time. The id is a row.
__kernel void check_lengths(INTEGERS(lengths), ulong batch, int bound, FAULT) {
  OPEN_INTEGERS(lengths);
  ulong row = get_global_id(0);
  if (row < batch) {
    checked(lengths[row], bound, row, fault, step);
  }
}

// state = initial, or zeros. Ids are vectors.
__kernel void start(TENSOR(initial), int has_initial, TENSOR(state), ulong count) {
  OPEN(initial);
  OPEN(state);
  FOR_VECTORS(i, n, count) {
    store(has_initial ? load(initial, i, n) : ALL(0.0f), state, i, n);
  }
}

// The n elements from column j on of what a row had before a time t: the states of all times there,
// or if t is its first one an initial state, or zeros.
static inline floats load_previous(
    __global const float *states, __global const float *initial, int has_initial, int reverse,
    long length, ulong row, ulong time, ulong hidden, long t, ulong j, ulong n) {
  long before = reverse ? t + 1 : t - 1;
  if (before >= 0 && before < length) {
    return load(states, (row * time + before) * hidden + j, n);
  }
  return has_initial ? load(initial, row * hidden + j, n) : ALL(0.0f);
}

// ---- LSTM ---------------------------------------------------------------------------------------

__kernel void lstm(
    TENSOR(gates), TENSOR(products), INTEGERS(lengths), int has_lengths, TENSOR(y), TENSOR(h),
    TENSOR(c), TENSOR(activations), TENSOR(cells), SIZES, long t) {
  OPEN(gates);
  OPEN(products);
  OPEN_INTEGERS(lengths);
  OPEN(y);
  OPEN(h);
  OPEN(c);
  OPEN(activations);
  OPEN(cells);
  ulong row = get_global_id(1);
  if (row >= batch) {
    return;
  }
  ulong states = (row * time + t) * hidden;
  gates += 4 * states;
  activations += 4 * states;
  products += 4 * row * hidden;
  h += row * hidden;
  c += row * hidden;
  int is_active = t < length_of(lengths, has_lengths, row, time);
  FOR_VECTORS(j, n, hidden) {
    floats i = ALL(0.0f);
    floats f = ALL(0.0f);
    floats g = ALL(0.0f);
    floats o = ALL(0.0f);
    floats cell = ALL(0.0f);
    floats output = ALL(0.0f);
    if (is_active) {
      i = lw_sigmoid(load(gates, j, n) + load(products, j, n));
      f = lw_sigmoid(load(gates, hidden + j, n) + load(products, hidden + j, n));
      g = lw_tanh(load(gates, 2 * hidden + j, n) + load(products, 2 * hidden + j, n));
      o = lw_sigmoid(load(gates, 3 * hidden + j, n) + load(products, 3 * hidden + j, n));
      cell = fma(f, load(c, j, n), i * g);
      output = o * lw_tanh(cell);
      store(cell, c, j, n);
      store(output, h, j, n);
    }
    store(i, activations, j, n);
    store(f, activations, hidden + j, n);
    store(g, activations, 2 * hidden + j, n);
    store(o, activations, 3 * hidden + j, n);
    store(cell, cells, states + j, n);
    store(output, y, states + j, n);
  }
}

// First takes what the product after time `later` gave to those rows that were active then, the
// gradient of their states before; then goes on with time t. Either is −1 where there is none.
__kernel void lstm_backward(
    TENSOR(activations), TENSOR(cells), TENSOR(y), TENSOR(h0), TENSOR(c0), int has_state,
    INTEGERS(lengths), int has_lengths, TENSOR(dy), int has_dy, TENSOR(products), TENSOR(dgates),
    TENSOR(dh), TENSOR(dc), TENSOR(previous), SIZES, int reverse, long later, long t) {
  OPEN(activations);
  OPEN(cells);
  OPEN(y);
  OPEN(h0);
  OPEN(c0);
  OPEN_INTEGERS(lengths);
  OPEN(dy);
  OPEN(products);
  OPEN(dgates);
  OPEN(dh);
  OPEN(dc);
  OPEN(previous);
  ulong row = get_global_id(1);
  if (row >= batch) {
    return;
  }
  long length = length_of(lengths, has_lengths, row, time);
  products += row * hidden;
  dh += row * hidden;
  dc += row * hidden;
  FOR_VECTORS(j, n, hidden) {
    if (later >= 0 && later < length) {
      store(load(products, j, n), dh, j, n);
    }
    if (t < 0) {
      continue;
    }
    ulong states = (row * time + t) * hidden + j;
    ulong gates = 4 * (row * time + t) * hidden + j;
    floats di = ALL(0.0f);
    floats df = ALL(0.0f);
    floats dg = ALL(0.0f);
    floats d_o = ALL(0.0f);
    floats h = ALL(0.0f);
    if (t < length) {
      floats i = load(activations, gates, n);
      floats f = load(activations, gates + hidden, n);
      floats g = load(activations, gates + 2 * hidden, n);
      floats o = load(activations, gates + 3 * hidden, n);
      floats before = load_previous(
          cells, c0, has_state, reverse, length, row, time, hidden, t, j, n);
      floats tanh_c = lw_tanh(load(cells, states, n));
      floats d_h = load(dh, j, n);
      d_h = has_dy ? d_h + load(dy, states, n) : d_h;
      floats d_c = fma(d_h * o, fma(-tanh_c, tanh_c, ALL(1.0f)), load(dc, j, n));
      di = d_c * g * (i * (1.0f - i));
      df = d_c * before * (f * (1.0f - f));
      dg = d_c * i * fma(-g, g, ALL(1.0f));
      d_o = d_h * tanh_c * (o * (1.0f - o));
      store(d_c * f, dc, j, n);
      h = load_previous(y, h0, has_state, reverse, length, row, time, hidden, t, j, n);
    }
    store(di, dgates, gates, n);
    store(df, dgates, gates + hidden, n);
    store(dg, dgates, gates + 2 * hidden, n);
    store(d_o, dgates, gates + 3 * hidden, n);
    store(h, previous, states, n);
  }
}

// ---- GRU ----------------------------------------------------------------------------------------

__kernel void gru(
    TENSOR(gates), TENSOR(products), INTEGERS(lengths), int has_lengths, TENSOR(y), TENSOR(h),
    TENSOR(activations), TENSOR(candidates), SIZES, long t) {
  OPEN(gates);
  OPEN(products);
  OPEN_INTEGERS(lengths);
  OPEN(y);
  OPEN(h);
  OPEN(activations);
  OPEN(candidates);
  ulong row = get_global_id(1);
  if (row >= batch) {
    return;
  }
  ulong states = (row * time + t) * hidden;
  gates += 3 * states;
  activations += 3 * states;
  products += 3 * row * hidden;
  h += row * hidden;
  int is_active = t < length_of(lengths, has_lengths, row, time);
  FOR_VECTORS(j, n, hidden) {
    floats r = ALL(0.0f);
    floats z = ALL(0.0f);
    floats new_gate = ALL(0.0f);
    floats candidate = ALL(0.0f);
    floats output = ALL(0.0f);
    if (is_active) {
      r = lw_sigmoid(load(gates, j, n) + load(products, j, n));
      z = lw_sigmoid(load(gates, hidden + j, n) + load(products, hidden + j, n));
      candidate = load(products, 2 * hidden + j, n);
      new_gate = lw_tanh(fma(r, candidate, load(gates, 2 * hidden + j, n)));
      output = fma(z, load(h, j, n) - new_gate, new_gate);
      store(output, h, j, n);
    }
    store(r, activations, j, n);
    store(z, activations, hidden + j, n);
    store(new_gate, activations, 2 * hidden + j, n);
    store(candidate, candidates, states + j, n);
    store(output, y, states + j, n);
  }
}

// As lstm_backward; but the product is added to what does not go through the gates.
__kernel void gru_backward(
    TENSOR(activations), TENSOR(candidates), TENSOR(y), TENSOR(h0), int has_state,
    INTEGERS(lengths), int has_lengths, TENSOR(dy), int has_dy, TENSOR(products), TENSOR(dgates),
    TENSOR(dproducts), TENSOR(dh), TENSOR(previous), SIZES, int reverse, long later, long t) {
  OPEN(activations);
  OPEN(candidates);
  OPEN(y);
  OPEN(h0);
  OPEN_INTEGERS(lengths);
  OPEN(dy);
  OPEN(products);
  OPEN(dgates);
  OPEN(dproducts);
  OPEN(dh);
  OPEN(previous);
  ulong row = get_global_id(1);
  if (row >= batch) {
    return;
  }
  long length = length_of(lengths, has_lengths, row, time);
  products += row * hidden;
  dh += row * hidden;
  FOR_VECTORS(j, n, hidden) {
    if (later >= 0 && later < length) {
      store(load(dh, j, n) + load(products, j, n), dh, j, n);
    }
    if (t < 0) {
      continue;
    }
    ulong states = (row * time + t) * hidden + j;
    ulong gates = 3 * (row * time + t) * hidden + j;
    floats r = ALL(0.0f);
    floats dr = ALL(0.0f);
    floats dz = ALL(0.0f);
    floats dn = ALL(0.0f);
    floats h = ALL(0.0f);
    if (t < length) {
      r = load(activations, gates, n);
      floats z = load(activations, gates + hidden, n);
      floats new_gate = load(activations, gates + 2 * hidden, n);
      h = load_previous(y, h0, has_state, reverse, length, row, time, hidden, t, j, n);
      floats d_h = load(dh, j, n);
      d_h = has_dy ? d_h + load(dy, states, n) : d_h;
      dn = d_h * (1.0f - z) * fma(-new_gate, new_gate, ALL(1.0f));
      dz = d_h * (h - new_gate) * (z * (1.0f - z));
      dr = dn * load(candidates, states, n) * (r * (1.0f - r));
      store(d_h * z, dh, j, n);
    }
    store(dr, dgates, gates, n);
    store(dz, dgates, gates + hidden, n);
    store(dn, dgates, gates + 2 * hidden, n);
    store(dr, dproducts, gates, n);
    store(dz, dproducts, gates + hidden, n);
    store(dn * r, dproducts, gates + 2 * hidden, n);
    store(h, previous, states, n);
  }
}

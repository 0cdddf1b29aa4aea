// Functions of two tensors and their gradients, and multiples. An item takes vectors of elements.
//
// Options: FUNCTION is the function, or GRADIENT its gradient with respect to x or y.

#include "rows.cl"

// ---- Functions ----------------------------------------------------------------------------------

static inline floats add(floats x, floats y) { return x + y; }

static inline floats subtract(floats x, floats y) { return x - y; }

static inline floats multiply(floats x, floats y) { return x * y; }

static inline floats divide(floats x, floats y) { return x / y; }

static inline floats maximum(floats x, floats y) { return (y > x) | isnan(y) ? y : x; }

static inline floats minimum(floats x, floats y) { return (y < x) | isnan(y) ? y : x; }

// 1 where a comparison holds, 0 elsewhere.
static inline floats number(ints holds) { return holds ? ALL(1.0f) : ALL(0.0f); }

static inline floats less(floats x, floats y) { return number(x < y); }

static inline floats less_or_equal(floats x, floats y) { return number(x <= y); }

static inline floats greater(floats x, floats y) { return number(x > y); }

static inline floats greater_or_equal(floats x, floats y) { return number(x >= y); }

static inline floats equal(floats x, floats y) { return number(x == y); }

static inline floats not_equal(floats x, floats y) { return number(x != y); }

// ---- Gradients ----------------------------------------------------------------------------------

// dz if a > b or one is NaN, half of it if they are equal, otherwise 0.
static inline floats winner_gradient(floats a, floats b, floats dz) {
  return a < b ? ALL(0.0f) : a == b ? dz * 0.5f : dz;
}

static inline floats add_x(floats x, floats y, floats dz) { return dz; }

static inline floats add_y(floats x, floats y, floats dz) { return dz; }

static inline floats subtract_x(floats x, floats y, floats dz) { return dz; }

static inline floats subtract_y(floats x, floats y, floats dz) { return -dz; }

static inline floats multiply_x(floats x, floats y, floats dz) { return dz * y; }

static inline floats multiply_y(floats x, floats y, floats dz) { return dz * x; }

static inline floats divide_x(floats x, floats y, floats dz) { return dz / y; }

static inline floats divide_y(floats x, floats y, floats dz) { return -dz * (x / y / y); }

static inline floats maximum_x(floats x, floats y, floats dz) { return winner_gradient(x, y, dz); }

static inline floats maximum_y(floats x, floats y, floats dz) { return winner_gradient(y, x, dz); }

static inline floats minimum_x(floats x, floats y, floats dz) { return winner_gradient(y, x, dz); }

static inline floats minimum_y(floats x, floats y, floats dz) { return winner_gradient(x, y, dz); }

// ---- Kernels ------------------------------------------------------------------------------------

#ifdef FUNCTION
// z = f(x, y); z may be x.
__kernel void binary(
    TENSOR(x), TENSOR(y), TENSOR(z), ulong count, int is_column, ulong columns) {
  OPEN(x);
  OPEN(y);
  OPEN(z);
  FOR_VECTORS(i, n, count) {
    store(FUNCTION(load(x, i, n), repeated(y, is_column, columns, i, n)), z, i, n);
  }
}
#endif

#ifdef GRADIENT
// The gradient of x or y, or what is added to it, for each element of x; it may be dz.
__kernel void binary_backward(
    TENSOR(x), TENSOR(y), TENSOR(dz), TENSOR(gradient), ulong count, int is_column, ulong columns,
    int accumulate) {
  OPEN(x);
  OPEN(y);
  OPEN(dz);
  OPEN(gradient);
  FOR_VECTORS(i, n, count) {
    floats other = repeated(y, is_column, columns, i, n);
    floats g = GRADIENT(load(x, i, n), other, load(dz, i, n));
    store_or_add(g, accumulate, gradient, i, n);
  }
}
#endif

// z = x where the condition is not 0, and y elsewhere; z may be any of them that is not repeated.
__kernel void where(
    TENSOR(condition), TENSOR(x), TENSOR(y), TENSOR(z), ulong count, int condition_is_column,
    ulong condition_columns, int x_is_column, ulong x_columns, int y_is_column, ulong y_columns) {
  OPEN(condition);
  OPEN(x);
  OPEN(y);
  OPEN(z);
  FOR_VECTORS(i, n, count) {
    floats c = repeated(condition, condition_is_column, condition_columns, i, n);
    floats a = repeated(x, x_is_column, x_columns, i, n);
    floats b = repeated(y, y_is_column, y_columns, i, n);
    store(c != 0.0f ? a : b, z, i, n);
  }
}

// y = alpha · x, or y += alpha · x rounded once; y may be x.
__kernel void scale(TENSOR(x), TENSOR(y), ulong count, float alpha, int accumulate) {
  OPEN(x);
  OPEN(y);
  FOR_VECTORS(i, n, count) {
    floats v = load(x, i, n);
    store(accumulate ? fma(ALL(alpha), v, load(y, i, n)) : alpha * v, y, i, n);
  }
}

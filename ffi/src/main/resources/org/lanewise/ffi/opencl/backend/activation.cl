// Activations and their gradients. An item takes vectors of elements.
//
// Options: FUNCTION is the activation, or GRADIENT its gradient, from x or y, whichever is saved.

#include "math.cl"
#include "rows.cl"

// ---- Simple activations -------------------------------------------------------------------------

#define LEAKY_SLOPE 0.01f

static inline floats lw_relu(floats x) { return x < 0.0f ? ALL(0.0f) : x; }

static inline floats lw_leaky_relu(floats x) { return x < 0.0f ? x * LEAKY_SLOPE : x; }

static inline floats lw_elu(floats x) { return x > 0.0f ? x : lw_expm1(x); }

// Outside of −3…3 it is x or 0, also where the product would be infinite or NaN.
static inline floats lw_hardswish(floats x) {
  floats y = x * (x + 3.0f) * ONE_SIXTH;
  y = x < -3.0f ? ALL(-0.0f) : y;
  return x > 3.0f ? x : y;
}

// ---- Elementary functions -----------------------------------------------------------------------

static inline floats lw_sqrt(floats x) { return sqrt(x); }

static inline floats lw_rsqrt(floats x) { return 1.0f / sqrt(x); }

static inline floats lw_reciprocal(floats x) { return 1.0f / x; }

static inline floats lw_square(floats x) { return x * x; }

static inline floats lw_abs(floats x) { return fabs(x); }

// ---- Gradients ----------------------------------------------------------------------------------

static inline floats lw_relu_gradient(floats y, floats dy) { return y <= 0.0f ? ALL(0.0f) : dy; }

static inline floats lw_leaky_relu_gradient(floats y, floats dy) {
  return y <= 0.0f ? dy * LEAKY_SLOPE : dy;
}

static inline floats lw_elu_gradient(floats y, floats dy) { return y > 0.0f ? dy : fma(dy, y, dy); }

static inline floats lw_sigmoid_gradient(floats y, floats dy) { return dy * (y * (1.0f - y)); }

static inline floats lw_tanh_gradient(floats y, floats dy) { return dy * fma(-y, y, ALL(1.0f)); }

static inline floats lw_softplus_gradient(floats y, floats dy) { return -dy * lw_expm1(-y); }

static inline floats lw_silu_gradient(floats x, floats dy) { return dy * lw_silu_derivative(x); }

static inline floats lw_gelu_gradient(floats x, floats dy) { return dy * lw_gelu_derivative(x); }

static inline floats lw_gelu_tanh_gradient(floats x, floats dy) {
  return dy * lw_gelu_tanh_derivative(x);
}

static inline floats lw_hardswish_gradient(floats x, floats dy) {
  floats gradient = dy * fma(x, ALL(ONE_THIRD), ALL(0.5f));
  gradient = x < -3.0f ? ALL(0.0f) : gradient;
  return x > 3.0f ? dy : gradient;
}

static inline floats lw_exp_gradient(floats y, floats dy) { return dy * y; }

static inline floats lw_log_gradient(floats x, floats dy) { return dy / x; }

static inline floats lw_sqrt_gradient(floats y, floats dy) { return dy / (y + y); }

static inline floats lw_rsqrt_gradient(floats y, floats dy) { return dy * (y * y * y * -0.5f); }

static inline floats lw_reciprocal_gradient(floats y, floats dy) { return -dy * (y * y); }

static inline floats lw_square_gradient(floats x, floats dy) { return dy * (x + x); }

static inline floats lw_abs_gradient(floats x, floats dy) {
  floats gradient = x < 0.0f ? -dy : dy;
  return x == 0.0f ? ALL(0.0f) : gradient;
}

// ---- Kernels ------------------------------------------------------------------------------------

#ifdef FUNCTION
// y = f(x); y may be x.
__kernel void activate(TENSOR(x), TENSOR(y), ulong count) {
  OPEN(x);
  OPEN(y);
  FOR_VECTORS(i, n, count) {
    store(FUNCTION(load(x, i, n)), y, i, n);
  }
}
#endif

#ifdef GRADIENT
// dx = f′(x) · dy, or dx += …; dx may be dy.
__kernel void activate_backward(
    TENSOR(saved), TENSOR(dy), TENSOR(dx), ulong count, int accumulate) {
  OPEN(saved);
  OPEN(dy);
  OPEN(dx);
  FOR_VECTORS(i, n, count) {
    store_or_add(GRADIENT(load(saved, i, n), load(dy, i, n)), accumulate, dx, i, n);
  }
}
#endif

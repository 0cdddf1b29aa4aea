// Optimizer steps, in place, and clipping by value. An item takes vectors of elements.

// The scalars of a step, see org.lanewise.kernels.op.StepScalars.
#define LEARNING_RATE 0
#define MOMENT1_FACTOR 1
#define MOMENT2_FACTOR 2

// The gradient scaled, and decay · θ.
static inline floats decayed(floats gradient, float scale, float decay, floats theta) {
  return fma(ALL(decay), theta, scale * gradient);
}

// θ ← θ − lr·g.
__kernel void sgd(
    TENSOR(gradient), TENSOR(scale), TENSOR(scalars), TENSOR(parameters), ulong count,
    float weight_decay) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(scalars);
  OPEN(parameters);
  float learning_rate = scalars[LEARNING_RATE];
  float gradient_scale = scale[0];
  FOR_VECTORS(i, n, count) {
    floats theta = load(parameters, i, n);
    floats g = decayed(load(gradient, i, n), gradient_scale, weight_decay, theta);
    store(fma(ALL(-learning_rate), g, theta), parameters, i, n);
  }
}

// u ← μu + c₁g, θ ← θ − lr·u, or with Nesterov momentum θ ← θ − lr·(g + μu).
__kernel void sgd_momentum(
    TENSOR(gradient), TENSOR(scale), TENSOR(scalars), TENSOR(parameters), TENSOR(velocity),
    ulong count, float weight_decay, float momentum, int nesterov) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(scalars);
  OPEN(parameters);
  OPEN(velocity);
  float learning_rate = scalars[LEARNING_RATE];
  float gradient_scale = scale[0];
  float gain = scalars[MOMENT1_FACTOR];
  FOR_VECTORS(i, n, count) {
    floats theta = load(parameters, i, n);
    floats g = decayed(load(gradient, i, n), gradient_scale, weight_decay, theta);
    floats u = fma(ALL(momentum), load(velocity, i, n), gain * g);
    store(u, velocity, i, n);
    floats step = nesterov ? fma(ALL(momentum), u, g) : u;
    store(fma(ALL(-learning_rate), step, theta), parameters, i, n);
  }
}

// v ← decay·v + gain·g², s = g/(√v + ε), θ ← θ − lr·s. Centered, a ← decay·a + gain·g and v − a² in
// place of v; with momentum, u ← μu + s in place of s.
__kernel void rms_prop(
    TENSOR(gradient), TENSOR(scale), TENSOR(scalars), TENSOR(parameters), TENSOR(moment2),
    TENSOR(mean), TENSOR(velocity), ulong count, float weight_decay, float decay, float gain,
    float epsilon, int centered, float momentum) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(scalars);
  OPEN(parameters);
  OPEN(moment2);
  OPEN(mean);
  OPEN(velocity);
  float learning_rate = scalars[LEARNING_RATE];
  float gradient_scale = scale[0];
  FOR_VECTORS(i, n, count) {
    floats theta = load(parameters, i, n);
    floats g = decayed(load(gradient, i, n), gradient_scale, weight_decay, theta);
    floats v = fma(ALL(decay), load(moment2, i, n), gain * (g * g));
    store(v, moment2, i, n);
    if (centered) {
      floats a = fma(ALL(decay), load(mean, i, n), gain * g);
      store(a, mean, i, n);
      v = fma(-a, a, v);
      v = v < 0.0f ? ALL(0.0f) : v;
    }
    floats step = g / (sqrt(v) + epsilon);
    if (momentum != 0.0f) {
      step = fma(ALL(momentum), load(velocity, i, n), step);
      store(step, velocity, i, n);
    }
    store(fma(ALL(-learning_rate), step, theta), parameters, i, n);
  }
}

// s ← s + g², θ ← θ − lr·g/(√s + ε).
__kernel void adagrad(
    TENSOR(gradient), TENSOR(scale), TENSOR(scalars), TENSOR(parameters), TENSOR(squares),
    ulong count, float weight_decay, float epsilon) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(scalars);
  OPEN(parameters);
  OPEN(squares);
  float learning_rate = scalars[LEARNING_RATE];
  float gradient_scale = scale[0];
  FOR_VECTORS(i, n, count) {
    floats theta = load(parameters, i, n);
    floats g = decayed(load(gradient, i, n), gradient_scale, weight_decay, theta);
    floats s = fma(g, g, load(squares, i, n));
    store(s, squares, i, n);
    floats step = g / (sqrt(s) + epsilon);
    store(fma(ALL(-learning_rate), step, theta), parameters, i, n);
  }
}

// m ← β₁m + gain₁·g, v ← β₂v + gain₂·g², θ ← θ − lr·c₁·m/(√v·c₂ + ε), where the weight decay is
// part of g, or if it is decoupled, taken from θ. AMSGrad has w ← max(w, v) in place of v there.
__kernel void adam(
    TENSOR(gradient), TENSOR(scale), TENSOR(scalars), TENSOR(parameters), TENSOR(moment1),
    TENSOR(moment2), TENSOR(maximum), ulong count, float weight_decay, int decoupled, int ams_grad,
    float beta1, float gain1, float beta2, float gain2, float epsilon) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(scalars);
  OPEN(parameters);
  OPEN(moment1);
  OPEN(moment2);
  OPEN(maximum);
  float learning_rate = scalars[LEARNING_RATE];
  float gradient_scale = scale[0];
  float rate = learning_rate * scalars[MOMENT1_FACTOR];
  float correction2 = scalars[MOMENT2_FACTOR];
  float coupled_decay = decoupled ? 0.0f : weight_decay;
  float minus_shrink = decoupled ? -(learning_rate * weight_decay) : 0.0f;
  FOR_VECTORS(i, n, count) {
    floats theta = load(parameters, i, n);
    floats g = decayed(load(gradient, i, n), gradient_scale, coupled_decay, theta);
    floats m = fma(ALL(beta1), load(moment1, i, n), gain1 * g);
    floats v = fma(ALL(beta2), load(moment2, i, n), gain2 * (g * g));
    store(m, moment1, i, n);
    store(v, moment2, i, n);
    if (ams_grad) {
      floats w = load(maximum, i, n);
      v = (v > w) | isnan(v) ? v : w;
      store(v, maximum, i, n);
    }
    floats step = m / fma(sqrt(v), ALL(correction2), ALL(epsilon));
    floats kept = fma(ALL(minus_shrink), theta, theta);
    store(fma(ALL(-rate), step, kept), parameters, i, n);
  }
}

// y = min(max(scale·g, −limit), limit).
__kernel void clip_value(
    TENSOR(gradient), TENSOR(scale), TENSOR(clipped), ulong count, float limit) {
  OPEN(gradient);
  OPEN(scale);
  OPEN(clipped);
  float gradient_scale = scale[0];
  FOR_VECTORS(i, n, count) {
    floats g = gradient_scale * load(gradient, i, n);
    g = select(g, ALL(-limit), g < -limit); // not NaN
    store(select(g, ALL(limit), g > limit), clipped, i, n);
  }
}

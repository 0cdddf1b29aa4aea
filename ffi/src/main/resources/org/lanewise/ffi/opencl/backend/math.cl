// Elementary functions of 16 floats, with the bits of the host's: the same operations in the same
// order, see org.lanewise.kernels.scalar.ScalarMath, which also tells what they compute and how
// precisely. Where a function chooses, both sides are computed and the lanes blended.

// The powers of 2 whose exponents, biased, are in the low bits.
static inline floats power(ints bits) { return as_float16(bits << MANTISSA_BITS); }

// Magnitudes with the signs of x.
static inline floats or_sign(floats magnitude, floats x) {
  return as_float16(as_int16(magnitude) | (as_int16(x) & ALL_INTS(SIGN_MASK)));
}

// |x|, but no more than `high`; NaN stays.
static inline floats limited_magnitude(floats x, float high) {
  floats a = fabs(x);
  return a > high ? ALL(high) : a;
}

// max(x, 0), but −0 below, so that taking 0 from it leaves −0. By bits, since some compilers take a
// choice of x and −0 for a maximum, which may make 0 to −0.
static inline floats positive_part(floats x) {
  return as_float16(as_int16(x) & (~(x < 0.0f) | ALL_INTS(SIGN_MASK)));
}

// ---- Exponentials -------------------------------------------------------------------------------

static inline floats lw_exp(floats x) {
  x = x < EXP_LOW ? ALL(EXP_LOW) : x;
  ints bits = min(as_int16(fma(x, ALL(LOG2_E), ALL(ROUND))), ALL_INTS(EXP_ROUNDED_MAX));
  floats n = as_float16(bits) - ROUND;
  floats r = fma(n, ALL(-LN2_HIGH), x);
  r = fma(n, ALL(-LN2_LOW), r);
  floats p = fma(ALL(EXP_6), r, ALL(EXP_5));
  p = fma(p, r, ALL(EXP_4));
  p = fma(p, r, ALL(EXP_3));
  p = fma(p, r, ALL(EXP_2));
  p = fma(p, r, ALL(1.0f));
  p = fma(p, r, ALL(1.0f));
  ints first = bits >> 1; // two factors, as 2ⁿ may lie outside the range of normal floats
  return p * power(first) * power(bits - first);
}

// eʳ − 1 less the part of r that n·LN2_HIGH leaves.
static inline floats expm1_rest(floats n, floats r) {
  floats p = fma(ALL(EXPM1_6), r, ALL(EXPM1_5));
  p = fma(p, r, ALL(EXPM1_4));
  p = fma(p, r, ALL(EXPM1_3));
  p = fma(p, r, ALL(EXPM1_2));
  return fma(n, ALL(-LN2_LOW), r * r * p);
}

static inline floats lw_expm1(floats x) {
  floats low = x < EXPM1_LOW ? ALL(EXPM1_LOW) : x;
  ints bits = min(
      as_int16(fma(low, ALL(LOG2_E), ALL(ROUND_HALF_POWER))), ALL_INTS(EXPM1_ROUNDED_MAX));
  floats n = as_float16(bits) - ROUND_HALF_POWER;
  floats high = fma(n, ALL(-LN2_HIGH), low);
  floats r = fma(n, ALL(-LN2_LOW), high);
  floats half_power = power(bits); // 2ⁿ⁻¹, as 2ⁿ may overflow
  floats y = fma(half_power, expm1_rest(n, r), fma(half_power, high, half_power - 0.5f));
  return fabs(x) < EXPM1_LINEAR ? x : y + y;
}

static inline floats lw_tanh(floats x) {
  floats a = limited_magnitude(x, TANH_HIGH);
  floats twice = a + a;
  floats rounded = fma(twice, ALL(LOG2_E), ALL(ROUND_POWER));
  floats n = rounded - ROUND_POWER;
  floats high = fma(n, ALL(-LN2_HIGH), twice);
  floats r = fma(n, ALL(-LN2_LOW), high);
  floats scale = power(as_int16(rounded));
  floats m = fma(scale, expm1_rest(n, r), fma(scale, high, scale - 1.0f));
  floats sum = m + 2.0f;
  floats excess = (sum - 2.0f) - m; // exactly what rounding added to the sum
  floats y = m / sum;
  floats rest = fma(y, excess, fma(-y, sum, m));
  // Half the power is near enough to the sum to divide the rest by it.
  floats reciprocal = as_float16(TANH_RECIPROCAL_BITS - as_int16(scale));
  return or_sign(fma(rest, reciprocal, y), x);
}

static inline floats lw_sigmoid(floats x) {
  floats e = lw_exp(-fabs(x));
  floats sum = 1.0f + e;
  floats lost = (1.0f - sum) + e; // exactly what rounding took from the sum
  floats y = (x < 0.0f ? e : ALL(1.0f)) / sum;
  return fma(-y, lost, y);
}

static inline floats lw_softplus(floats x) {
  floats e = lw_exp(-fabs(x));
  floats p = fma(ALL(SOFTPLUS_10), e, ALL(SOFTPLUS_9));
  p = fma(p, e, ALL(SOFTPLUS_8));
  p = fma(p, e, ALL(SOFTPLUS_7));
  p = fma(p, e, ALL(SOFTPLUS_6));
  p = fma(p, e, ALL(SOFTPLUS_5));
  p = fma(p, e, ALL(SOFTPLUS_4));
  p = fma(p, e, ALL(SOFTPLUS_3));
  p = fma(p, e, ALL(SOFTPLUS_2));
  return (x > 0.0f ? x : ALL(0.0f)) + fma(e * e, p, e);
}

// ---- Logarithms ---------------------------------------------------------------------------------

static inline floats lw_log(floats x) {
  ints subnormal = x < FLT_MIN;
  ints bits = as_int16(subnormal ? x * SUBNORMAL_SCALE : x) - TWO_THIRDS_BITS;
  floats k = convert_float16(bits >> MANTISSA_BITS);
  k = subnormal ? k - (float)MANTISSA_BITS : k;
  floats f = as_float16((bits & MANTISSA_MASK) + TWO_THIRDS_BITS) - 1.0f;
  floats p = fma(ALL(LOG_10), f, ALL(LOG_9));
  p = fma(p, f, ALL(LOG_8));
  p = fma(p, f, ALL(LOG_7));
  p = fma(p, f, ALL(LOG_6));
  p = fma(p, f, ALL(LOG_5));
  p = fma(p, f, ALL(LOG_4));
  p = fma(p, f, ALL(LOG_3));
  p = fma(p, f, ALL(LOG_2));
  floats y = x > 0.0f ? fma(k, ALL(LN2_HIGH), fma(p, f * f, f)) : ALL(NAN);
  y = x == 0.0f ? ALL(-INFINITY) : y;
  return x == INFINITY ? x : y;
}

static inline floats lw_log1p(floats x) {
  ints bits = as_int16(1.0f + x) - THREE_QUARTERS_BITS;
  floats k = convert_float16(bits >> MANTISSA_BITS);
  ints exponent = bits & ~MANTISSA_MASK;
  floats scaled = as_float16(as_int16(x) - exponent);
  floats f = scaled + fma(as_float16(FOUR_BITS - exponent), ALL(0.25f), ALL(-1.0f));
  floats p = fma(ALL(LOG1P_10), f, ALL(LOG1P_9));
  p = fma(p, f, ALL(LOG1P_8));
  p = fma(p, f, ALL(LOG1P_7));
  p = fma(p, f, ALL(LOG1P_6));
  p = fma(p, f, ALL(LOG1P_5));
  p = fma(p, f, ALL(LOG1P_4));
  p = fma(p, f, ALL(LOG1P_3));
  p = fma(p, f, ALL(LOG1P_2));
  floats y = x > -1.0f ? fma(k, ALL(LN2_HIGH), fma(p, f * f, f)) : ALL(NAN);
  y = x == -1.0f ? ALL(-INFINITY) : y;
  return or_sign(x == INFINITY ? x : y, x);
}

// ---- SiLU and GELU ------------------------------------------------------------------------------

// (e⁻ʳ − 1) / r.
static inline floats exp_slope(floats r) {
  floats p = fma(ALL(EXP_6), r, ALL(-EXP_5));
  p = fma(p, r, ALL(EXP_4));
  p = fma(p, r, ALL(-EXP_3));
  p = fma(p, r, ALL(EXP_2));
  return fma(p, r, ALL(-1.0f));
}

// max(x, 0) − a·e/(1 + e), where e is e⁻ʳ times the power that is in the low bits of `rounded`.
static inline floats silu_of(floats x, floats a, floats rounded, floats r) {
  floats slope = exp_slope(r);
  floats scale = power(as_int16(rounded));
  floats sum = fma(fma(slope, r, ALL(1.0f)) * scale, ALL(UNSCALE), ALL(1.0f));
  return fma(fma(a * r, slope, a) / sum * scale, ALL(-UNSCALE), positive_part(x));
}

static inline floats lw_silu(floats x) {
  floats a = limited_magnitude(x, SILU_HIGH);
  floats rounded = fma(a, ALL(-LOG2_E), ALL(ROUND_SCALED_POWER));
  floats n = rounded - ROUND_SCALED_POWER;
  floats r = fma(n, ALL(LN2_LOW), fma(n, ALL(LN2_HIGH), a));
  return silu_of(x, a, rounded, r);
}

// Derivative of x · sigmoid(v) from exp(−|v|) and |x·v′|.
static inline floats silu_derivative_of(floats x, floats e, floats slope) {
  floats s = 1.0f / (1.0f + e);
  floats q = e * s;
  ints negative = x < 0.0f;
  return (negative ? q : s) * fma(negative ? -s : q, slope, ALL(1.0f));
}

static inline floats lw_silu_derivative(floats x) {
  floats a = limited_magnitude(x, SILU_HIGH);
  return silu_derivative_of(x, lw_exp(-a), a);
}

static inline floats lw_gelu_tanh(floats x) {
  floats a = limited_magnitude(x, GELU_TANH_HIGH);
  // |2u| = a·q. Its error is that of the exponential, so what rounding takes is kept.
  floats z = a * a;
  floats z_error = fma(a, a, -z);
  floats cubic = z * GELU_TANH_3;
  floats cubic_error = fma(z, ALL(GELU_TANH_3), -cubic);
  floats q = cubic + GELU_TANH_1;
  floats added = q - cubic;
  floats q_error = (cubic - (q - added)) + (GELU_TANH_1 - added);
  floats low = fma(z, ALL(GELU_TANH_3_LOW), ALL(GELU_TANH_1_LOW));
  q_error += cubic_error + fma(z_error, ALL(GELU_TANH_3), low);
  floats argument = a * q;
  floats error = fma(a, q, -argument) + a * q_error;
  floats rounded = fma(argument, ALL(-LOG2_E), ALL(ROUND_SCALED_POWER));
  floats n = rounded - ROUND_SCALED_POWER;
  floats r = fma(n, ALL(LN2_HIGH), argument) + fma(n, ALL(LN2_LOW), error);
  return silu_of(x, a, rounded, r);
}

static inline floats lw_gelu_tanh_derivative(floats x) {
  floats a = limited_magnitude(x, GELU_TANH_HIGH);
  floats z = a * a;
  floats e = lw_exp(-(a * fma(z, ALL(GELU_TANH_3), ALL(GELU_TANH_1))));
  return silu_derivative_of(x, e, a * fma(z, ALL(3.0f * GELU_TANH_3), ALL(GELU_TANH_1)));
}

static inline floats gelu_polynomial(floats t) {
  floats p = fma(ALL(GELU_9), t, ALL(GELU_8));
  p = fma(p, t, ALL(GELU_7));
  p = fma(p, t, ALL(GELU_6));
  p = fma(p, t, ALL(GELU_5));
  p = fma(p, t, ALL(GELU_4));
  p = fma(p, t, ALL(GELU_3));
  p = fma(p, t, ALL(GELU_2));
  p = fma(p, t, ALL(GELU_1));
  return fma(p, t, ALL(GELU_0));
}

static inline floats lw_gelu(floats x) {
  floats a = limited_magnitude(x, GELU_HIGH);
  floats z = a * a; // twice the argument, and so are what it is reduced to and its error
  floats z_error = fma(a, a, -z);
  floats rounded = fma(z, ALL(-0.5f * LOG2_E), ALL(ROUND_SCALED_POWER));
  floats n = rounded - ROUND_SCALED_POWER;
  floats r = 0.5f * (fma(n, ALL(2.0f * LN2_HIGH), z) + fma(n, ALL(2.0f * LN2_LOW), z_error));
  floats quotient = a / fma(a, ALL(GELU_T), ALL(1.0f));
  floats p = gelu_polynomial(fma(quotient, ALL(-GELU_T), ALL(1.0f - GELU_CENTER)));
  // Of quotient·p·e⁻ʳ, where a product before the last operation would cost as much again.
  floats product = fma(quotient, p, quotient * p * (r * exp_slope(r)));
  return fma(product * power(as_int16(rounded)), ALL(-UNSCALE), positive_part(x));
}

static inline floats lw_gelu_derivative(floats x) {
  floats a = limited_magnitude(x, GELU_HIGH);
  floats t = 1.0f / fma(a, ALL(GELU_T), ALL(1.0f));
  floats ratio = t * gelu_polynomial(t - GELU_CENTER);
  floats negative = lw_exp(-(0.5f * a * a)) * fma(a, ALL(-NORMAL_DENSITY), ratio);
  return x < 0.0f ? negative : 1.0f - negative;
}

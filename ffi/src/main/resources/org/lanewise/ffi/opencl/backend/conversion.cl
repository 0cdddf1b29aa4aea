// Conversions between element types. An item takes vectors of elements.

// The kernel that converts x to y: 16 elements from index i on, or element k alone.
#define CONVERSION(name, from, to, vector, element)                                                \
  __kernel void name(                                                                              \
      __global const from *x_buffer, ulong x_first, __global to *y_buffer, ulong y_first,          \
      ulong count) {                                                                               \
    __global const from *x = x_buffer + x_first;                                                   \
    __global to *y = y_buffer + y_first;                                                           \
    FOR_VECTORS(i, n, count) {                                                                     \
      if (n == LANES) {                                                                            \
        vector;                                                                                    \
      } else {                                                                                     \
        for (ulong k = i; k < i + n; k++) {                                                        \
          element;                                                                                 \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
  }

CONVERSION(
    u8_to_f32, uchar, float,
    vstore16(convert_float16(vload16(0, x + i)), 0, y + i),
    y[k] = x[k])

CONVERSION(
    u8_to_i32, uchar, int,
    vstore16(convert_int16(vload16(0, x + i)), 0, y + i),
    y[k] = x[k])

CONVERSION(
    i64_to_i32, long, int,
    vstore16(convert_int16_sat(vload16(0, x + i)), 0, y + i),
    y[k] = convert_int_sat(x[k]))

CONVERSION(
    i32_to_f32, int, float,
    vstore16(convert_float16_rte(vload16(0, x + i)), 0, y + i),
    y[k] = convert_float_rte(x[k]))

CONVERSION(
    f16_to_f32, half, float,
    vstore16(vload_half16(0, x + i), 0, y + i),
    y[k] = vload_half(k, x))

CONVERSION(
    f32_to_f16, float, half,
    vstore_half16_rte(vload16(0, x + i), 0, y + i),
    vstore_half_rte(x[k], k, y))

CONVERSION(
    bf16_to_f32, ushort, uint,
    vstore16(convert_uint16(vload16(0, x + i)) << 16, 0, y + i),
    y[k] = (uint)x[k] << 16)

// The upper half of the bits of a float, after the lower half has been rounded off: to the nearest,
// or if that are two to the even one. A carry would make another number of a NaN.
static inline uint16 rounded(uint16 bits) {
  uint16 is_nan = as_uint16((bits & 0x7fffffff) > 0x7f800000);
  uint16 carried = bits + 0x7fff + (bits >> 16 & 1);
  return (is_nan & (bits | 0x400000) | ~is_nan & carried) >> 16;
}

CONVERSION(
    f32_to_bf16, uint, ushort,
    vstore16(convert_ushort16(rounded(vload16(0, x + i))), 0, y + i),
    y[k] = rounded((uint16)(x[k])).s0)

#include "window.cl"

// The sums of the planes of dy. The id is a plane of so many elements.
__kernel void plane_sums(TENSOR(dy), TENSOR(sums), ulong planes, ulong size) {
  OPEN(dy);
  OPEN(sums);
  ulong plane = get_global_id(0);
  if (plane < planes) {
    sums[plane] = sum_plane(dy + plane * size, size);
  }
}

// Adds the planes' sums of all images, in f64. The id is a filter.
__kernel void bias_gradient(
    TENSOR(sums), TENSOR(dbias), ulong images, ulong filters, int accumulate) {
  OPEN(sums);
  OPEN(dbias);
  ulong f = get_global_id(0);
  if (f >= filters) {
    return;
  }
  double sum = 0;
  for (ulong image = 0; image < images; image++) {
    sum += sums[image * filters + f];
  }
  dbias[f] = accumulate ? dbias[f] + (float)sum : (float)sum;
}

/** Sums and extrema of rows and columns. Nothing is checked. */
package org.lanewise.kernels.simd.reduction;

/** Attention by tiles, made of matrix products. Nothing is checked. */
package org.lanewise.kernels.simd.attention;

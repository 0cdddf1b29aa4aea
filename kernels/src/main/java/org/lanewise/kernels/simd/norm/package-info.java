/** Layer, RMS and batch norm, and the sums of a row that they are made of. Nothing is checked. */
package org.lanewise.kernels.simd.norm;

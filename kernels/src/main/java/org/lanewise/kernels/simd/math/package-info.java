/** Elementary functions. Nothing is checked. */
package org.lanewise.kernels.simd.math;

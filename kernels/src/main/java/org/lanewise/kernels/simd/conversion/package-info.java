/** Conversions between element types. Nothing is checked. */
package org.lanewise.kernels.simd.conversion;

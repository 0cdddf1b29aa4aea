/** Random numbers, and dropout by them. Nothing is checked. */
package org.lanewise.kernels.simd.random;

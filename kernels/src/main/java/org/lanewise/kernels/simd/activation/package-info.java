/** Activations and their gradients. Nothing is checked. */
package org.lanewise.kernels.simd.activation;

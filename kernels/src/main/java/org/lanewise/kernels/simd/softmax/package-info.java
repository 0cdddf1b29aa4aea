/** Softmax and its gradients, along rows and other axes. Nothing is checked. */
package org.lanewise.kernels.simd.softmax;

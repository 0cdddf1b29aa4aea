/**
 * The backend {@code cpu}: the SIMD kernels on a pool of threads. The binders are those of {@link
 * org.lanewise.kernels.backend.host}; nothing but the service loader and tests depends on this.
 */
package org.lanewise.kernels.backend.cpu;

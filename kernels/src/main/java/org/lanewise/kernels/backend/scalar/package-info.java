/**
 * The backend {@code scalar}: the scalar twins on the calling thread, the oracle for every other
 * backend. The binders are those of {@link org.lanewise.kernels.backend.host}; nothing but the
 * service loader and tests depends on this.
 */
package org.lanewise.kernels.backend.scalar;

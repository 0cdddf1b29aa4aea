/**
 * The seam between those who have ops to run and devices: a backend allocates buffers and binds ops
 * to tensors in them, once, as steps that are then run many times. Providers are found by {@link
 * java.util.ServiceLoader}; that of OpenCL is in another module, which this one does not know.
 *
 * <p>It depends on {@link org.lanewise.kernels.op} alone; graphs and whatever else makes ops depend
 * on it.
 */
package org.lanewise.kernels.backend;

/** Steps of optimizers. Nothing is checked. */
package org.lanewise.kernels.simd.optimizer;

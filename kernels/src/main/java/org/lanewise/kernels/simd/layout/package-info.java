/** Copies: blocks, padding, permuted axes, rows of embeddings. Nothing is checked. */
package org.lanewise.kernels.simd.layout;

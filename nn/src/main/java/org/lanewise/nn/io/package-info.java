/**
 * Files: tensors by name in the safetensors format, and files that are written whole or not at all.
 *
 * <p>This package depends on the tensor types of {@code org.lanewise.kernels} and on Jackson's
 * streaming parser alone.
 */
package org.lanewise.nn.io;

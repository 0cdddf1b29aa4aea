/**
 * Files: tensors by name in the safetensors format, messages in that of Protocol Buffers, values in
 * JSON, and files that are written whole or not at all.
 *
 * <p>A {@link org.lanewise.nn.io.StoredTensor} is of any type that a file may have, a {@link
 * org.lanewise.nn.HostTensor} of one that ops take: the first can be converted to the second, and
 * the second be written as the first.
 *
 * <p>This package depends on {@code org.lanewise.kernels}, on {@code HostTensor} and on Jackson's
 * streaming parser alone.
 */
package org.lanewise.nn.io;

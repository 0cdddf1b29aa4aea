/**
 * What a model is written with: {@link org.lanewise.nn.Tensor}s without elements, whose methods
 * record ops, {@link org.lanewise.nn.Parameter}s and {@link org.lanewise.nn.State}s. Layers made of
 * them are in {@code layers}.
 *
 * <p>A model is a record of layers, and the path of its components is the name of a parameter:
 * {@link org.lanewise.nn.Components} finds them, and traces a function of named tensors in a {@link
 * org.lanewise.nn.Mode} into a graph. The way of a function leads from here through {@code graph},
 * {@code gradient} and {@code pass} to a {@code plan}; {@code session} goes it, and {@code train}
 * goes it again and again. Nothing here knows memory or devices.
 *
 * <p>This package depends on {@code org.lanewise.nn.graph} and the op vocabulary of {@code
 * org.lanewise.kernels}.
 */
package org.lanewise.nn;

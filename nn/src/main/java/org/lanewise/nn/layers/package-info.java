/**
 * Layers: records of parameters, states and other layers, with a {@code forward} that says what
 * they compute. {@link org.lanewise.nn.layers.Layers} and {@link org.lanewise.nn.layers.Pools} make
 * them, with PyTorch's names, layouts and initial values, so that published weights load without
 * renaming.
 *
 * <p>A layer is written as a user's own would be: it depends on {@code org.lanewise.nn} and the op
 * vocabulary of {@code org.lanewise.kernels}, and no other package of this module depends on it.
 */
package org.lanewise.nn.layers;

/**
 * The weights of a model, apart from any loop that trains it: its parameters and states by name, in
 * one contiguous block of the host's memory. Several sessions may read the same {@link
 * org.lanewise.nn.weights.Weights}, each by a {@link org.lanewise.nn.weights.DeviceWeights}, which
 * is the block itself where a device works on the host's memory, and a copy of it elsewhere.
 */
package org.lanewise.nn.weights;

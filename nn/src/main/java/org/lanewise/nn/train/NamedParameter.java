package org.lanewise.nn.train;

import org.lanewise.kernels.op.Shape;

/**
 * A parameter of a model, by which an {@link Optimizer} decides how it is trained.
 *
 * @param name the path of the components that lead to it, as in {@code blocks.3.norm1.weight}
 * @param shape its dimensions: more than one are those of a matrix, of filters or of an embedding
 */
public record NamedParameter(String name, Shape shape) {}

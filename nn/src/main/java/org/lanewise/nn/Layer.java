package org.lanewise.nn;

/**
 * A differentiable function with parameters. A model is a record whose components are layers,
 * {@link Parameter}s, or lists of these; the path of component names is a parameter's name, as in
 * {@code fc1.weight}.
 */
@FunctionalInterface
public interface Layer {
  /** Applies the layer. Called once for each batch size, to record what the model computes. */
  Tensor forward(Tensor x);
}

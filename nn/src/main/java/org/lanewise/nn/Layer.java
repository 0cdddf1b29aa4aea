package org.lanewise.nn;

/**
 * A differentiable function of one tensor, with parameters: a record whose components are layers,
 * {@link Parameter}s, {@link State}s, or lists or maps of these. A model of several tensors has a
 * method of its own, and nothing but the traced function calls it.
 */
@FunctionalInterface
public interface Layer {
  /** Applies the layer. Called once for inputs of one type, to record what the model computes. */
  Tensor forward(Tensor x);
}

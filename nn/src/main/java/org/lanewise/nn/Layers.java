package org.lanewise.nn;

/** The layers, for a static import. */
public final class Layers {
  private Layers() {}

  /** A linear layer, weights and bias uniform in ±1/√inputs. */
  public static Linear linear(long inputs, long outputs) {
    return new Linear(
        Parameter.of(Init.fanIn(inputs), outputs, inputs),
        Parameter.of(Init.fanIn(inputs), outputs));
  }
}

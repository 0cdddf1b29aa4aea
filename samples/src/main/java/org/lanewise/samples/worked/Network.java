package org.lanewise.samples.worked;

import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Linear;

/** Two inputs, two hidden units, two outputs, ReLU after both layers, and values to start from. */
record Network(Hidden hidden, Linear output) implements Layer {
  Network() {
    this(
        new Hidden(linear(new float[] {.1f, .2f, .1f, .2f}, new float[] {.3f, .4f})),
        linear(new float[] {.5f, .6f, .5f, .6f}, new float[] {.7f, .8f}));
  }

  /** The first layer, a model of its own too, so that its values can be looked at. */
  record Hidden(Linear linear) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return linear.forward(x).relu();
    }
  }

  @Override
  public Tensor forward(Tensor x) {
    return output.forward(hidden.forward(x)).relu();
  }

  private static Linear linear(float[] weight, float[] bias) {
    return new Linear(Parameter.of(Init.values(weight), 2, 2), Parameter.of(Init.values(bias), 2));
  }
}

package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/** Two linear layers, with a function and dropout between them. */
record FeedForward(Linear linear1, Linear linear2, Activation activation, float dropout)
    implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    return linear2.forward(linear1.forward(x).activate(activation).dropout(dropout));
  }
}

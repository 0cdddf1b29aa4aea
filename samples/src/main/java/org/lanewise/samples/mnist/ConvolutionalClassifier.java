package org.lanewise.samples.mnist;

import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;

/**
 * The usual first convolutional network: two convolutions of 3 × 3 pixels with 32 and 64 filters,
 * the largest of each 2 × 2 pixels, and a perceptron 9216-128-10. It maps pictures [batch, 1, 28,
 * 28] of bytes to a logit for each digit.
 */
record ConvolutionalClassifier(Conv2d conv1, Conv2d conv2, Linear fc1, Linear fc2)
    implements Layer {
  ConvolutionalClassifier() {
    this(conv2d(1, 32, 3), conv2d(32, 64, 3), linear(9216, 128), linear(128, 10));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor ink = x.toF32().mul(1 / 255f);
    Tensor features = conv2.forward(conv1.forward(ink).relu()).relu().maxPool(2);
    return fc2.forward(fc1.forward(features.flatten()).relu());
  }
}

package org.lanewise.samples.mnist;

import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Linear;

/** A perceptron 784-512-256-10 that maps the pixels of a picture to a logit for each digit. */
record DigitClassifier(Linear fc1, Linear fc2, Linear fc3) implements Layer {
  DigitClassifier() {
    this(linear(Digits.PIXELS, 512), linear(512, 256), linear(256, Digits.CLASSES));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor hidden1 = fc1.forward(x).relu();
    Tensor hidden2 = fc2.forward(hidden1).relu();
    return fc3.forward(hidden2);
  }
}

package org.lanewise.samples.mnist;

import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;

/**
 * A convolutional network of 26,090 parameters: three times a convolution of 3 × 3 pixels, ReLU,
 * the largest of each 2 × 2 pixels and batch norm, then a linear layer. It maps pictures [batch, 1,
 * 28, 28] of bytes to a logit for each digit.
 */
record SmallConvolutionalClassifier(
    Conv2d conv1,
    BatchNorm norm1,
    Conv2d conv2,
    BatchNorm norm2,
    Conv2d conv3,
    BatchNorm norm3,
    Linear fc)
    implements Layer {
  SmallConvolutionalClassifier() {
    this(
        conv2d(1, 16, 3).padding(1),
        batchNorm(16),
        conv2d(16, 32, 3).padding(1),
        batchNorm(32),
        conv2d(32, 64, 3),
        batchNorm(64),
        linear(256, 10));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor ink = x.toF32().mul(1 / 255f);
    Tensor strokes = norm1.forward(conv1.forward(ink).relu().maxPool(2));
    Tensor parts = norm2.forward(conv2.forward(strokes).relu().maxPool(2));
    Tensor shapes = norm3.forward(conv3.forward(parts).relu().maxPool(2));
    return fc.forward(shapes.flatten());
  }
}

package org.lanewise.samples.fashion;

import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.linear;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Conv2d;
import org.lanewise.nn.layers.Linear;

/**
 * A convolutional network of fewer than 100,000 parameters that maps pictures [batch, 1, 28, 28] of
 * bytes to a logit for each kind of clothes.
 */
record ClothesClassifier(
    Conv2d conv1,
    BatchNorm norm1,
    Conv2d conv2,
    BatchNorm norm2,
    Conv2d conv3,
    BatchNorm norm3,
    Conv2d conv4,
    BatchNorm norm4,
    Linear fc)
    implements Layer {
  ClothesClassifier() {
    this(
        conv2d(1, 24, 3).padding(1),
        batchNorm(24),
        conv2d(24, 48, 3).padding(1),
        batchNorm(48),
        conv2d(48, 64, 3).padding(1),
        batchNorm(64),
        conv2d(64, 88, 3).padding(1),
        batchNorm(88),
        linear(88, 10));
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor pixels = x.toF32().mul(1 / 255f);
    Tensor edges = norm1.forward(conv1.forward(pixels).relu().maxPool(2));
    Tensor parts = norm2.forward(conv2.forward(edges).relu().maxPool(2));
    Tensor shapes = norm3.forward(conv3.forward(parts).relu());
    Tensor kinds = norm4.forward(conv4.forward(shapes).relu());
    return fc.forward(kinds.mean(2, 3));
  }
}

package org.lanewise.nn.layers;

import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/** Pooling of all positions of images or sequences [batch, channels, …] to [batch, channels]. */
public record GlobalPool(Pooling pooling) implements Layer {
  @Override
  public Tensor forward(Tensor x) {
    Shape shape = x.shape();
    if (shape.rank() < 3 || shape.size(2, shape.rank()) == 0) {
      throw x.mismatch("x must be [batch, channels, …] with elements but is " + x);
    }
    Tensor rows = x.flatten(2, -1);
    Window all = Window.of(1, Math.toIntExact(rows.shape().dimension(2)));
    return new Pool1d(pooling, all).forward(rows).flatten();
  }
}

package org.lanewise.nn.layers;

import java.util.List;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;

/**
 * Layers one after the other. The names of their parameters begin with their number, counted from
 * 0, as in {@code 2.weight}; those without parameters count too.
 *
 * @param layers of which those with parameters are records; others may be methods, as in {@code
 *     Tensor::relu}
 */
public record Sequential(@Name("") List<Layer> layers) implements Layer {
  /** Layers, none of which is null. */
  public Sequential {
    layers = List.copyOf(layers);
  }

  @Override
  public Tensor forward(Tensor x) {
    Tensor y = x;
    for (Layer layer : layers) {
      y = layer.forward(y);
    }
    return y;
  }
}

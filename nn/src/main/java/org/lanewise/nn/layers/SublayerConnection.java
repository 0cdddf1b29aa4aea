package org.lanewise.nn.layers;

import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;

/**
 * How parts of a transformer's block are added to what they read.
 *
 * @param normFirst whether a norm comes before the part and not after the sum
 * @param dropout of the part's result
 */
record SublayerConnection(boolean normFirst, float dropout) {
  Tensor add(Tensor x, LayerNorm norm, Layer part) {
    return normFirst
        ? x.add(part.forward(norm.forward(x)).dropout(dropout))
        : norm.forward(x.add(part.forward(x).dropout(dropout)));
  }
}

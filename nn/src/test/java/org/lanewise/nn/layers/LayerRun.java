package org.lanewise.nn.layers;

import java.util.Map;
import java.util.SplittableRandom;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/**
 * A layer with weights, and what it makes of a tensor.
 *
 * @param weights by name, row-major
 */
record LayerRun(HostTensor x, Map<String, float[]> weights, HostTensor y) {
  private static final long SEED = 7;

  /** A run on random elements in ±1. */
  static <M extends Record & Layer> LayerRun of(M layer, long... dimensions) {
    return of(layer, random(dimensions));
  }

  static <M extends Record & Layer> LayerRun of(M layer, HostTensor x) {
    Weights weights = Weights.of(layer).initialize(SEED);
    try (Session session = Session.open("cpu", weights)) {
      HostTensor y = session.run(in -> layer.forward(in.get("x")), Map.of("x", x));
      return new LayerRun(x, weights.parametersToArrays(), y);
    }
  }

  static HostTensor random(long... dimensions) {
    int size = (int) TensorType.f32(dimensions).shape().size();
    SplittableRandom random = new SplittableRandom(SEED);
    float[] elements = new float[size];
    for (int i = 0; i < size; i++) {
      elements[i] = random.nextFloat(-1, 1);
    }
    return HostTensor.of(elements, dimensions);
  }

  /** What a layer is traced to, as component "layer" of a model. */
  static <M extends Record & Layer> Graph trace(M layer, Mode mode, TensorType x) {
    return Components.of(new Model(layer))
        .trace(mode, Signature.of("x", x), in -> Tensors.of("y", layer.forward(in.get("x"))));
  }

  record Model(Layer layer) {}

  /** The elements of x. */
  float[] input() {
    return x.toFloats();
  }

  /** The elements of y. */
  float[] output() {
    return y.toFloats();
  }
}

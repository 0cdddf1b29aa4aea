package org.lanewise.nn.train;

import static org.lanewise.nn.layers.Layers.linear;

import java.util.SplittableRandom;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Linear;

/** Small models and data for tests. */
final class Models {
  static final int FEATURES = 6;
  static final int CLASSES = 3;

  private Models() {}

  record Mlp(Linear hidden, Linear out) implements Layer {
    Mlp() {
      this(linear(FEATURES, 24), linear(24, CLASSES));
    }

    @Override
    public Tensor forward(Tensor x) {
      return out.forward(hidden.forward(x).relu());
    }
  }

  /** Points whose class is the third of their features in which their sum is largest. */
  static Dataset points(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] inputs = new float[size * FEATURES];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      float best = Float.NEGATIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        float x = random.nextFloat() - 0.5f;
        float y = random.nextFloat() - 0.5f;
        inputs[i * FEATURES + 2 * c] = x;
        inputs[i * FEATURES + 2 * c + 1] = y;
        if (x + y > best) {
          best = x + y;
          labels[i] = c;
        }
      }
    }
    return labelled(inputs, FEATURES, labels);
  }

  static Dataset labelled(float[] inputs, int features, int[] labels) {
    return MemoryDataset.of("x", HostTensor.of(inputs, labels.length, features))
        .and("label", HostTensor.of(labels, labels.length));
  }
}

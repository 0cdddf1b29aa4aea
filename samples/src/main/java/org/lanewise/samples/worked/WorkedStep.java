package org.lanewise.samples.worked;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SequencedMap;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Optimizer;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.train.Trainer;

/**
 * All numbers of one training step of {@link Network} on two samples. Matrices are row-major, a
 * sample or an output to a row.
 *
 * @param hidden [2, 2]
 * @param output [2, 2]
 * @param loss mean squared error over the four outputs
 * @param gradients by parameter name
 * @param before parameters by name
 * @param after parameters after the step
 */
record WorkedStep(
    float[] hidden,
    float[] output,
    double loss,
    SequencedMap<String, float[]> gradients,
    SequencedMap<String, float[]> before,
    SequencedMap<String, float[]> after) {
  static final float[] INPUTS = {1, 2, 4, 5};
  static final float[] TARGETS = {1, 2, 1.9f, 3.1f};
  static final int SAMPLES = 2;

  static WorkedStep with(Optimizer optimizer) {
    Network network = new Network();
    Dataset data = data();
    try (Trainer first = trainer(network.hidden(), optimizer);
        Trainer whole = trainer(network, optimizer)) {
      float[] hidden = first.predict(INPUTS);
      float[] output = whole.predict(INPUTS);
      double loss = whole.evaluate(data).loss();
      SequencedMap<String, float[]> before = whole.parameters();
      whole.fit(data, 1);
      return new WorkedStep(hidden, output, loss, whole.gradients(), before, whole.parameters());
    }
  }

  private static Trainer trainer(Layer model, Optimizer optimizer) {
    return Trainer.regress(model, 2).batch(SAMPLES).threads(1).optimizer(optimizer).compile();
  }

  private static Dataset data() {
    TensorType pair = new TensorType(DType.F32, Shape.of(2));
    return Dataset.of(segment(INPUTS), pair, segment(TARGETS), pair);
  }

  private static MemorySegment segment(float[] values) {
    return Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, values);
  }
}

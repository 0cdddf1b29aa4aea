package org.lanewise.samples.worked;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Optimizer;
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
    HostTensor inputs = HostTensor.of(INPUTS, SAMPLES, 2);
    Batches data =
        Batches.of(MemoryDataset.of("x", inputs).and("target", HostTensor.of(TARGETS, SAMPLES, 2)))
            .size(SAMPLES);
    try (Trainer trainer = Trainer.regressor(network).threads(1).optimizer(optimizer).build()) {
      Session session = trainer.session();
      Map<String, HostTensor> x = Map.of("x", inputs);
      HostTensor hidden = session.run(in -> network.hidden().forward(in.get("x")), x);
      HostTensor output = session.run(in -> network.forward(in.get("x")), x);
      double loss = trainer.evaluate(data).loss();
      SequencedMap<String, float[]> before = trainer.weights().parametersToArrays();
      trainer.fit(data, 1);
      SequencedMap<String, float[]> gradients = new LinkedHashMap<>();
      trainer.gradients().forEach((name, gradient) -> gradients.put(name, gradient.toFloats()));
      return new WorkedStep(
          hidden.toFloats(),
          output.toFloats(),
          loss,
          gradients,
          before,
          trainer.weights().parametersToArrays());
    }
  }
}

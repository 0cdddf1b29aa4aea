package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.nn.Optimizer;

/** Gradients and moments of all parameters, and the op that makes a step. */
final class OptimizerState {
  private final Optimizer optimizer;
  private final ParameterStore gradients;
  private final List<ParameterStore> moments = new ArrayList<>();
  private final Buffer scalars;
  private final MemorySegment hostScalars =
      Arena.ofAuto().allocate(StepScalars.TYPE.byteSize(), Float.BYTES);
  private final Step update;

  OptimizerState(
      Backend backend, ParameterLayout layout, ParameterStore parameters, Optimizer optimizer) {
    this.optimizer = optimizer;
    gradients = new ParameterStore(backend, layout);
    for (int i = 0; i < optimizer.stateTensors(); i++) {
      moments.add(new ParameterStore(backend, layout));
    }
    scalars = backend.allocate(StepScalars.TYPE.byteSize());
    List<Operand> outputs = new ArrayList<>(List.of(parameters.block()));
    moments.forEach(moment -> outputs.add(moment.block()));
    update =
        backend.bind(
            optimizer.op(),
            List.of(gradients.block(), new Operand(scalars, 0, StepScalars.TYPE)),
            outputs);
  }

  ParameterStore gradients() {
    return gradients;
  }

  List<ParameterStore> moments() {
    return moments;
  }

  /**
   * Updates the parameters.
   *
   * @param step number of the step, from 1
   * @param rateFactor what to multiply the learning rate with
   */
  void update(long step, double rateFactor) {
    set(StepScalars.LEARNING_RATE, optimizer.learningRate() * rateFactor);
    set(StepScalars.MOMENT1_CORRECTION, optimizer.moment1Correction(step));
    set(StepScalars.MOMENT2_CORRECTION, optimizer.moment2Correction(step));
    set(StepScalars.GRADIENT_SCALE, 1);
    scalars.write(0, hostScalars, 0, hostScalars.byteSize());
    update.run();
  }

  private void set(int index, double value) {
    hostScalars.setAtIndex(JAVA_FLOAT, index, (float) value);
  }
}

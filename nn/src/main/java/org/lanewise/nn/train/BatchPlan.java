package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.nn.TracedModel;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.plan.Gradients;
import org.lanewise.nn.plan.Node;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.plan.Value;

/** A model's plan for batches of one size, for one purpose. */
final class BatchPlan {
  /** What a plan computes. */
  enum Purpose {
    /** Output, loss and gradients. */
    TRAIN,
    /** Output and loss. */
    EVALUATE,
    /** Output only. */
    PREDICT
  }

  private final Plan plan;
  private final Purpose purpose;
  private final Operand input;
  private final Operand output;
  private final Operand target;
  private final Operand loss;
  private final MemorySegment hostLoss = Arena.ofAuto().allocate(JAVA_FLOAT);

  private BatchPlan(Plan plan, TracedModel model, Purpose purpose) {
    boolean withLoss = purpose != Purpose.PREDICT;
    this.plan = plan;
    this.purpose = purpose;
    input = plan.operand(model.input());
    output = plan.operand(model.output());
    target = withLoss ? plan.operand(model.target()) : null;
    loss = withLoss ? plan.operand(model.loss()) : null;
  }

  /**
   * Binds a traced model.
   *
   * @param gradients where gradients go; null unless the purpose is to train
   */
  static BatchPlan bind(
      Backend backend,
      TracedModel model,
      Purpose purpose,
      ParameterStore parameters,
      ParameterStore gradients) {
    Map<Value, Operand> state = new HashMap<>();
    for (Value parameter : model.graph().parameters()) {
      state.put(parameter, parameters.operand(parameter.name()));
    }
    List<Value> inputs = List.of(model.input(), model.target());
    List<Value> results = List.of(model.output(), model.loss());
    List<Node> nodes = model.graph().nodes();
    switch (purpose) {
      case TRAIN -> {
        List<Value> parameterGradients = Gradients.append(model.graph());
        for (int i = 0; i < parameterGradients.size(); i++) {
          String name = model.graph().parameters().get(i).name();
          state.put(parameterGradients.get(i), gradients.operand(name));
        }
        nodes = model.graph().nodes();
      }
      case EVALUATE -> {}
      case PREDICT -> {
        nodes = nodes.subList(0, nodes.size() - 1);
        inputs = List.of(model.input());
        results = List.of(model.output());
      }
    }
    return new BatchPlan(Plan.bind(backend, nodes, inputs, results, state), model, purpose);
  }

  /** Whether this plan is for the given purpose and batch size. */
  boolean serves(Purpose purpose, int batch) {
    return this.purpose == purpose && input.type().shape().dimension(0) == batch;
  }

  /**
   * Copies samples {@code order[from]} and following to the device, and in the order of its memory:
   * it can then make one transfer of them.
   */
  void load(Dataset data, int[] order, int from, int count) {
    long inputBytes = data.inputType().byteSize();
    long targetBytes = data.targetType().byteSize();
    for (int i = 0; i < count; i++) {
      data.copyInput(order[from + i], input.buffer(), input.offset() + i * inputBytes);
    }
    if (target != null) {
      for (int i = 0; i < count; i++) {
        data.copyTarget(order[from + i], target.buffer(), target.offset() + i * targetBytes);
      }
    }
  }

  /** Copies a whole batch of inputs to the device. */
  void loadInputs(MemorySegment inputs, long offset) {
    input.buffer().write(input.offset(), inputs, offset, input.type().byteSize());
  }

  void run() {
    plan.run();
  }

  /** The loss of the last run. */
  float loss() {
    loss.buffer().read(loss.offset(), hostLoss, 0, Float.BYTES);
    return hostLoss.get(JAVA_FLOAT, 0);
  }

  /** Copies the output of the last run. */
  void readOutput(MemorySegment outputs, long offset) {
    output.buffer().read(output.offset(), outputs, offset, output.type().byteSize());
  }
}

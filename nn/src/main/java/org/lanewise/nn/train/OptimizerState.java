package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.BlockLayout;

/**
 * The gradients of all parameters, what the optimizer keeps of each, and the ops that make a step:
 * one for each range of the block whose parameters are trained.
 */
final class OptimizerState {
  private static final String PREFIX = "optimizer.";

  private final Optimizer optimizer;
  private final BlockLayout layout;
  private final List<String> trained;
  private final Buffer gradients;
  private final List<Buffer> moments = new ArrayList<>();

  /** The gradient scale, and behind it {@link StepScalars}. */
  private final Buffer scalars;

  private final MemorySegment hostScalars =
      Arena.ofAuto().allocate(Float.BYTES + StepScalars.TYPE.byteSize(), Float.BYTES);
  private final Step[] updates;

  /**
   * Memory for a step.
   *
   * @param trained names of the parameters that have a gradient, in the order of the block
   */
  OptimizerState(Session session, Optimizer optimizer, List<String> trained) {
    this.optimizer = optimizer;
    this.trained = List.copyOf(trained);
    layout = session.weights().layout();
    Backend backend = session.backend();
    long byteSize = trained.isEmpty() ? 0 : layout.place(trained.getLast()).end();
    gradients = backend.allocate(byteSize);
    for (int i = 0; i < optimizer.stateTensors(); i++) {
      moments.add(backend.allocate(byteSize));
    }
    scalars = backend.allocate(hostScalars.byteSize());
    Operand scale = new Operand(scalars, 0, TensorType.f32());
    Operand stepScalars = new Operand(scalars, Float.BYTES, StepScalars.TYPE);
    updates =
        ranges().stream()
            .map(range -> {
              List<Operand> outputs = new ArrayList<>();
              outputs.add(range.of(session.deviceWeights().buffer()));
              moments.forEach(moment -> outputs.add(range.of(moment)));
              return backend.bind(
                  optimizer.op(), List.of(range.of(gradients), scale, stepScalars), outputs);
            })
            .toArray(Step[]::new);
  }

  /** A part of the block. */
  private record Range(long from, long to) {
    Operand of(Buffer buffer) {
      return new Operand(buffer, from, TensorType.f32((to - from) / Float.BYTES));
    }
  }

  /** The parts of the block that the trained parameters fill without a gap. */
  private List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    for (String name : trained) {
      BlockLayout.Place place = layout.place(name);
      if (!ranges.isEmpty() && ranges.getLast().to == place.offset()) {
        ranges.add(new Range(ranges.removeLast().from, place.end()));
      } else {
        ranges.add(new Range(place.offset(), place.end()));
      }
    }
    return ranges;
  }

  /** Names of the parameters that have a gradient. */
  List<String> trained() {
    return trained;
  }

  /** Where a parameter's gradient goes. */
  Operand gradient(String name) {
    return layout.operand(gradients, name);
  }

  /** Copies of the gradients of the last step by parameter name. */
  SequencedMap<String, HostTensor> gradients() {
    SequencedMap<String, HostTensor> copies = new LinkedHashMap<>();
    trained.forEach(name -> copies.put(name, read(gradient(name))));
    return copies;
  }

  // ---- What is kept from step to step ---------------------------------------------------------

  private static String prefix(int moment) {
    return PREFIX + moment + ".";
  }

  /** Copies of what is kept of each parameter, by name. */
  SequencedMap<String, SafeTensors.Tensor> tensors() {
    SequencedMap<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < moments.size(); i++) {
      for (String name : trained) {
        HostTensor copy = read(layout.operand(moments.get(i), name));
        tensors.put(prefix(i) + name, new SafeTensors.Tensor(copy.type(), copy.data()));
      }
    }
    return tensors;
  }

  private static HostTensor read(Operand operand) {
    HostTensor copy = HostTensor.zeros(operand.type());
    operand.buffer().read(operand.offset(), copy.data(), 0, copy.data().byteSize());
    return copy;
  }

  /**
   * What an optimizer keeps of the parameters of which a file has it; nothing if it has of none.
   *
   * @param tensors of the file, some of which are those of {@link #tensors}
   * @throws MalformedFileException if some are missing, have other types, or are of no parameter
   */
  static Optional<Supplier<OptimizerState>> stored(
      Path file, Map<String, SafeTensors.Tensor> tensors, Session session, Optimizer optimizer)
      throws MalformedFileException {
    List<String> trained = new ArrayList<>();
    for (String name : session.weights().components().parameters().keySet()) {
      if (tensors.containsKey(prefix(0) + name)) {
        trained.add(name);
      }
    }
    BlockLayout layout = session.weights().layout();
    int expected = trained.size() * optimizer.stateTensors();
    for (int i = 0; i < optimizer.stateTensors(); i++) {
      for (String name : trained) {
        SafeTensors.Tensor tensor = tensors.get(prefix(i) + name);
        if (tensor == null || !tensor.type().equals(layout.place(name).type())) {
          throw new MalformedFileException(
              file,
              "tensor '%s' is %s but must be %s"
                  .formatted(
                      prefix(i) + name,
                      tensor == null ? "missing" : tensor.type(),
                      layout.place(name).type()));
        }
      }
    }
    if (tensors.keySet().stream().filter(OptimizerState::isStored).count() != expected) {
      throw new MalformedFileException(file, "it has moments of parameters that do not exist");
    }
    return trained.isEmpty()
        ? Optional.empty()
        : Optional.of(() -> new OptimizerState(session, optimizer, trained).load(tensors));
  }

  private OptimizerState load(Map<String, SafeTensors.Tensor> tensors) {
    for (int i = 0; i < moments.size(); i++) {
      for (String name : trained) {
        MemorySegment data = tensors.get(prefix(i) + name).data();
        moments.get(i).write(layout.place(name).offset(), data, 0, data.byteSize());
      }
    }
    return this;
  }

  /** Whether a tensor of a file is kept by an optimizer, and not a weight. */
  static boolean isStored(String name) {
    return name.startsWith(PREFIX);
  }

  /**
   * Updates the parameters.
   *
   * @param step number of the step, from 1
   * @param rateFactor what to multiply the learning rate with
   * @param gradientFactor what to multiply the gradients with
   */
  void update(long step, double rateFactor, double gradientFactor) {
    set(0, gradientFactor);
    set(1 + StepScalars.LEARNING_RATE, optimizer.learningRate() * rateFactor);
    set(1 + StepScalars.MOMENT1_FACTOR, optimizer.moment1Correction(step));
    set(1 + StepScalars.MOMENT2_FACTOR, optimizer.moment2Correction(step));
    scalars.write(0, hostScalars, 0, hostScalars.byteSize());
    for (Step update : updates) {
      update.run();
    }
  }

  private void set(int index, double value) {
    hostScalars.setAtIndex(JAVA_FLOAT, index, (float) value);
  }
}

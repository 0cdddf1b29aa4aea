package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.weights.BlockLayout;

/**
 * The gradients of the trained parameters, and what their rules keep of them from step to step.
 *
 * <p>Both lie in blocks, group by group, so that what belongs to parameters that lie together does
 * so, too.
 */
final class OptimizerState {
  private static final String PREFIX = "optimizer.";

  private final List<ParameterGroup> groups;
  private final BlockLayout gradientLayout;
  private final BlockLayout stateLayout;
  private final Buffer gradients;
  private final Buffer states;

  /**
   * Memory for the parameters that are trained, all zero.
   *
   * @param groups of these parameters
   */
  OptimizerState(Backend backend, List<ParameterGroup> groups) {
    this.groups = List.copyOf(groups);
    gradientLayout = gradientLayout(groups);
    stateLayout = stateLayout(groups);
    gradients = backend.allocate(gradientLayout.byteSize());
    states = backend.allocate(stateLayout.byteSize());
  }

  private static BlockLayout gradientLayout(List<ParameterGroup> groups) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    for (ParameterGroup group : groups) {
      group.parameters().forEach((name, shape) -> types.put(name, TensorType.f32(shape)));
    }
    return new BlockLayout(types);
  }

  private static BlockLayout stateLayout(List<ParameterGroup> groups) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    for (ParameterGroup group : groups) {
      boolean hasMore = true;
      for (int i = 0; hasMore; i++) {
        hasMore = false;
        for (var parameter : group.parameters().entrySet()) {
          List<Shape> shapes = group.rule().states(parameter.getValue());
          if (i < shapes.size()) {
            types.put(name(i, parameter.getKey()), TensorType.f32(shapes.get(i)));
            hasMore = true;
          }
        }
      }
    }
    return new BlockLayout(types);
  }

  private static String name(int state, String parameter) {
    return PREFIX + state + "." + parameter;
  }

  /** The trained parameters. */
  List<ParameterGroup> groups() {
    return groups;
  }

  /** Where a parameter's gradient is. */
  Operand gradient(String parameter) {
    return gradientLayout.operand(gradients, parameter);
  }

  /** The gradients from one parameter to another one. */
  Operand gradients(String first, String last) {
    return gradientLayout.operand(gradients, first, last);
  }

  /** All gradients, the gaps between them included, which are 0. */
  Operand allGradients() {
    return new Operand(gradients, 0, TensorType.f32(gradientLayout.byteSize() / Float.BYTES));
  }

  /** What is kept of a parameter. */
  Operand state(int index, String parameter) {
    return stateLayout.operand(states, name(index, parameter));
  }

  /** What is kept of the parameters from one to another one. */
  Operand states(int index, String first, String last) {
    return stateLayout.operand(states, name(index, first), name(index, last));
  }

  /** A copy of a parameter's gradient, multiplied with a factor. */
  HostTensor readGradient(String parameter, float factor) {
    HostTensor copy = read(gradient(parameter));
    MemorySegment elements = copy.data();
    for (long i = 0; i < copy.type().shape().size(); i++) {
      elements.setAtIndex(JAVA_FLOAT, i, factor * elements.getAtIndex(JAVA_FLOAT, i));
    }
    return copy;
  }

  private static HostTensor read(Operand operand) {
    HostTensor copy = HostTensor.zeros(operand.type());
    operand.buffer().read(operand.offset(), copy.data(), 0, copy.data().byteSize());
    return copy;
  }

  // ---- Files ----------------------------------------------------------------------------------

  /** Whether a tensor of a file is kept by an optimizer, and not a weight. */
  static boolean isStored(String name) {
    return name.startsWith(PREFIX);
  }

  /** Copies of what is kept of each parameter, by name. */
  SequencedMap<String, HostTensor> tensors() {
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
    for (String name : stateLayout.places().keySet()) {
      tensors.put(name, read(stateLayout.operand(states, name)));
    }
    return tensors;
  }

  /**
   * Checks that a file has what {@link #load} takes from it.
   *
   * @param tensors of the file, some of which are those of {@link #tensors}
   * @throws MalformedFileException if some are missing, have other types, or are of no parameter
   */
  void requireStored(Path file, Map<String, StoredTensor> tensors) throws MalformedFileException {
    for (var place : stateLayout.places().entrySet()) {
      StoredTensor tensor = tensors.get(place.getKey());
      if (tensor == null || !tensor.isOf(place.getValue().type())) {
        throw new MalformedFileException(
            file,
            "tensor '%s' is %s but must be %s"
                .formatted(
                    place.getKey(), tensor == null ? "missing" : tensor, place.getValue().type()));
      }
    }
    for (String name : tensors.keySet()) {
      if (isStored(name) && !stateLayout.places().containsKey(name)) {
        throw new MalformedFileException(file, "it has '%s', which nothing needs".formatted(name));
      }
    }
  }

  /** Takes over what a file has, and zeros where it has nothing. */
  void load(Map<String, StoredTensor> tensors) {
    stateLayout
        .places()
        .forEach((name, place) -> {
          StoredTensor tensor = tensors.get(name);
          MemorySegment data =
              tensor == null ? HostTensor.zeros(place.type()).data() : tensor.data();
          states.write(place.offset(), data, 0, data.byteSize());
        });
  }
}

package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.io.SafeTensors;

/** One block of named tensors on a device: parameters, gradients, or a moment of the optimizer. */
final class ParameterStore {
  private final ParameterLayout layout;
  private final Buffer buffer;

  ParameterStore(Backend backend, ParameterLayout layout) {
    this.layout = layout;
    this.buffer = backend.allocate(layout.byteSize());
  }

  /** Fills each parameter as it says, from its own stream of random numbers. */
  void initialize(Map<String, Parameter> parameters, long seed) {
    long stream = 0;
    for (var named : parameters.entrySet()) {
      try (Arena arena = Arena.ofShared()) {
        Operand operand = operand(named.getKey());
        MemorySegment values = arena.allocate(operand.type().byteSize(), Float.BYTES);
        named.getValue().init().fill(values, seed, stream++);
        buffer.write(operand.offset(), values, 0, values.byteSize());
      }
    }
  }

  Operand operand(String name) {
    return layout.operand(buffer, 0, name);
  }

  /** All tensors as one vector. */
  Operand block() {
    return layout.block(buffer, 0);
  }

  /** Copies of all tensors by name. */
  SequencedMap<String, float[]> toArrays() {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    try (Arena arena = Arena.ofShared()) {
      read("", arena)
          .forEach((name, tensor) -> arrays.put(name, tensor.data().toArray(JAVA_FLOAT)));
    }
    return arrays;
  }

  /** Copies of all tensors, their names behind a prefix. */
  SequencedMap<String, SafeTensors.Tensor> read(String prefix, Arena arena) {
    SequencedMap<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
    for (String name : layout.places().keySet()) {
      Operand operand = operand(name);
      MemorySegment values = arena.allocate(operand.type().byteSize(), Float.BYTES);
      buffer.read(operand.offset(), values, 0, values.byteSize());
      tensors.put(prefix + name, new SafeTensors.Tensor(operand.type(), values));
    }
    return tensors;
  }

  /**
   * What keeps tensors from being written to this store, a line each; empty if nothing does. Names
   * in {@code tensors} that do not start with the prefix are left alone.
   */
  List<String> mismatches(String prefix, Map<String, SafeTensors.Tensor> tensors) {
    List<String> faults = new ArrayList<>();
    layout
        .places()
        .forEach((name, place) -> {
          SafeTensors.Tensor tensor = tensors.get(prefix + name);
          if (tensor == null) {
            faults.add("tensor '" + prefix + name + "' is missing");
          } else if (!tensor.type().equals(place.type())) {
            faults.add(mismatch(prefix + name, tensor.type(), place.type()));
          }
        });
    return faults;
  }

  private static String mismatch(String name, TensorType found, TensorType expected) {
    return "tensor '%s' is %s but the model has %s".formatted(name, found, expected);
  }

  /** Writes tensors that have no {@link #mismatches}. */
  void write(String prefix, Map<String, SafeTensors.Tensor> tensors) {
    for (String name : layout.places().keySet()) {
      MemorySegment values = tensors.get(prefix + name).data();
      buffer.write(operand(name).offset(), values, 0, values.byteSize());
    }
  }

  boolean contains(String name) {
    return layout.places().containsKey(name);
  }
}

package org.lanewise.nn.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Parameter;

/**
 * Where each parameter lies in a contiguous block. Blocks of parameters, gradients and optimizer
 * moments have the same layout, so one op updates all parameters at once.
 */
final class ParameterLayout {
  private static final long ALIGNMENT = 64;

  private final SequencedMap<String, Place> places = new LinkedHashMap<>();
  private final long byteSize;

  ParameterLayout(Map<String, Parameter> parameters) {
    long offset = 0;
    for (var named : parameters.entrySet()) {
      TensorType type = new TensorType(DType.F32, named.getValue().shape());
      places.put(named.getKey(), new Place(offset, type));
      offset += Math.ceilDiv(type.byteSize(), ALIGNMENT) * ALIGNMENT;
    }
    byteSize = offset;
  }

  /** Bytes of a block, the gaps that align the parameters included. */
  long byteSize() {
    return byteSize;
  }

  /** Names and types in order. */
  SequencedMap<String, Place> places() {
    return places;
  }

  /** One parameter of a block that starts at {@code base}. */
  Operand operand(Buffer buffer, long base, String name) {
    Place place = places.get(name);
    return new Operand(buffer, base + place.offset, place.type);
  }

  /** A whole block as one vector; the gaps hold zeros. */
  Operand block(Buffer buffer, long base) {
    return new Operand(buffer, base, TensorType.f32(byteSize / Float.BYTES));
  }

  /**
   * A parameter's place in a block.
   *
   * @param offset first byte
   */
  record Place(long offset, TensorType type) {}
}

package org.lanewise.nn.onnx;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.ProtobufWriter;

/**
 * An operator applied to tensors by name.
 *
 * @param name of the node
 * @param type of the operator, as in {@code MatMul}
 * @param inputs names, empty for an optional one that is left out
 * @param outputs names, likewise
 * @param attributes by name: a {@code Long}, a {@code Float}, a {@code String}, a {@code long[]} or
 *     a {@link HostTensor}
 */
record OnnxNode(
    String name,
    String type,
    List<String> inputs,
    List<String> outputs,
    Map<String, Object> attributes) {
  private static final int FLOAT = 1;
  private static final int INT = 2;
  private static final int STRING = 3;
  private static final int TENSOR = 4;
  private static final int INTS = 7;

  /** This node with other names of tensors. */
  OnnxNode renamed(UnaryOperator<String> names) {
    return new OnnxNode(
        name,
        type,
        inputs.stream().map(names).toList(),
        outputs.stream().map(names).toList(),
        attributes);
  }

  /** A {@code NodeProto}. */
  ProtobufWriter message() {
    ProtobufWriter message = new ProtobufWriter();
    inputs.forEach(input -> message.string(1, input));
    outputs.forEach(output -> message.string(2, output));
    message.string(3, name).string(4, type);
    attributes.forEach((key, value) -> message.message(5, attribute(key, value)));
    return message;
  }

  /** A {@code TensorProto} with a tensor's elements. */
  static ProtobufWriter tensor(HostTensor tensor) {
    return header(tensor.type()).bytes(9, tensor.data());
  }

  /** A {@code TensorProto} without elements. */
  static ProtobufWriter header(TensorType type) {
    ProtobufWriter message = new ProtobufWriter();
    for (int axis = 0; axis < type.shape().rank(); axis++) {
      message.varint(1, type.shape().dimension(axis));
    }
    return message.varint(2, OnnxType.of(type.dtype()).number());
  }

  /** An {@code AttributeProto}. */
  private static ProtobufWriter attribute(String key, Object value) {
    ProtobufWriter message = new ProtobufWriter().string(1, key);
    return switch (value) {
      case Float number -> message.float32(2, number).varint(20, FLOAT);
      case Long integer -> message.varint(3, integer).varint(20, INT);
      case String text -> message.string(4, text).varint(20, STRING);
      case HostTensor tensor -> message.message(5, tensor(tensor)).varint(20, TENSOR);
      case long[] integers -> {
        for (long integer : integers) {
          message.varint(8, integer);
        }
        yield message.varint(20, INTS);
      }
      default -> throw new IllegalArgumentException("no attribute can be " + value);
    };
  }
}

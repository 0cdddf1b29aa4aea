package org.lanewise.nn.tensorboard;

import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.io.ProtobufWriter;

/** The messages {@code TensorProto} and {@code TensorShapeProto}. */
final class TensorMessage {
  private static final int FLOAT = 1;
  private static final int DOUBLE = 2;
  private static final int STRING = 7;

  private TensorMessage() {}

  static ProtobufWriter ofFloat(float value) {
    return of(FLOAT).packedFloats(5, value);
  }

  static ProtobufWriter noFloats() {
    return of(FLOAT, 0);
  }

  static ProtobufWriter ofDoubles(double[] values, long... dimensions) {
    return of(DOUBLE, dimensions).packedDoubles(6, values);
  }

  /** A scalar if it is one string, else a vector. */
  static ProtobufWriter ofStrings(byte[]... values) {
    ProtobufWriter tensor = values.length == 1 ? of(STRING) : of(STRING, values.length);
    for (byte[] value : values) {
      tensor.bytes(8, value);
    }
    return tensor;
  }

  private static ProtobufWriter of(int type, long... dimensions) {
    return new ProtobufWriter().varint(1, type).message(2, shape(Shape.of(dimensions)));
  }

  static ProtobufWriter shape(Shape shape) {
    ProtobufWriter message = new ProtobufWriter();
    for (int i = 0; i < shape.rank(); i++) {
      message.message(2, new ProtobufWriter().varint(1, shape.dimension(i)));
    }
    return message;
  }
}

package org.lanewise.kernels.op;

import java.util.List;

/** The types of an op's inputs, with checks that name what is wrong. */
public final class Inputs {
  private final Op op;
  private final List<TensorType> types;

  Inputs(Op op, List<TensorType> types) {
    this.op = op;
    this.types = types;
  }

  List<TensorType> types() {
    return types;
  }

  Shape shape(int index) {
    return types.get(index).shape();
  }

  long size(int index) {
    return shape(index).size();
  }

  Inputs count(int expected) {
    if (types.size() != expected) {
      throw new ShapeException(
          "%s takes %d inputs but got %s".formatted(op.name(), expected, types));
    }
    return this;
  }

  /** The type of an f32 tensor. */
  TensorType f32(int index, String name) {
    TensorType type = types.get(index);
    if (type.dtype() != DType.F32) {
      throw new ShapeException("%s: %s must be f32 but is %s".formatted(op.name(), name, type));
    }
    return type;
  }

  /** The shape of an f32 matrix. */
  Shape matrix(int index, String name) {
    TensorType type = types.get(index);
    if (type.dtype() != DType.F32 || type.shape().rank() != 2) {
      throw new ShapeException(
          "%s: %s must be an f32 matrix but is %s".formatted(op.name(), name, type));
    }
    return type.shape();
  }

  Inputs type(int index, String name, TensorType expected) {
    if (!types.get(index).equals(expected)) {
      throw new ShapeException(
          "%s of %s: %s must be %s but is %s"
              .formatted(op.name(), types.get(0), name, expected, types.get(index)));
    }
    return this;
  }

  Inputs equal(int first, String firstName, int second, String secondName) {
    if (!types.get(first).equals(types.get(second))) {
      throw new ShapeException(
          "%s: %s is %s but %s is %s"
              .formatted(op.name(), firstName, types.get(first), secondName, types.get(second)));
    }
    return this;
  }

  Inputs nonEmpty(int index, String name) {
    if (size(index) == 0) {
      throw new ShapeException(
          "%s: %s must not be empty but is %s".formatted(op.name(), name, types.get(index)));
    }
    return this;
  }
}

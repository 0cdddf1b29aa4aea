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

  String opName() {
    return op.name();
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

  /** The type of a tensor of such elements. */
  TensorType of(DType dtype, int index, String name) {
    TensorType type = types.get(index);
    if (type.dtype() != dtype) {
      throw new ShapeException(
          "%s: %s must be %s but is %s".formatted(op.name(), name, dtype, type));
    }
    return type;
  }

  /** The type of an f32 tensor. */
  TensorType f32(int index, String name) {
    return of(DType.F32, index, name);
  }

  /** The type of an i32 tensor. */
  TensorType i32(int index, String name) {
    return of(DType.I32, index, name);
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

  /** The type of an f32 tensor of at least so many dimensions. */
  TensorType f32(int index, String name, int leastRank) {
    TensorType type = f32(index, name);
    if (type.shape().rank() < leastRank) {
      throw new ShapeException(
          "%s: %s must have at least %d dimension%s but is %s"
              .formatted(op.name(), name, leastRank, leastRank == 1 ? "" : "s", type));
    }
    return type;
  }

  /** The index of an axis, which counts from the first, or if negative back from the end. */
  int axis(int index, String name, int axis) {
    int rank = shape(index).rank();
    if (axis < -rank || axis >= rank) {
      throw new ShapeException(
          "%s: axis %d does not exist in %s %s".formatted(op.name(), axis, name, types.get(index)));
    }
    return shape(index).axis(axis);
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

  Inputs atLeast(int expected) {
    if (types.size() < expected) {
      throw new ShapeException(
          "%s takes at least %d inputs but got %s".formatted(op.name(), expected, types));
    }
    return this;
  }

  /** Checks that an f32 tensor can be repeated to fill another one. */
  Inputs fills(int small, String smallName, int large, String largeName) {
    f32(large, largeName);
    f32(small, smallName);
    if (Broadcasting.of(shape(large), shape(small)).isEmpty()) {
      throw new ShapeException(
          "%s: %s is %s, which does not fill %s %s, repeated along all, the first or the last axes"
              .formatted(op.name(), smallName, types.get(small), largeName, types.get(large)));
    }
    return this;
  }

  /** The type of a tensor that a larger f32 tensor can be reduced to. */
  TensorType reduced(int index, String name, Shape shape) {
    TensorType type = f32(index, name);
    if (Broadcasting.of(type.shape(), shape).isEmpty()) {
      throw new ShapeException(
          "%s: %s is %s, which cannot be reduced along all, the first or the last axes to %s"
              .formatted(op.name(), name, type, shape));
    }
    return TensorType.f32(shape);
  }

  /** The shape of f32 images [images, channels, height, width], or of filters. */
  Shape images(int index, String name) {
    TensorType type = f32(index, name);
    if (type.shape().rank() != 4) {
      throw new ShapeException(
          "%s: %s must have 4 axes but is %s".formatted(op.name(), name, type));
    }
    return type.shape();
  }

  /** Height and width of the plane of windows in images. */
  Shape windows(Window window, Shape images) {
    try {
      window.requirePlane(images.dimension(2), images.dimension(3));
      return Shape.of(
          window.outputHeight(images.dimension(2)), window.outputWidth(images.dimension(3)));
    } catch (IllegalArgumentException doesNotFit) {
      throw new ShapeException(
          "%s of %s: %s".formatted(op.name(), images, doesNotFit.getMessage()));
    }
  }
}

package org.lanewise.kernels.op;

import java.util.List;

/**
 * The types of the operands of recurrent ops.
 *
 * @param gatesOfCell columns of the gates for each element of a state
 */
record RecurrentTypes(RecurrentShape shape, int gatesOfCell) {
  /**
   * Those of an op on such inputs.
   *
   * @throws ShapeException if it does not take them
   */
  static RecurrentTypes of(RecurrentOp op, Inputs in) {
    List<String> names = op.inputs();
    in.count(names.size());
    RecurrentTypes types = new RecurrentTypes(op.shape(in.types()), op.gates());
    for (int i = 1; i < names.size(); i++) {
      in.type(i, names.get(i), types.input(names.get(i)));
    }
    return types;
  }

  private TensorType input(String name) {
    return switch (name) {
      case "weight" -> TensorType.f32(columns(), shape.hidden());
      case "bias" -> TensorType.f32(columns());
      case "lengths" -> TensorType.i32(shape.batch());
      case "y", "dy", "cells", "candidates" -> states();
      case "h0", "c0", "dhN", "dcN" -> state();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private long columns() {
    return (long) gatesOfCell * shape.hidden();
  }

  /** All gates of all times. */
  TensorType gates() {
    return TensorType.f32(shape.batch(), shape.time(), columns());
  }

  /** The states of all times. */
  TensorType states() {
    return TensorType.f32(shape.batch(), shape.time(), shape.hidden());
  }

  /** One state of each row. */
  TensorType state() {
    return TensorType.f32(shape.batch(), shape.hidden());
  }
}

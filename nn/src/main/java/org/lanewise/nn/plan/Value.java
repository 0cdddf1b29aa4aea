package org.lanewise.nn.plan;

import org.lanewise.kernels.op.TensorType;

/** A tensor in a graph, compared by identity. */
public final class Value {
  /** Where a value comes from, which decides where it is stored. */
  public enum Kind {
    /** Given by the caller before each run. */
    INPUT,
    /** Kept from run to run, and trained. */
    PARAMETER,
    /** The gradient of a parameter. */
    PARAMETER_GRADIENT,
    /** Computed by an op of the graph. */
    COMPUTED
  }

  private final String name;
  private final TensorType type;
  private final Kind kind;

  Value(String name, TensorType type, Kind kind) {
    this.name = name;
    this.type = type;
    this.kind = kind;
  }

  /** What messages call it: an input's or parameter's name, or the op that computes it. */
  public String name() {
    return name;
  }

  /** Element type and shape. */
  public TensorType type() {
    return type;
  }

  /** Where it comes from. */
  public Kind kind() {
    return kind;
  }

  @Override
  public String toString() {
    return name + " " + type;
  }
}

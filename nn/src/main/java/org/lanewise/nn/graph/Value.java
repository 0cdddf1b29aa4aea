package org.lanewise.nn.graph;

import java.util.Objects;
import org.lanewise.kernels.op.TensorType;

/** A tensor in a graph, compared by identity. */
public final class Value {
  /** Where a value comes from, which decides where it is stored. */
  public enum Kind {
    /** Given by the caller before each run. */
    INPUT,
    /** A weight of the model, read by the graph. */
    PARAMETER,
    /** Kept from run to run, not trained, and replaced after a run if the graph says so. */
    STATE,
    /** The same in each run, and part of the graph. */
    CONSTANT,
    /** Computed by an op of the graph. */
    COMPUTED
  }

  private final String name;
  private final TensorType type;
  private final Kind kind;

  Value(String name, TensorType type, Kind kind) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.kind = kind;
  }

  /** Another value of that name and type, which ops are to write. */
  public Value again() {
    return new Value(name, type, Kind.COMPUTED);
  }

  /** What messages call it: an input's, parameter's or state's name, or the op that computes it. */
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

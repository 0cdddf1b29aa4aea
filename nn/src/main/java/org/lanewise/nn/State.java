package org.lanewise.nn;

import java.util.Objects;
import org.lanewise.kernels.op.Shape;

/**
 * An f32 tensor that a model keeps from run to run and that no optimizer trains, as running means
 * are. It is stored with the weights. Compared by identity.
 */
public final class State implements Operand {
  private final Init init;
  private final Shape shape;

  private State(Init init, Shape shape) {
    this.init = Objects.requireNonNull(init, "init");
    this.shape = shape;
  }

  /** A state of the given dimensions. */
  public static State of(Init init, long... dimensions) {
    return new State(init, Shape.of(dimensions));
  }

  /** How it starts. */
  public Init init() {
    return init;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public String toString() {
    return "state " + shape;
  }
}

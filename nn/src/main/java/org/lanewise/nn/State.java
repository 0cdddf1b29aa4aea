package org.lanewise.nn;

import java.util.Objects;
import org.lanewise.kernels.op.Shape;

/**
 * An f32 tensor that is kept from run to run and that no optimizer trains. One that is a component
 * of a model, as running means are, is stored with the weights; others belong to a session, as the
 * keys and values of a text do. Compared by identity.
 */
public final class State implements Operand {
  private final Init init;
  private final Shape shape;
  private final String sessionName;

  private State(Init init, Shape shape, String sessionName) {
    this.init = Objects.requireNonNull(init, "init");
    this.shape = shape;
    this.sessionName = sessionName;
  }

  /** A state of a model. */
  public static State of(Init init, long... dimensions) {
    return new State(init, Shape.of(dimensions), null);
  }

  /**
   * A state that each session has for itself: zeros at first, and kept until the session closes. It
   * is none of the weights, also if a model has it as a component. All functions that a session
   * runs find it by its name.
   */
  public static State ofSession(String name, long... dimensions) {
    return new State(Init.zeros(), Shape.of(dimensions), Objects.requireNonNull(name, "name"));
  }

  /** The name of a session's own state, or null if it is the model's. */
  String sessionName() {
    return sessionName;
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

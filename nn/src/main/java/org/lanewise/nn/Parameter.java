package org.lanewise.nn;

import java.util.Objects;
import org.lanewise.kernels.op.Shape;

/** A trained f32 tensor: its shape and how it starts. Compared by identity, so it can be shared. */
public final class Parameter implements Operand {
  private final Init init;
  private final Shape shape;

  private Parameter(Init init, Shape shape) {
    this.init = Objects.requireNonNull(init, "init");
    this.shape = Objects.requireNonNull(shape, "shape");
  }

  /** A parameter of the given dimensions. */
  public static Parameter of(Init init, long... dimensions) {
    return of(init, Shape.of(dimensions));
  }

  /** A parameter of the given shape. */
  public static Parameter of(Init init, Shape shape) {
    return new Parameter(init, shape);
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
    return "parameter " + shape;
  }
}

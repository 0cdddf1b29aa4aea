package org.lanewise.nn;

import java.util.Objects;
import org.lanewise.kernels.op.Shape;

/**
 * A tensor that never changes and is stored with no model, as in {@code x.add(constant(1f))}: a
 * number is repeated to fill x. Compared by identity.
 */
public final class Constant implements Operand {
  private final HostTensor elements;

  private Constant(HostTensor elements) {
    this.elements = Objects.requireNonNull(elements, "elements");
  }

  /** A number, of no axes. */
  public static Constant constant(float value) {
    return new Constant(HostTensor.of(new float[] {value}));
  }

  /** A tensor, whose data is not copied. */
  public static Constant constant(HostTensor elements) {
    return new Constant(elements);
  }

  /** Its elements. */
  public HostTensor elements() {
    return elements;
  }

  @Override
  public Shape shape() {
    return elements.type().shape();
  }

  @Override
  public String toString() {
    return "constant " + elements.type();
  }
}

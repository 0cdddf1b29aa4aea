package org.lanewise.kernels.op;

/**
 * The scalars of an optimizer step that change from step to step, as an operand f32[3]: learning
 * rate, {@code c₁ = 1/(1−β₁ᵗ)} and {@code c₂ = 1/√(1−β₂ᵗ)}. Optimizers without bias correction
 * leave c₁ and c₂ at 1.
 */
public final class StepScalars {
  /** Index of the learning rate. */
  public static final int LEARNING_RATE = 0;

  /** Index of c₁. */
  public static final int MOMENT1_FACTOR = 1;

  /** Index of c₂. */
  public static final int MOMENT2_FACTOR = 2;

  /** The operand's type. */
  public static final TensorType TYPE = TensorType.f32(3);

  private StepScalars() {}
}

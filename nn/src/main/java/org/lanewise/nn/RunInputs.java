package org.lanewise.nn;

import org.lanewise.kernels.op.DropoutSeed;

/** The inputs of traced functions that no caller names: whoever runs a graph gives them. */
public final class RunInputs {
  /** Which elements are dropped in a run: a {@link DropoutSeed}. */
  public static final String DROPOUT_SEED = "(dropout seed)";

  private RunInputs() {}
}

package org.lanewise.kernels.op;

import java.util.Collections;
import java.util.List;

/** What an op does to what an output holds before. */
public enum Write {
  /** It is replaced by the result, and not read. */
  OVERWRITE,
  /** The result is added to it: {@link Effects.Output#adds} says of which outputs it can be. */
  ADD;

  /** Overwrites so many outputs. */
  public static List<Write> overwriteAll(int outputs) {
    return Collections.nCopies(outputs, OVERWRITE);
  }
}

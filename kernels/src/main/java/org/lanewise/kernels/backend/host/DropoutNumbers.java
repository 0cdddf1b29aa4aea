package org.lanewise.kernels.backend.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DropoutSeed;

/**
 * Which random numbers a dropout op uses when it runs.
 *
 * @param operand a {@link DropoutSeed}
 * @param stream of the op
 */
record DropoutNumbers(MemorySegment operand, int stream) {
  /** Their seed. */
  public long seed() {
    return DropoutSeed.join(word(DropoutSeed.HIGH), word(DropoutSeed.LOW));
  }

  /** Their stream: another one for each op and step. */
  public long streamOfStep() {
    return DropoutSeed.join(word(DropoutSeed.STEP), stream);
  }

  private int word(int index) {
    return operand.getAtIndex(JAVA_INT, index);
  }
}

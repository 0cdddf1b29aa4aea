package org.lanewise.kernels.host;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.RecurrentShape;

/**
 * The operands of recurrent kernels; see {@link org.lanewise.kernels.op.RecurrentOp}. Those that
 * are optional may be null.
 */
public sealed interface RecurrentTensors {
  /** The sizes. */
  RecurrentShape shape();

  /** The rows' lengths, or null if all are those of the longest. */
  MemorySegment lengths();

  /** The length of a row. */
  default int length(long row) {
    return lengths() == null ? shape().time() : lengths().getAtIndex(JAVA_INT, row);
  }

  /** Where the states of a row at some time begin, in [batch, time, hidden]. */
  default long at(long row, int t) {
    return (row * shape().time() + t) * shape().hidden();
  }

  /** The first of some rows that are not at their end at a time, or the end of these rows. */
  default long firstActive(int t, long rowFrom, long rowTo) {
    long row = rowFrom;
    while (row < rowTo && t >= length(row)) {
      row++;
    }
    return row;
  }

  /** The end of the last of some rows that are not at their end at a time, or their beginning. */
  default long endOfActive(int t, long rowFrom, long rowTo) {
    long row = rowTo;
    while (row > rowFrom && t >= length(row - 1)) {
      row--;
    }
    return row;
  }

  /**
   * Checks the lengths.
   *
   * @throws IndexOutOfBoundsException if one is not in 0..time
   */
  static void checkLengths(RecurrentShape shape, MemorySegment lengths) {
    for (long row = 0; lengths != null && row < shape.batch(); row++) {
      int length = lengths.getAtIndex(JAVA_INT, row);
      if (length < 0 || length > shape.time()) {
        throw new IndexOutOfBoundsException(
            "length %d of row %d must be at least 0 and less than %d"
                .formatted(length, row, shape.time() + 1L));
      }
    }
  }

  /** Those of an LSTM. */
  record Lstm(
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment cN,
      MemorySegment activations,
      MemorySegment cells)
      implements RecurrentTensors {}

  /** Those of the gradients of an LSTM. */
  record LstmBackward(
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment cells,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment c0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dcN,
      MemorySegment dGates,
      MemorySegment dh0,
      MemorySegment dc0,
      MemorySegment previous)
      implements RecurrentTensors {}

  /** Those of gated recurrent units. */
  record Gru(
      RecurrentShape shape,
      MemorySegment gates,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment y,
      MemorySegment hN,
      MemorySegment activations,
      MemorySegment candidates)
      implements RecurrentTensors {}

  /** Those of the gradients of gated recurrent units. */
  record GruBackward(
      RecurrentShape shape,
      MemorySegment activations,
      MemorySegment candidates,
      MemorySegment y,
      MemorySegment weight,
      MemorySegment h0,
      MemorySegment lengths,
      MemorySegment dy,
      MemorySegment dhN,
      MemorySegment dGates,
      MemorySegment dProducts,
      MemorySegment dh0,
      MemorySegment previous)
      implements RecurrentTensors {}
}

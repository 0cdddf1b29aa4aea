package org.lanewise.kernels.host;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Broadcast;

/**
 * A tensor that is repeated to fill a matrix.
 *
 * @param broadcast which element belongs to an element of the matrix
 * @param columns of the matrix
 */
public record Repeated(MemorySegment elements, Broadcast broadcast, long columns) {
  /** What belongs to element i of the matrix. */
  public float get(long i) {
    return elements.getAtIndex(JAVA_FLOAT, index(broadcast, columns, i));
  }

  /** The element of a tensor that belongs to element i of the matrix that it fills. */
  public static long index(Broadcast broadcast, long columns, long i) {
    return switch (broadcast) {
      case NONE -> i;
      case SCALAR -> 0;
      case ROW -> i % columns;
      case COLUMN -> i / columns;
    };
  }
}

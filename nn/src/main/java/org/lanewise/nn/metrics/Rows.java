package org.lanewise.nn.metrics;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;

/** The scores and labels of a batch, row by row. */
final class Rows {
  /** The class of a row without one, as a score of it is not a number. */
  static final int NONE = -1;

  /** What is done with a row. */
  interface RowAction {
    void accept(long row, int label);
  }

  private final Source source;
  private final MemorySegment scores;
  private final MemorySegment labels;
  private final DType labelType;
  private final long count;
  private final int columns;

  Rows(Source source, HostTensor scores, HostTensor labels) {
    this.source = source;
    Shape shape = scores.type().shape();
    Shape rows = labels.type().shape();
    boolean isBinary = shape.equals(rows);
    if (!isBinary && (shape.rank() == 0 || !shape.withoutLast().equals(rows))) {
      throw new ShapeException(
          "labels '%s' of '%s' %s must have its shape, or that without the last axis, but are %s"
              .formatted(source.target(), source.output(), scores.type(), labels.type()));
    }
    this.scores = scores.convert(DType.F32).data();
    this.labels = labels.data();
    labelType = labels.type().dtype();
    count = rows.size();
    columns = isBinary ? 1 : Math.toIntExact(shape.dimension(shape.rank() - 1));
  }

  /** Scores of a row. */
  int columns() {
    return columns;
  }

  /** Classes that a row may be of. */
  int classes() {
    return columns == 1 ? 2 : columns;
  }

  float score(long row, long column) {
    return scores.getAtIndex(JAVA_FLOAT, row * columns + column);
  }

  /**
   * Goes through the rows that are not ignored.
   *
   * @throws IndexOutOfBoundsException if the label of one is no class
   */
  void forEach(RowAction action) {
    for (long row = 0; row < count; row++) {
      double label = number(row);
      if (source.ignoreIndex().isPresent() && label == source.ignoreIndex().getAsInt()) {
        continue;
      }
      if (!(label >= 0 && label < classes() && label == (int) label)) {
        throw new IndexOutOfBoundsException(
            "label %s of row %d of '%s' is not one of the %d classes"
                .formatted(label, row, source.target(), classes()));
      }
      action.accept(row, (int) label);
    }
  }

  private double number(long row) {
    return switch (labelType) {
      case F32 -> labels.getAtIndex(JAVA_FLOAT, row);
      case I32 -> labels.getAtIndex(JAVA_INT, row);
      case I64 -> labels.getAtIndex(JAVA_LONG, row);
      case U8 -> Byte.toUnsignedInt(labels.get(JAVA_BYTE, row));
      case F16, BF16 ->
          throw new IllegalArgumentException(
              "labels '%s' must be integers or f32 but are %s"
                  .formatted(source.target(), labelType));
    };
  }

  /** The class that the scores say, or {@link #NONE}. */
  int predicted(long row) {
    if (columns == 1) {
      float score = score(row, 0);
      return Float.isNaN(score) ? NONE : score > 0 ? 1 : 0;
    }
    int best = 0;
    for (int i = 0; i < columns; i++) {
      float score = score(row, i);
      if (Float.isNaN(score)) {
        return NONE;
      }
      if (score > score(row, best)) {
        best = i;
      }
    }
    return best;
  }
}

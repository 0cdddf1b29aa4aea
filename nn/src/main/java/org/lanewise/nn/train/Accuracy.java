package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;

/**
 * The share of rows whose largest logit is that of their label. A row with a NaN has no largest
 * one.
 *
 * @param logits name of an output […, classes]
 * @param labels name of an i32, i64 or u8 tensor […] of the batch
 */
record Accuracy(String logits, String labels) implements Metric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public Measurement start() {
    return new Measurement() {
      private long correct;
      private long rows;

      @Override
      public void add(Function<String, HostTensor> tensors, int samples) {
        MemorySegment scores = tensors.apply(logits).data();
        MemorySegment wanted = tensors.apply(labels).convert(DType.I32).data();
        long count = wanted.byteSize() / Integer.BYTES;
        long classes = count == 0 ? 0 : scores.byteSize() / Float.BYTES / count;
        for (long row = 0; row < count; row++) {
          if (largest(scores, row * classes, classes) == wanted.getAtIndex(JAVA_INT, row)) {
            correct++;
          }
        }
        rows += count;
      }

      @Override
      public double value() {
        return (double) correct / rows;
      }
    };
  }

  /** The position of the largest element, the first one if there are several; −1 if one is NaN. */
  private static long largest(MemorySegment values, long from, long count) {
    long best = 0;
    for (long i = 0; i < count; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, from + i);
      if (Float.isNaN(value)) {
        return -1;
      }
      if (value > values.getAtIndex(JAVA_FLOAT, from + best)) {
        best = i;
      }
    }
    return best;
  }
}

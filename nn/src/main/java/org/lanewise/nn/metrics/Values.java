package org.lanewise.nn.metrics;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;

/** The outputs and targets of a batch of a regression, element by element. */
final class Values {
  private final MemorySegment outputs;
  private final MemorySegment targets;
  private final long count;

  Values(Source source, HostTensor outputs, HostTensor targets) {
    if (!outputs.type().shape().equals(targets.type().shape())) {
      throw new ShapeException(
          "'%s' %s must have the shape of '%s' %s"
              .formatted(source.output(), outputs.type(), source.target(), targets.type()));
    }
    this.outputs = outputs.convert(DType.F32).data();
    this.targets = targets.convert(DType.F32).data();
    count = outputs.type().shape().size();
  }

  long count() {
    return count;
  }

  double output(long index) {
    return outputs.getAtIndex(JAVA_FLOAT, index);
  }

  double target(long index) {
    return targets.getAtIndex(JAVA_FLOAT, index);
  }
}

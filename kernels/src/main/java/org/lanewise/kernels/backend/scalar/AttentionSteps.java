package org.lanewise.kernels.backend.scalar;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;

/** Attention with the scalar twins. */
final class AttentionSteps {
  private AttentionSteps() {}

  static Step bind(AttentionOp op, Operands in, Operands out) {
    AttentionShape shape = op.shape(in.types());
    MemorySegment q = in.segment(0);
    MemorySegment k = in.segment(1);
    MemorySegment v = in.segment(2);
    MemorySegment mask = op.masked() ? in.segment(3) : null;
    int next = op.masked() ? 4 : 3;
    return switch (op) {
      case AttentionOp.Attention _ ->
          () ->
              ScalarAttentionKernels.INSTANCE.forward(
                  shape,
                  q,
                  k,
                  v,
                  mask,
                  out.segment(0),
                  out.segment(1),
                  0,
                  ScalarAttentionKernels.units(shape));
      case AttentionOp.AttentionBackward backward ->
          () ->
              ScalarAttentionKernels.INSTANCE.backward(
                  shape,
                  q,
                  k,
                  v,
                  mask,
                  in.segment(next),
                  in.segment(next + 1),
                  in.segment(next + 2),
                  out.adds(0),
                  out.adds(1),
                  out.adds(2),
                  out.segment(0),
                  out.segment(1),
                  out.segment(2),
                  0,
                  (long) shape.batch() * shape.heads());
    };
  }
}

package org.lanewise.kernels.backend.cpu;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.host.Operands;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;
import org.lanewise.kernels.simd.attention.SimdAttentionKernels;

/** Attention with the SIMD kernels. */
final class AttentionSteps {
  private AttentionSteps() {}

  static RangeTask bind(AttentionOp op, Operands in, Operands out) {
    AttentionShape shape = op.shape(in.types());
    MemorySegment q = in.segment(0);
    MemorySegment k = in.segment(1);
    MemorySegment v = in.segment(2);
    MemorySegment mask = op.masked() ? in.segment(3) : null;
    return switch (op) {
      case AttentionOp.Attention _ -> {
        MemorySegment o = out.segment(0);
        MemorySegment normalizers = out.segment(1);
        yield RangeTask.overRows(
            ScalarAttentionKernels.units(shape),
            shape.work(ScalarAttentionKernels.UNIT),
            (from, to) ->
                SimdAttentionKernels.INSTANCE.forward(
                    shape, q, k, v, mask, o, normalizers, from, to));
      }
      case AttentionOp.AttentionBackward backward -> {
        int next = op.masked() ? 4 : 3;
        MemorySegment o = in.segment(next);
        MemorySegment normalizers = in.segment(next + 1);
        MemorySegment dO = in.segment(next + 2);
        MemorySegment dQ = out.segment(0);
        MemorySegment dK = out.segment(1);
        MemorySegment dV = out.segment(2);
        yield RangeTask.overRows(
            (long) shape.batch() * shape.heads(),
            shape.work(shape.queries()),
            (from, to) ->
                SimdAttentionKernels.INSTANCE.backward(
                    shape,
                    q,
                    k,
                    v,
                    mask,
                    o,
                    normalizers,
                    dO,
                    out.adds(0),
                    out.adds(1),
                    out.adds(2),
                    dQ,
                    dK,
                    dV,
                    from,
                    to));
      }
    };
  }
}

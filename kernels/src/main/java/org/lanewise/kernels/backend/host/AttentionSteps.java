package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AttentionKernels;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;

/** Attention. */
record AttentionSteps(AttentionKernels attention) {
  PoolRunnable bind(AttentionOp op, Operands in, Operands out) {
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
            (from, to) -> attention.forward(shape, q, k, v, mask, o, normalizers, from, to));
      }
      case AttentionOp.AttentionBackward _ -> {
        int next = op.masked() ? 4 : 3;
        MemorySegment o = in.segment(next);
        MemorySegment normalizers = in.segment(next + 1);
        MemorySegment dO = in.segment(next + 2);
        MemorySegment dQ = out.segment(0);
        MemorySegment dK = out.segment(1);
        MemorySegment dV = out.segment(2);
        boolean addsQ = out.adds(0);
        boolean addsK = out.adds(1);
        boolean addsV = out.adds(2);
        yield RangeTask.overRows(
            (long) shape.batch() * shape.keyValueHeads(),
            shape.workOfKeyValueHead(),
            (from, to) ->
                attention.backward(
                    shape,
                    q,
                    k,
                    v,
                    mask,
                    o,
                    normalizers,
                    dO,
                    addsQ,
                    addsK,
                    addsV,
                    dQ,
                    dK,
                    dV,
                    from,
                    to));
      }
    };
  }
}

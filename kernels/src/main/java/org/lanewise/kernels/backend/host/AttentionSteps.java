package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.AttentionKernels;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.scalar.ScalarAttentionKernels;

/** Attention. */
record AttentionSteps(AttentionKernels attention) {
  PoolRunnable bind(AttentionOp op, Operands in, Operands out) {
    AttentionForm form = op.form();
    AttentionShape shape = op.shape(in.types());
    MemorySegment q = in.segment(0);
    MemorySegment k = in.segment(form.keyIndex());
    MemorySegment v = in.segment(form.valueIndex());
    MemorySegment mask = form.masked() ? in.segment(form.maskIndex()) : null;
    return switch (op) {
      case AttentionOp.Attention _ -> {
        MemorySegment o = out.segment(0);
        MemorySegment normalizers = out.segment(1);
        MemorySegment position = form.positioned() ? in.segment(form.positionIndex()) : null;
        RangeTask task =
            RangeTask.overRows(
                ScalarAttentionKernels.units(shape),
                shape.work(ScalarAttentionKernels.UNIT),
                (from, to) ->
                    attention.forward(shape, q, k, v, mask, position, o, normalizers, from, to));
        yield position == null
            ? task
            : new Positions(position, shape.batch(), shape.keys() - shape.queries() + 1L)
                .checkedBefore(task);
      }
      case AttentionOp.AttentionBackward _ -> {
        int next = form.inputs();
        MemorySegment o = in.segment(next);
        MemorySegment normalizers = in.segment(next + 1);
        MemorySegment dO = in.segment(next + 2);
        MemorySegment dQ = out.segment(0);
        MemorySegment dK = out.segment(form.keyIndex());
        MemorySegment dV = out.segment(form.valueIndex());
        boolean addsQ = out.adds(0);
        boolean addsK = out.adds(form.keyIndex());
        boolean addsV = out.adds(form.valueIndex());
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

package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.GruKernels;
import org.lanewise.kernels.host.LstmKernels;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.RecurrentShape;
import org.lanewise.kernels.parallel.PoolRunnable;
import org.lanewise.kernels.parallel.RangeTask;

/** Recurrent layers. */
record RecurrentSteps(LstmKernels lstm, GruKernels gru) {
  PoolRunnable bind(RecurrentOp op, Operands in, Operands out) {
    RecurrentTensors x = tensors(op, in, out);
    RecurrentShape shape = x.shape();
    RangeTask task =
        RangeTask.overItems(shape.batch(), shape.work(op.gates()), kernel(x)).oncePerThread();
    return pool -> {
      RecurrentTensors.checkLengths(shape, x.lengths());
      task.run(pool);
    };
  }

  private RangeTask.Kernel kernel(RecurrentTensors tensors) {
    return switch (tensors) {
      case RecurrentTensors.Lstm x -> (from, to) -> lstm.forward(x, from, to);
      case RecurrentTensors.LstmBackward x -> (from, to) -> lstm.backward(x, from, to);
      case RecurrentTensors.Gru x -> (from, to) -> gru.forward(x, from, to);
      case RecurrentTensors.GruBackward x -> (from, to) -> gru.backward(x, from, to);
    };
  }

  private static RecurrentTensors tensors(RecurrentOp op, Operands in, Operands out) {
    RecurrentShape shape = op.shape(in.types());
    return switch (op) {
      case RecurrentOp.Lstm _ ->
          new RecurrentTensors.Lstm(
              shape,
              in.segment(0),
              in.segment(1),
              in.segment(2),
              input("h0", op, in),
              input("c0", op, in),
              input("lengths", op, in),
              out.segment(0),
              out.segment(1),
              out.segment(2),
              out.segment(3),
              out.segment(4));
      case RecurrentOp.LstmBackward _ ->
          new RecurrentTensors.LstmBackward(
              shape,
              in.segment(0),
              in.segment(1),
              in.segment(2),
              in.segment(3),
              input("h0", op, in),
              input("c0", op, in),
              input("lengths", op, in),
              input("dy", op, in),
              input("dhN", op, in),
              input("dcN", op, in),
              out.segment(0),
              out.segment(1),
              out.segment(2),
              out.segment(3));
      case RecurrentOp.Gru _ ->
          new RecurrentTensors.Gru(
              shape,
              in.segment(0),
              in.segment(1),
              in.segment(2),
              input("h0", op, in),
              input("lengths", op, in),
              out.segment(0),
              out.segment(1),
              out.segment(2),
              out.segment(3));
      case RecurrentOp.GruBackward _ ->
          new RecurrentTensors.GruBackward(
              shape,
              in.segment(0),
              in.segment(1),
              in.segment(2),
              in.segment(3),
              input("h0", op, in),
              input("lengths", op, in),
              input("dy", op, in),
              input("dhN", op, in),
              out.segment(0),
              out.segment(1),
              out.segment(2),
              out.segment(3));
    };
  }

  /** An optional input, or null. */
  private static MemorySegment input(String name, RecurrentOp op, Operands in) {
    int index = op.inputs().indexOf(name);
    return index < 0 ? null : in.segment(index);
  }
}

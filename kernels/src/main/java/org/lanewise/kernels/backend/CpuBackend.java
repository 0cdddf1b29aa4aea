package org.lanewise.kernels.backend;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.ActivationKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.LossKernels;
import org.lanewise.kernels.simd.OptimizerKernels;
import org.lanewise.kernels.simd.ReductionKernels;
import org.lanewise.kernels.simd.gemm.f32.Product;

/**
 * Runs ops with the SIMD kernels on a worker pool of its own. Results have the same bits for any
 * number of threads.
 */
public final class CpuBackend extends HostBackend {
  private final WorkerPool pool;

  /**
   * A backend with its own threads.
   *
   * @param threads 1 to 1024
   */
  public CpuBackend(int threads) {
    pool = new WorkerPool(threads);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "%d-bit vectors, %d thread%s"
        .formatted(Lanes.F32.vectorBitSize(), pool.threads(), pool.threads() == 1 ? "" : "s");
  }

  @Override
  Step bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case Op.Gemm gemm -> gemm(gemm, in, out);
      case Op.Activate activate -> {
        MemorySegment x = in.segment(0);
        MemorySegment y = out.segment(0);
        yield elements(
            in.size(0),
            (from, to) -> ActivationKernels.forward(activate.function(), x, y, from, to));
      }
      case Op.ActivateBackward(var function, var accumulate) -> {
        MemorySegment y = in.segment(0);
        MemorySegment dy = in.segment(1);
        MemorySegment dx = out.segment(0);
        yield elements(
            in.size(0),
            (from, to) -> ActivationKernels.backward(function, accumulate, y, dy, dx, from, to));
      }
      case Op.ColumnSums(var accumulate) -> {
        MemorySegment x = in.segment(0);
        MemorySegment sums = out.segment(0);
        long rows = in.dimension(0, 0);
        long columns = in.dimension(0, 1);
        yield step(
            RangeTask.overColumns(
                rows,
                columns,
                (from, to) ->
                    ReductionKernels.columnSums(x, rows, columns, accumulate, sums, from, to)));
      }
      case Op.SoftmaxCrossEntropy _ -> crossEntropy(in, out);
      case Op.SoftmaxCrossEntropyBackward _ -> {
        MemorySegment logits = in.segment(0);
        MemorySegment labels = in.segment(1);
        MemorySegment logSumExp = in.segment(2);
        MemorySegment dLogits = out.segment(0);
        long rows = in.dimension(0, 0);
        long columns = in.dimension(0, 1);
        yield step(
            RangeTask.overRows(
                rows,
                columns,
                (from, to) ->
                    LossKernels.crossEntropyBackward(
                        logits, labels, logSumExp, dLogits, rows, columns, from, to)));
      }
      case Op.MeanSquaredError _ -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment loss = out.segment(0);
        long size = in.size(0);
        yield () -> LossKernels.meanSquaredError(prediction, target, size, loss);
      }
      case Op.MeanSquaredErrorBackward _ -> {
        MemorySegment prediction = in.segment(0);
        MemorySegment target = in.segment(1);
        MemorySegment dPrediction = out.segment(0);
        long size = in.size(0);
        yield elements(
            size,
            (from, to) ->
                LossKernels.meanSquaredErrorBackward(
                    prediction, target, dPrediction, size, from, to));
      }
      case Op.Update update -> update(update, in, out);
    };
  }

  private Step gemm(Op.Gemm op, Operands in, Operands out) {
    long m = out.dimension(0, 0);
    long n = out.dimension(0, 1);
    Product product =
        new Product()
            .size(m, n, in.dimension(0, op.transA() == Transpose.NO ? 1 : 0))
            .left(op.alpha(), op.transA(), in.segment(0), 0, in.dimension(0, 1))
            .right(op.transB(), in.segment(1), 0, in.dimension(1, 1))
            .result(op.accumulate() ? 1f : 0f, out.segment(0), 0, n)
            .epilogue(op.epilogue(), op.epilogue().hasBias() ? in.segment(2) : null, 0, null, 0, 0);
    return () -> product.run(pool);
  }

  private Step crossEntropy(Operands in, Operands out) {
    MemorySegment logits = in.segment(0);
    MemorySegment labels = in.segment(1);
    MemorySegment loss = out.segment(0);
    MemorySegment logSumExp = out.segment(1);
    long rows = in.dimension(0, 0);
    long columns = in.dimension(0, 1);
    RangeTask eachRow =
        RangeTask.overRows(
            rows,
            columns,
            (from, to) ->
                LossKernels.crossEntropyRows(logits, labels, logSumExp, columns, from, to));
    return () -> {
      eachRow.run(pool);
      LossKernels.crossEntropyMean(logits, labels, logSumExp, rows, columns, loss);
    };
  }

  private Step update(Op.Update update, Operands in, Operands out) {
    MemorySegment gradient = in.segment(0);
    MemorySegment scalars = in.segment(1);
    MemorySegment parameters = out.segment(0);
    return elements(
        in.size(0),
        switch (update) {
          case Op.Sgd sgd -> {
            MemorySegment velocity = sgd.momentum() == 0 ? null : out.segment(1);
            yield (from, to) ->
                OptimizerKernels.sgd(sgd, gradient, scalars, parameters, velocity, from, to);
          }
          case Op.RmsProp rmsProp -> {
            MemorySegment moment2 = out.segment(1);
            yield (from, to) ->
                OptimizerKernels.rmsProp(rmsProp, gradient, scalars, parameters, moment2, from, to);
          }
          case Op.Adam adam -> {
            MemorySegment moment1 = out.segment(1);
            MemorySegment moment2 = out.segment(2);
            yield (from, to) ->
                OptimizerKernels.adam(
                    adam, gradient, scalars, parameters, moment1, moment2, from, to);
          }
        });
  }

  private Step elements(long size, RangeTask.Kernel kernel) {
    return step(RangeTask.overElements(size, kernel));
  }

  private Step step(RangeTask task) {
    return () -> task.run(pool);
  }

  @Override
  public void close() {
    super.close();
    pool.close();
  }
}

package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.host.ElementLossKernels;
import org.lanewise.kernels.host.LossKernels;
import org.lanewise.kernels.op.LossOp;

/** Losses on a device. */
final class LossSteps {
  private LossSteps() {}

  static Step bind(LossOp op, Operands in, Operands out, Launcher launcher) {
    long size = in.size(0);
    return switch (op) {
      case LossOp.SoftmaxCrossEntropy loss -> CrossEntropySteps.bind(loss, in, out, launcher);
      case LossOp.SoftmaxCrossEntropyOfRows losses ->
          CrossEntropySteps.bind(losses, in, out, launcher);
      case LossOp.SoftmaxCrossEntropyBackward backward ->
          CrossEntropySteps.bind(backward, in, out, launcher);
      case LossOp.MeanSquaredError _ ->
          forward("squared_error", LossKernels.CHUNK, 0f, size, in, out, launcher);
      case LossOp.MeanSquaredErrorBackward _ ->
          backward("squared_error", 2f / size, 0f, in, out, launcher);
      case LossOp.BinaryCrossEntropy(var reduction) ->
          forward(
              "binary_cross_entropy",
              ElementLossKernels.CHUNK,
              0f,
              reduction.divisor(size),
              in,
              out,
              launcher);
      case LossOp.BinaryCrossEntropyBackward(var reduction) ->
          backward("binary_cross_entropy", reduction.scale(size), 0f, in, out, launcher);
      case LossOp.Huber(var delta, var reduction) ->
          forward(
              "huber", ElementLossKernels.CHUNK, delta, reduction.divisor(size), in, out, launcher);
      case LossOp.HuberBackward(var delta, var reduction) ->
          backward("huber", reduction.scale(size), delta, in, out, launcher);
    };
  }

  private static Step forward(
      String term,
      long chunk,
      float delta,
      double divisor,
      Operands in,
      Operands out,
      Launcher launcher) {
    long chunks = Math.ceilDiv(in.size(0), chunk);
    Operand sums = launcher.scratch(chunks);
    Step eachChunk =
        launcher
            .kernel("loss.cl", "chunk_sums", "TERM=" + term)
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(sums)
            .number(in.size(0))
            .number(chunk)
            .real(delta)
            .over(chunks);
    Step total =
        launcher
            .kernel("loss.cl", "total", "TERM=" + term)
            .tensor(sums)
            .tensor(out.get(0))
            .number(chunks)
            .real(divisor)
            .over(1);
    return launcher.sequence(eachChunk, total);
  }

  private static Step backward(
      String term, float scale, float delta, Operands in, Operands out, Launcher launcher) {
    return launcher
        .kernel("loss.cl", "loss_backward", "GRADIENT=" + term + "_gradient")
        .tensor(in.get(0))
        .tensor(in.get(1))
        .tensor(out.get(0))
        .number(in.size(0))
        .real(scale)
        .real(delta)
        .overVectors(in.size(0));
  }
}

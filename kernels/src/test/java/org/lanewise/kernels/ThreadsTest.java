package org.lanewise.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.parallel.WorkerPool;

/** Results have the same bits for any number of threads. */
class ThreadsTest {
  private static final int ROWS = 701;
  private static final int COLUMNS = 313;
  private static final long SIZE = (long) ROWS * COLUMNS;

  /** A kernel on shared memory: two inputs, two tensors that it may update. */
  @FunctionalInterface
  interface Call {
    void run(
        WorkerPool pool, MemorySegment x, MemorySegment z, MemorySegment out, MemorySegment state);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        call(
            "forward",
            (pool, x, z, out, state) ->
                Activations.forward(pool, Activation.SIGMOID, SIZE, x, out)),
        call(
            "backward",
            (pool, x, z, out, state) ->
                Activations.backward(pool, Activation.TANH, true, SIZE, x, z, out)),
        call("softmax", (pool, x, z, out, state) -> Softmax.softmax(pool, ROWS, COLUMNS, x, out)),
        call(
            "logSumExp",
            (pool, x, z, out, state) -> Softmax.logSumExp(pool, ROWS, COLUMNS, x, out)),
        call(
            "columnSums",
            (pool, x, z, out, state) -> Reductions.columnSums(pool, ROWS, COLUMNS, false, x, out)),
        call(
            "crossEntropy",
            (pool, x, z, out, state) -> {
              MemorySegment labels = state.asSlice(SIZE * Float.BYTES - ROWS * Float.BYTES);
              labels.fill((byte) 0);
              Losses.crossEntropy(pool, ROWS, COLUMNS, x, labels, out, state.asSlice(0, 4));
              Losses.crossEntropyBackward(
                  pool, ROWS, COLUMNS, x, labels, out.asSlice(0, 2 * ROWS * Float.BYTES), z);
            }),
        call(
            "meanSquaredErrorBackward",
            (pool, x, z, out, state) -> Losses.meanSquaredErrorBackward(pool, SIZE, x, z, out)),
        call(
            "sgd",
            (pool, x, z, out, state) ->
                Optimizers.sgd(
                    pool, new UpdateOp.Sgd(0.9, true, 0.1), 0.1, 1, 1, SIZE, x, out, state)),
        call(
            "clip",
            (pool, x, z, out, state) ->
                Clipping.clip(pool, new ClipOp.ClipValue(0.5), 0.5, SIZE, x, out)),
        call(
            "rmsProp",
            (pool, x, z, out, state) ->
                Optimizers.rmsProp(
                    pool,
                    new UpdateOp.RmsProp(0.9, 1e-8, 0, 0, true),
                    0.1,
                    0.5,
                    SIZE,
                    x,
                    out,
                    state,
                    z,
                    null)),
        call(
            "adam",
            (pool, x, z, out, state) ->
                Optimizers.adam(
                    pool,
                    new UpdateOp.Adam(0.9, 0.99, 1e-8, 0, false),
                    0.1,
                    1,
                    3,
                    SIZE,
                    x,
                    out,
                    z,
                    state,
                    null)),
        call(
            "adagrad",
            (pool, x, z, out, state) ->
                Optimizers.adagrad(pool, 0, 1e-10, 0, 0.1, 1, 3, SIZE, x, out, state)),
        call(
            "binary",
            (pool, x, z, out, state) -> {
              Elementwise.binary(
                  pool, BinaryFunction.DIVIDE, Broadcast.ROW, true, ROWS, COLUMNS, x, z, out);
              Elementwise.gradientY(
                  pool,
                  BinaryFunction.DIVIDE,
                  Broadcast.COLUMN,
                  false,
                  ROWS,
                  COLUMNS,
                  x,
                  z,
                  out,
                  state);
            }),
        call(
            "rowSums",
            (pool, x, z, out, state) -> Reductions.rowSums(pool, ROWS, COLUMNS, true, x, out)),
        call(
            "gatherBackward",
            (pool, x, z, out, state) -> {
              state.fill((byte) 0);
              state.setAtIndex(ValueLayout.JAVA_INT, 5, ROWS - 1);
              Embeddings.gatherBackward(pool, ROWS, COLUMNS, ROWS, false, x, state, out);
            }),
        call(
            "dropout", (pool, x, z, out, state) -> Dropout.dropout(pool, 1, 2, 0.3f, SIZE, x, out)),
        call(
            "layouts",
            (pool, x, z, out, state) -> {
              Layouts.transpose(pool, 1, ROWS, COLUMNS, x, out);
              Layouts.swapMiddleAxes(pool, 1, ROWS, COLUMNS, 1, x, z);
              Layouts.pad(pool, ROWS - 2, COLUMNS - 3, 1, 1, 1, 2, 5f, x, state);
            }),
        call(
            "softmaxOverAxis",
            (pool, x, z, out, state) -> Softmax.softmaxOverAxis(pool, 1, ROWS, COLUMNS, x, out)),
        call(
            "layerNorm",
            (pool, x, z, out, state) -> {
              MemorySegment mean = state.asSlice(0, ROWS * Float.BYTES);
              MemorySegment rstd = state.asSlice(ROWS * Float.BYTES, ROWS * Float.BYTES);
              Norms.layerNorm(pool, ROWS, COLUMNS, 1e-5f, x, z, z, out, mean, rstd);
              Norms.layerNormBackward(pool, ROWS, COLUMNS, true, x, z, mean, rstd, x, out);
              Norms.layerNormParameterGradients(
                  pool,
                  ROWS,
                  COLUMNS,
                  true,
                  x,
                  mean,
                  rstd,
                  out,
                  z.asSlice(0, COLUMNS * Float.BYTES),
                  z.asSlice(COLUMNS * Float.BYTES, COLUMNS * Float.BYTES));
            }),
        call(
            "groupNorm",
            (pool, x, z, out, state) -> {
              MemorySegment mean = state.asSlice(0, ROWS * Float.BYTES);
              MemorySegment rstd = state.asSlice(ROWS * Float.BYTES, ROWS * Float.BYTES);
              GroupNorm.forward(pool, ROWS, 1, COLUMNS, 1, 1e-5f, x, z, z, out, mean, rstd);
              GroupNorm.forward(pool, 1, ROWS, ROWS, COLUMNS, 1e-5f, out, z, z, out, mean, rstd);
              GroupNorm.backward(pool, 1, ROWS, ROWS, COLUMNS, true, x, z, mean, rstd, x, out);
              GroupNorm.parameterGradients(
                  pool,
                  1,
                  ROWS,
                  ROWS,
                  COLUMNS,
                  true,
                  x,
                  mean,
                  rstd,
                  out,
                  z.asSlice(0, ROWS * Float.BYTES),
                  z.asSlice(ROWS * Float.BYTES, ROWS * Float.BYTES));
            }),
        call(
            "batchNorm",
            (pool, x, z, out, state) -> {
              MemorySegment[] s = new MemorySegment[6];
              for (int i = 0; i < s.length; i++) {
                s[i] = state.asSlice(i * ROWS * Float.BYTES, ROWS * Float.BYTES);
              }
              Norms.batchNormTraining(
                  pool, ROWS, COLUMNS, 1, 1e-5f, 0.1f, x, z, z, out, s[0], s[1], s[2], s[3]);
              Norms.batchNormBackward(
                  pool, ROWS, COLUMNS, 1, true, true, true, x, z, s[0], s[1], x, out, s[4], s[5]);
              Norms.batchNormTraining(
                  pool, 1, ROWS, COLUMNS, 1e-5f, 0.1f, x, out, out, z, s[0], s[1], s[2], s[3]);
            }),
        call(
            "attention",
            (pool, x, z, out, state) -> {
              AttentionShape shape = AttentionShape.fused(3, 2, 1, 300, 20).withCausal();
              long from = 3L * 300 * 40 * Float.BYTES;
              MemorySegment normalizers = out.asSlice(from, 2 * 3L * 2 * 300 * Float.BYTES);
              Attention.forward(pool, shape, x, x, x, null, out, normalizers);
              Attention.backward(
                  pool,
                  shape,
                  x,
                  x,
                  x,
                  null,
                  out,
                  normalizers,
                  z,
                  true,
                  state,
                  true,
                  state,
                  true,
                  state);
            }),
        call("uniform", (pool, x, z, out, state) -> Random.uniform(pool, 1, 2, 0f, 1f, SIZE, out)),
        call("normal", (pool, x, z, out, state) -> Random.normal(pool, 1, 2, 0f, 1f, SIZE, out)));
  }

  private static Arguments call(String name, Call call) {
    return Arguments.of(name, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void theNumberOfThreadsDoesNotMatter(String name, Call call) {
    int[] single = run(1, call);
    for (int threads = 2; threads <= 5; threads++) {
      assertThat(run(threads, call)).as("%d threads", threads).isEqualTo(single);
    }
  }

  private static int[] run(int threads, Call call) {
    try (WorkerPool pool = new WorkerPool(threads);
        Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, SIZE, 2, 1);
      TestTensor z = TestTensor.normal(arena, SIZE, 2, 2);
      TestTensor out = TestTensor.normal(arena, SIZE, 1, 3);
      TestTensor state = TestTensor.zeros(arena, SIZE);
      call.run(pool, x.segment(), z.segment(), out.segment(), state.segment());
      out.assertGuardsIntact();
      return Stream.of(out, z, state).map(TestTensor::bits).flatMapToInt(IntStream::of).toArray();
    }
  }
}

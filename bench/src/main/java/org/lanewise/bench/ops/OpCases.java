package org.lanewise.bench.ops;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lanewise.kernels.arrays.Activations;
import org.lanewise.kernels.arrays.Losses;
import org.lanewise.kernels.arrays.Norms;
import org.lanewise.kernels.arrays.Softmax;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.UpdateOp;

/** The ops that are measured, at sizes beyond the caches. */
final class OpCases {
  /** Labels and indices are less than that. */
  static final int CLASSES = 1000;

  private static final int MILLIONS = 4 << 20;

  private final List<OpCase> cases = new ArrayList<>();

  private OpCases() {}

  static List<OpCase> all() {
    OpCases all = new OpCases();
    all.activations();
    all.attention();
    all.norms();
    all.softmax();
    all.losses();
    all.updates();
    return all.cases;
  }

  private void add(String name, Op op, OpCase.OnArrays arrays, TensorType... inputs) {
    cases.add(new OpCase(name, op, List.of(inputs), arrays));
  }

  private void activations() {
    int n = MILLIONS;
    for (Activation f : Activation.values()) {
      String name = f.name().toLowerCase(Locale.ROOT);
      add(
          name,
          new ActivationOp.Activate(f),
          (pool, in, out) -> Activations.forward(pool, f, n, (float[]) in[0], (float[]) out[0]),
          f32(n));
      add(
          name + "-backward",
          new ActivationOp.ActivateBackward(f, false),
          (pool, in, out) ->
              Activations.backward(
                  pool, f, false, n, (float[]) in[0], (float[]) in[1], (float[]) out[0]),
          f32(n),
          f32(n));
    }
  }

  private void attention() {
    TensorType q = f32(8, 6, 256, 64);
    TensorType lse = f32(8, 6, 256);
    add("attention", new AttentionOp.Attention(true, false, 0), null, q, q, q);
    add(
        "attention-backward",
        new AttentionOp.AttentionBackward(true, false, 0, false, false, false),
        null,
        q,
        q,
        q,
        q,
        lse,
        q);
  }

  private void norms() {
    int rows = 4096;
    int columns = 768;
    add(
        "layer-norm",
        new NormOp.LayerNorm(1e-5f),
        (pool, in, out) ->
            Norms.layerNorm(
                pool,
                rows,
                columns,
                1e-5f,
                (float[]) in[0],
                (float[]) in[1],
                (float[]) in[2],
                (float[]) out[0],
                (float[]) out[1],
                (float[]) out[2]),
        f32(rows, columns),
        f32(columns),
        f32(columns));
    add(
        "layer-norm-backward",
        new NormOp.LayerNormBackward(false),
        (pool, in, out) ->
            Norms.layerNormBackward(
                pool,
                rows,
                columns,
                false,
                (float[]) in[0],
                (float[]) in[1],
                (float[]) in[2],
                (float[]) in[3],
                (float[]) in[4],
                (float[]) out[0]),
        f32(rows, columns),
        f32(columns),
        f32(rows),
        f32(rows),
        f32(rows, columns));
    add(
        "batch-norm",
        new NormOp.BatchNorm(1e-5f, 0.1f, true),
        null,
        f32(32, 64, 56, 56),
        f32(64),
        f32(64),
        f32(64),
        f32(64));
  }

  private void softmax() {
    softmax("softmax", 1024, 1024);
    softmax("softmax-vocabulary", 64, 50257);
    add("causal-softmax", new SoftmaxOp.CausalSoftmax(), null, f32(96, 512, 512));
  }

  private void softmax(String name, int rows, int columns) {
    add(
        name,
        new SoftmaxOp.Softmax(-1),
        (pool, in, out) -> Softmax.softmax(pool, rows, columns, (float[]) in[0], (float[]) out[0]),
        f32(rows, columns));
  }

  private void losses() {
    int rows = 1024;
    int columns = CLASSES;
    add(
        "cross-entropy",
        new LossOp.SoftmaxCrossEntropy(),
        (pool, in, out) ->
            Losses.crossEntropy(
                pool,
                rows,
                columns,
                (float[]) in[0],
                (int[]) in[1],
                (float[]) out[1],
                (float[]) out[0]),
        f32(rows, columns),
        i32(rows));
  }

  private void updates() {
    int n = 10_000_000;
    UpdateOp.Adam adam = new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true);
    add("adamw", adam, null, f32(n), StepScalars.TYPE);
    add("sgd-momentum", new UpdateOp.Sgd(0.9, false, 0), null, f32(n), StepScalars.TYPE);
  }
}

package org.lanewise.bench.ops;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lanewise.kernels.arrays.Activations;
import org.lanewise.kernels.arrays.Elementwise;
import org.lanewise.kernels.arrays.Embeddings;
import org.lanewise.kernels.arrays.Layouts;
import org.lanewise.kernels.arrays.Losses;
import org.lanewise.kernels.arrays.Norms;
import org.lanewise.kernels.arrays.Softmax;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.DropoutSeed;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.op.Window;

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
    all.images();
    all.norms();
    all.softmax();
    all.losses();
    all.elementwise();
    all.lookups();
    all.layouts();
    all.conversions();
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
          new ActivationOp.ActivateBackward(f),
          (pool, in, out) ->
              Activations.backward(
                  pool, f, false, n, (float[]) in[0], (float[]) in[1], (float[]) out[0]),
          f32(n),
          f32(n));
    }
  }

  private void images() {
    Window window = Window.of(3).withPadding(1);
    TensorType x = f32(64, 32, 28, 28);
    TensorType weight = f32(64, 32, 3, 3);
    TensorType y = f32(64, 64, 28, 28);
    add("convolution", new ConvolutionOp.Convolution(window, 1, Epilogue.NONE), null, x, weight);
    add(
        "convolution-input-gradient",
        new ConvolutionOp.TransposedConvolution(window, 1, 28, 28),
        null,
        y,
        weight);
    add(
        "convolution-weight-gradient",
        new ConvolutionOp.ConvolutionWeightGradient(window, 1),
        null,
        x,
        y);
    TensorType wide = f32(32, 64, 56, 56);
    add(
        "depthwise",
        new ConvolutionOp.Convolution(window, 64, Epilogue.NONE),
        null,
        wide,
        f32(64, 1, 3, 3));
    add("max-pooling", new PoolingOp.MaxPooling(Window.of(2).withStride(2)), null, wide);
    add("max-pooling-overlapping", new PoolingOp.MaxPooling(window.withStride(2)), null, wide);
    add(
        "max-pooling-backward",
        new PoolingOp.MaxPoolingBackward(56, 56),
        null,
        f32(32, 64, 28, 28),
        i32(32, 64, 28, 28));
  }

  private void attention() {
    TensorType qkv = f32(8, 256, 3 * 6 * 64);
    TensorType o = f32(8, 256, 6 * 64);
    TensorType normalizers = f32(8, 6, 256, 2);
    AttentionForm form = AttentionForm.of(6).withFused().withCausal();
    add("attention", new AttentionOp.Attention(form), null, qkv);
    add(
        "attention-backward",
        new AttentionOp.AttentionBackward(form),
        null,
        qkv,
        o,
        normalizers,
        o);
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
        new NormOp.LayerNormBackward(),
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

  private void elementwise() {
    int rows = 4096;
    int columns = 1024;
    add(
        "add-row",
        new ElementwiseOp.Binary(BinaryFunction.ADD),
        (pool, in, out) ->
            Elementwise.binary(
                pool,
                BinaryFunction.ADD,
                Broadcast.ROW,
                false,
                rows,
                columns,
                (float[]) in[0],
                (float[]) in[1],
                (float[]) out[0]),
        f32(rows, columns),
        f32(columns));
    add(
        "mul",
        new ElementwiseOp.Binary(BinaryFunction.MULTIPLY),
        (pool, in, out) ->
            Elementwise.binary(
                pool,
                BinaryFunction.MULTIPLY,
                Broadcast.NONE,
                false,
                rows,
                columns,
                (float[]) in[0],
                (float[]) in[1],
                (float[]) out[0]),
        f32(rows, columns),
        f32(rows, columns));
    add("sum", new ReductionOp.Sum(Shape.of()), null, f32(rows, columns));
    add("row-means", new ReductionOp.Mean(Shape.of(rows, 1)), null, f32(rows, columns));
  }

  private void lookups() {
    int rows = 8192;
    int columns = 512;
    add(
        "embedding",
        new EmbeddingOp.Embedding(),
        (pool, in, out) ->
            Embeddings.gather(
                pool, rows, columns, CLASSES, (float[]) in[0], (int[]) in[1], (float[]) out[0]),
        f32(CLASSES, columns),
        i32(rows));
    add(
        "embedding-backward",
        new EmbeddingOp.EmbeddingBackward(CLASSES),
        (pool, in, out) ->
            Embeddings.gatherBackward(
                pool,
                rows,
                columns,
                CLASSES,
                false,
                (float[]) in[0],
                (int[]) in[1],
                (float[]) out[0]),
        f32(rows, columns),
        i32(rows));
    add("dropout", new DropoutOp.Dropout(0.1f, 0), null, f32(MILLIONS), DropoutSeed.TYPE);
  }

  private void layouts() {
    int batch = 16;
    int time = 256;
    int heads = 8;
    int channels = 64;
    add(
        "permute-heads",
        new LayoutOp.Permute(List.of(0, 2, 1, 3)),
        (pool, in, out) ->
            Layouts.swapMiddleAxes(
                pool, batch, time, heads, channels, (float[]) in[0], (float[]) out[0]),
        f32(batch, time, heads, channels));
    add(
        "transpose",
        new LayoutOp.Permute(List.of(1, 0)),
        (pool, in, out) ->
            Layouts.transpose(pool, 1, 2048, 2000, (float[]) in[0], (float[]) out[0]),
        f32(2048, 2000));
    add("concat", new LayoutOp.Concat(1), null, f32(2048, 1000), f32(2048, 1048));
  }

  private void conversions() {
    for (Conversion c : Conversion.values()) {
      String name = c.name().toLowerCase(Locale.ROOT).replace('_', '-');
      add(name, new ConversionOp.Convert(c), null, TensorType.of(c.from(), MILLIONS));
    }
  }

  private void updates() {
    int n = 10_000_000;
    UpdateOp.Adam adam = new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true);
    add("adamw", adam, null, f32(n), f32(), StepScalars.TYPE);
    add("sgd-momentum", new UpdateOp.Sgd(0.9, false, 0), null, f32(n), f32(), StepScalars.TYPE);
  }
}

package org.lanewise.nn.onnx;

import static org.lanewise.nn.layers.Layers.conv1d;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.convTranspose1d;
import static org.lanewise.nn.layers.Layers.convTranspose2d;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.gru;
import static org.lanewise.nn.layers.Layers.layerNorm;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.layers.Layers.lstm;
import static org.lanewise.nn.layers.Layers.rmsNorm;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.Init;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Signature;
import org.lanewise.nn.State;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.AdaptivePool2d;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.GroupNorm;
import org.lanewise.nn.layers.Gru;
import org.lanewise.nn.layers.Lstm;
import org.lanewise.nn.layers.Pooling;
import org.lanewise.nn.onnx.OnnxCase.Nothing;

/** Layers of parameters, products and pooling. */
final class LayerCases {
  private LayerCases() {}

  /** A weight and a bias that are no layer's. */
  record Weight(Parameter weight, Parameter bias) {
    Weight(long... dimensions) {
      this(Parameter.of(Init.normal(1f), dimensions), Parameter.of(Init.normal(1f), dimensions[0]));
    }
  }

  static Stream<OnnxCase> all() {
    return Stream.of(products(), images(), norms(), recurrent()).flatMap(cases -> cases);
  }

  private static <L extends Record & Layer> OnnxCase layer(
      String name, L layer, long... dimensions) {
    return OnnxCase.of(name, layer, layer::forward, dimensions);
  }

  private static Stream<OnnxCase> products() {
    Weight w = new Weight(5, 3);
    Weight all = new Weight(3, 3);
    Embedding table = embedding(11, 4);
    return Stream.of(
        layer("linear", linear(3, 5), 4, 3),
        layer("linear of sequences", linear(3, 5), 4, 2, 3).withTime("x"),
        OnnxCase.of("linear without bias", w, x -> x.linear(w.weight()), 4, 3),
        OnnxCase.of("linear of sequences without bias", w, x -> x.linear(w.weight()), 4, 2, 3),
        OnnxCase.of("product with a matrix", all, x -> x.matmul(all.weight()), 4, 2, 3),
        OnnxCase.of("product of matrices", all, x -> x.matmul(x.transpose(1, 2)), 4, 2, 3),
        OnnxCase.of(
            "transposed product of matrices",
            new Nothing(),
            x -> x.apply(new ProductOp.Gemm(Transpose.YES, Transpose.NO, 0.5f, Epilogue.RELU), x),
            4,
            2,
            3),
        OnnxCase.of(
            "product with an epilogue",
            all,
            x ->
                x.apply(
                    new ProductOp.Gemm(
                        Transpose.NO,
                        Transpose.YES,
                        2f,
                        Epilogue.of(Epilogue.Bias.COLUMN, Epilogue.Function.GELU).withResidual()),
                    all.weight(),
                    all.bias(),
                    x),
            4,
            3),
        OnnxCase.ofAll(
                "embedding",
                table,
                in -> Tensors.of("y", table.forward(in.get("ids"))),
                Signature.of("ids", TensorType.i32(3, 4)))
            .withTime("ids")
            .withBelow("ids", 11));
  }

  private static Stream<OnnxCase> images() {
    Window odd = Window.of(3, 2).withStride(2, 1).withPadding(1, 0).withDilation(1, 2);
    Weight w = new Weight(6, 2, 3, 2);
    UnaryOperator<Tensor> grouped = x -> x.conv2d(w.weight(), w.bias(), odd, 3);
    Window pool = Window.of(3, 2).withStride(2, 3).withPadding(1);
    return Stream.of(
        layer("convolution", conv2d(2, 4, 3), 3, 2, 7, 6),
        layer("padded convolution", conv2d(2, 4, 3).padding(1).stride(2), 3, 2, 7, 6),
        OnnxCase.of("grouped and dilated convolution", w, grouped, 3, 6, 8, 9),
        withImages(OnnxCase.of("convolution of any image", w, grouped, 3, 6, 8, 9)),
        layer(
            "transposed convolution",
            convTranspose2d(4, 3, Window.of(3, 2)).stride(2, 3).padding(1, 0).outputPadding(1, 2),
            3,
            4,
            5,
            6),
        layer(
            "grouped and dilated transposed convolution",
            convTranspose2d(4, 6, Window.of(3, 2)).dilation(2, 1).stride(2).groups(2),
            3,
            4,
            5,
            6),
        withImages(
            layer(
                "transposed convolution of any image",
                convTranspose2d(6, 6, Window.of(3, 2)).stride(2).outputPadding(1),
                3,
                6,
                8,
                9)),
        layer("convolution of sequences", conv1d(4, 6, 3).padding(1).stride(2), 3, 4, 9),
        layer("transposed convolution of sequences", convTranspose1d(4, 6, 3).stride(2), 3, 4, 9),
        layer("adaptive pooling", new AdaptivePool2d(Pooling.AVERAGE, 3, 2), 3, 4, 7, 5),
        OnnxCase.of("max pooling", new Nothing(), x -> x.maxPool(2), 3, 2, 6, 8),
        OnnxCase.of(
            "padded max pooling",
            new Nothing(),
            x -> x.maxPool(pool.withDilation(1, 2)),
            3,
            2,
            7,
            8),
        OnnxCase.of("average pooling", new Nothing(), x -> x.averagePool(pool), 3, 2, 7, 8),
        OnnxCase.of(
                "global pooling",
                new Nothing(),
                x -> {
                  int side = Math.toIntExact(x.shape().dimension(1));
                  Tensor image = x.reshape(x.shape().dimension(0), 1, side, 6);
                  Window all = Window.of(side, 6);
                  return image.maxPool(all).add(image.averagePool(all));
                },
                3,
                4,
                6)
            .withTime("x"),
        OnnxCase.of(
            "average pooling without padding",
            new Nothing(),
            x -> x.apply(new PoolingOp.AveragePooling(pool, false)),
            3,
            2,
            7,
            8));
  }

  /** Height and width vary too, and what follows a convolution is in two axes. */
  private static OnnxCase withImages(OnnxCase one) {
    OnnxOptions options = one.options().dynamic("x", 2, "height").dynamic("x", 3, "width");
    OnnxCase flat =
        new OnnxCase(
            one.name(),
            one.model(),
            in -> {
              Tensor y = one.function().apply(in).get("y");
              long pixels = y.shape().dimension(2) * y.shape().dimension(3);
              return Tensors.of("y", y.reshape(y.shape().dimension(0), 6, pixels).mul(2f));
            },
            one.signature(),
            options,
            one.below(),
            List.of());
    return flat.withOptions(
        options,
        List.of(
            Signature.of("x", TensorType.f32(1, 6, 13, 10)),
            Signature.of("x", TensorType.f32(2, 6, 4, 5))));
  }

  private static Stream<OnnxCase> norms() {
    BatchNorm batchNorm =
        new BatchNorm(
            Parameter.of(Init.normal(1f), 4),
            Parameter.of(Init.normal(1f), 4),
            State.of(Init.normal(1f), 4),
            State.of(Init.uniform(0.5f, 2f), 4),
            0.1f,
            1e-5f);
    Parameter scale = Parameter.of(Init.normal(1f), 4);
    GroupNorm groupNorm = new GroupNorm(2, scale, Parameter.of(Init.normal(1f), 4), 1e-5f);
    return Stream.of(
        layer("batch norm", batchNorm, 3, 4, 5, 6),
        layer("batch norm of rows", batchNorm, 3, 4),
        layer("layer norm", layerNorm(7), 3, 7),
        layer("layer norm of sequences", layerNorm(7), 3, 4, 7).withTime("x"),
        layer("RMS norm", rmsNorm(7), 3, 4, 7).withTime("x"),
        layer("group norm", groupNorm, 3, 4, 5, 6),
        layer("group norm of rows", groupNorm, 3, 4),
        layer("group norm of any length", groupNorm, 3, 4, 5));
  }

  private static Stream<OnnxCase> recurrent() {
    Lstm lstm = lstm(3, 5).layers(2).bidirectional(true);
    Gru gru = gru(3, 5).layers(2).bidirectional(true);
    Signature stateful =
        Signature.of("x", TensorType.f32(3, 4, 3))
            .and("h", TensorType.f32(3, 20))
            .and("lengths", TensorType.i32(3));
    Weight w = new Weight(20, 5);
    return Stream.of(
        layer("LSTM", lstm(3, 5), 3, 4, 3).withTime("x"),
        layer("GRU", gru(3, 5), 3, 4, 3).withTime("x"),
        layer("LSTM in both directions", lstm, 3, 4, 3).withTime("x"),
        layer("GRU in both directions", gru, 3, 4, 3).withTime("x"),
        OnnxCase.ofAll(
                "LSTM with states and lengths",
                lstm,
                in -> {
                  Lstm.Result result =
                      lstm.run(
                          in.get("x"),
                          in.get("lengths"),
                          state(in.get("h")),
                          state(in.get("h").neg()));
                  return Tensors.of("y", result.output())
                      .and("hidden", result.hidden())
                      .and("cell", result.cell());
                },
                stateful)
            .withBelow("lengths", 4),
        OnnxCase.ofAll(
                "GRU with states and lengths",
                gru,
                in -> {
                  Gru.Result result = gru.run(in.get("x"), in.get("lengths"), state(in.get("h")));
                  return Tensors.of("y", result.output()).and("hidden", result.hidden());
                },
                stateful)
            .withBelow("lengths", 4),
        OnnxCase.of(
            "LSTM of gates",
            w,
            x -> x.apply(new RecurrentOp.Lstm(false, false, false), w.weight(), w.bias()),
            3,
            4,
            20),
        OnnxCase.ofAll(
            "LSTM and the product that it reads",
            lstm,
            in -> {
              Tensor gates =
                  in.get("x")
                      .linear(
                          lstm.parameters().get("weight_ih_l0"),
                          lstm.parameters().get("bias_ih_l0"));
              return Tensors.of("gates", gates)
                  .and(
                      "y",
                      gates.apply(
                          new RecurrentOp.Lstm(true, false, false),
                          lstm.parameters().get("weight_hh_l0"),
                          lstm.parameters().get("bias_hh_l0")));
            },
            Signature.of("x", TensorType.f32(3, 4, 3))));
  }

  /** [batch, 4 · hidden] as [4, batch, hidden]. */
  private static Tensor state(Tensor h) {
    return h.reshape(h.shape().dimension(0), 4, 5).permute(1, 0, 2);
  }
}

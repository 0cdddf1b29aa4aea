package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;
import static org.lanewise.kernels.op.TensorType.u8;

import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Conversion;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.DropoutSeed;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Embeddings, dropout and conversions, which take indices, seeds and bytes. */
final class LookupGraphs {
  private LookupGraphs() {}

  static void addTo(List<GraphCase> cases) {
    cases.add(embedding());
    cases.add(twoEmbeddings());
    cases.add(dropout());
    cases.add(twoDropouts());
    cases.add(bytes());
  }

  private static GraphCase embedding() {
    GraphBuilder graph = new GraphBuilder();
    Value weight = graph.parameter("weight", f32(GraphCases.CLASSES, 3));
    Value indices = graph.input("indices", i32(2, 5));
    return GraphCase.of(new EmbeddingOp.Embedding(), graph, List.of(weight, indices));
  }

  /** One weight with two gradients. */
  private static GraphCase twoEmbeddings() {
    GraphBuilder graph = new GraphBuilder();
    Value weight = graph.parameter("weight", f32(GraphCases.CLASSES, 3));
    Value one = graph.input("one", i32(5));
    Value other = graph.input("other", i32(5));
    Value y =
        graph
            .add(
                "",
                new ElementwiseOp.Binary(BinaryFunction.MULTIPLY),
                List.of(
                    graph.add("", new EmbeddingOp.Embedding(), List.of(weight, one)).result(),
                    graph.add("", new EmbeddingOp.Embedding(), List.of(weight, other)).result()))
            .result();
    return new GraphCase("two embeddings", graph, List.of(one, other), y);
  }

  private static GraphCase dropout() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(50));
    Value seed = graph.input("seed", DropoutSeed.TYPE);
    return GraphCase.of(new DropoutOp.Dropout(0.4f, 3), graph, List.of(x, seed));
  }

  private static GraphCase bytes() {
    GraphBuilder graph = new GraphBuilder();
    Value bytes = graph.input("bytes", u8(5, 3));
    Value weight = graph.parameter("weight", f32(3));
    Value floats =
        graph.add("", new ConversionOp.Convert(Conversion.U8_TO_F32), List.of(bytes)).result();
    Value y =
        graph
            .add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(floats, weight))
            .result();
    return new GraphCase("bytes", graph, List.of(bytes), y);
  }

  /** One seed, two streams, and x has two gradients. */
  private static GraphCase twoDropouts() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.parameter("x", f32(50));
    Value seed = graph.input("seed", DropoutSeed.TYPE);
    Value one = graph.add("", new DropoutOp.Dropout(0.4f, 1), List.of(x, seed)).result();
    Value other = graph.add("", new DropoutOp.Dropout(0.4f, 2), List.of(x, seed)).result();
    Value y =
        graph
            .add("", new ElementwiseOp.Binary(BinaryFunction.MULTIPLY), List.of(one, other))
            .result();
    return new GraphCase("two dropouts", graph, List.of(seed), y);
  }
}

package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.DropoutSeed;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Embeddings and dropout, which take indices and seeds. */
final class LookupGraphs {
  private LookupGraphs() {}

  static void addTo(List<GraphCase> cases) {
    cases.add(embedding());
    cases.add(twoEmbeddings());
    cases.add(dropout());
    cases.add(twoDropouts());
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

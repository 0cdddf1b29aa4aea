package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.UpdateOp;

/**
 * All ops, on operands of sizes around those of vectors, blocks and threads' shares, with outputs
 * that are overwritten and added to.
 */
public final class OpCases {
  private OpCases() {}

  public static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    ProductOpCases.addTo(cases);
    for (long size : new long[] {0, 1, 15, 17, 1000, 100_003}) {
      for (Activation function : Activation.values()) {
        cases.add(new OpCase(new ActivationOp.Activate(function), 0, List.of(f32(size))));
        Op op = new ActivationOp.ActivateBackward(function);
        cases.add(new OpCase(op, 0, List.of(f32(size), f32(size))));
      }
      for (Op op : List.of(new ClipOp.ClipValue(0.5), new ClipOp.ClipNorm(2))) {
        cases.add(new OpCase(op, 0, List.of(f32(size), f32())));
      }
      for (Op op :
          new Op[] {
            new UpdateOp.Sgd(0, false, 0),
            new UpdateOp.Sgd(0.9, 0.1, false, 0.01),
            new UpdateOp.Sgd(0.9, true, 0),
            new UpdateOp.RmsProp(0.99, 1e-8, 0.01),
            new UpdateOp.RmsProp(0.99, 1e-8, 0.01, 0, true),
            new UpdateOp.RmsProp(0.99, 1e-8, 0.01, 0.9, false),
            new UpdateOp.RmsProp(0.99, 1e-8, 0.01, 0.9, true),
            new UpdateOp.Adagrad(1e-10, 0.01),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, false),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true),
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true, true)
          }) {
        cases.add(new OpCase(op, 0, List.of(f32(size), f32(), StepScalars.TYPE)));
      }
    }
    for (long[] size : new long[][] {{1, 1}, {3, 10}, {128, 10}, {17, 33}, {300, 1000}}) {
      TensorType matrix = f32(size);
      cases.add(new OpCase(new ReductionOp.ColumnSums(), 0, List.of(matrix)));
    }
    AttentionOpCases.addTo(cases);
    ImageOpCases.addTo(cases);
    NormOpCases.addTo(cases);
    SoftmaxOpCases.addTo(cases);
    LossOpCases.addTo(cases);
    ElementwiseOpCases.addTo(cases);
    ReductionOpCases.addTo(cases);
    EmbeddingOpCases.addTo(cases);
    RecurrentOpCases.addTo(cases);
    DropoutOpCases.addTo(cases);
    LayoutOpCases.addTo(cases);
    ConversionOpCases.addTo(cases);
    return cases.stream().flatMap(OpCase::withAllWrites).toList();
  }
}

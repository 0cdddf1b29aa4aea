package org.lanewise.kernels.cases;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.List;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.HostOperand;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;

/**
 * An op of a user: {@code whole = ⌊x⌋} as i32 and {@code fraction = x − ⌊x⌋}, which may take the
 * place of x.
 */
public record SplitOp() implements Op.Custom {
  @Override
  public List<TensorType> outputs(List<TensorType> inputs) {
    if (inputs.size() != 1 || inputs.getFirst().dtype() != DType.F32) {
      throw new ShapeException("SplitOp takes one f32 tensor but got " + inputs);
    }
    TensorType x = inputs.getFirst();
    return List.of(new TensorType(DType.I32, x.shape()), x);
  }

  @Override
  public long flops(List<TensorType> inputs) {
    return 2 * inputs.getFirst().shape().size();
  }

  @Override
  public Effects effects() {
    return Effects.reads("x").writes("whole").writes("fraction", "x");
  }

  @Override
  public void run(List<HostOperand> inputs, List<HostOperand> outputs) {
    HostOperand x = inputs.getFirst();
    for (long i = 0; i < x.size(); i++) {
      float v = x.elements().getAtIndex(JAVA_FLOAT, i);
      int whole = (int) Math.floor(v);
      outputs.get(0).elements().setAtIndex(JAVA_INT, i, whole);
      outputs.get(1).elements().setAtIndex(JAVA_FLOAT, i, v - whole);
    }
  }
}

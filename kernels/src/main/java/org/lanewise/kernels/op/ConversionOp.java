package org.lanewise.kernels.op;

import java.util.List;

/** Tensors whose elements become those of another type. */
public sealed interface ConversionOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends ConversionOp, Op.Forward {}

  /** {@code y = x}, each element converted. Input: x of the first type. Output: y of the second. */
  record Convert(Conversion conversion) implements Forward {
    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = in.count(1).of(conversion.from(), 0, "x");
      return List.of(new TensorType(conversion.to(), x.shape()));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }

    @Override
    public String label() {
      return name() + " to " + conversion.to();
    }
  }
}

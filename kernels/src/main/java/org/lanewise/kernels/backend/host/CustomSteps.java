package org.lanewise.kernels.backend.host;

import java.util.List;
import java.util.stream.IntStream;
import org.lanewise.kernels.op.HostOperand;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.parallel.PoolRunnable;

/** Ops that users bring, with their own code. */
record CustomSteps() {
  PoolRunnable bind(Op.Custom op, Operands in, Operands out) {
    List<HostOperand> inputs = operands(in);
    List<HostOperand> outputs = operands(out);
    return _ -> op.run(inputs, outputs);
  }

  private static List<HostOperand> operands(Operands operands) {
    List<TensorType> types = operands.types();
    return IntStream.range(0, types.size())
        .mapToObj(i -> new HostOperand(types.get(i), operands.segment(i)))
        .toList();
  }
}

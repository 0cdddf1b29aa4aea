package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.DropoutSeed;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.RunInputs;
import org.lanewise.nn.Streams;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.plan.Plan;

/** The plan of a step, or of an evaluation, and what goes in and out of it. Allocates nothing. */
final class StepPlan {
  private final Plan plan;
  private final List<String> inputs;
  private final MemorySegment scalar = Arena.ofAuto().allocate(JAVA_FLOAT);
  private final MemorySegment seed;

  /**
   * A plan whose inputs are tensors of a batch.
   *
   * @param seed of the training
   */
  StepPlan(Plan plan, long seed) {
    this.plan = plan;
    boolean drops = plan.graph().inputs().containsKey(RunInputs.DROPOUT_SEED);
    inputs =
        plan.graph().inputs().keySet().stream()
            .filter(name -> !name.equals(RunInputs.DROPOUT_SEED))
            .toList();
    this.seed = drops ? dropoutSeed(seed) : null;
  }

  private static MemorySegment dropoutSeed(long seed) {
    MemorySegment words = Arena.ofAuto().allocate(DropoutSeed.TYPE.byteSize(), Integer.BYTES);
    long ofDropout = seed ^ Streams.of("dropout");
    words.setAtIndex(JAVA_INT, DropoutSeed.LOW, (int) ofDropout);
    words.setAtIndex(JAVA_INT, DropoutSeed.HIGH, (int) (ofDropout >>> Integer.SIZE));
    return words;
  }

  /** Runs the plan on a batch; the step decides which elements are dropped. */
  void run(Batch batch, long step) {
    plan.prepare();
    for (int i = 0; i < inputs.size(); i++) {
      plan.write(inputs.get(i), batch.segment(inputs.get(i)));
    }
    if (seed != null) {
      seed.setAtIndex(JAVA_INT, DropoutSeed.STEP, (int) step);
      plan.write(RunInputs.DROPOUT_SEED, seed);
    }
    plan.run();
  }

  /** Floating-point operations of a run. */
  long flops() {
    return plan.cost().flops();
  }

  /** A scalar output of the last run. */
  float scalar(String name) {
    Operand operand = plan.operand(plan.graph().output(name));
    operand.buffer().read(operand.offset(), scalar, 0, Float.BYTES);
    return scalar.get(JAVA_FLOAT, 0);
  }

  /** A copy of an output of the last run, or of a tensor of its batch. */
  HostTensor tensor(String name, Batch batch) {
    Value output = plan.graph().outputs().get(name);
    return output == null ? batch.tensor(name) : plan.read(output);
  }

  /** Whether the session gave the plan up. */
  boolean isClosed() {
    return plan.isClosed();
  }
}

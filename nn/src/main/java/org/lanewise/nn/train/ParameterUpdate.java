package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Origin;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.plan.Phases;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.BlockLayout;

/**
 * What a step does to the parameters once their gradients are there: the gradients are clipped, and
 * then each group follows its rule. A fused rule is one op for each part of the block that its
 * group fills without a gap, which is the whole group where the weights are {@linkplain
 * org.lanewise.nn.weights.Weights#arrange arranged}. One that is written in tensors' operations is
 * a plan for each parameter.
 */
final class ParameterUpdate {
  /** What the gradients are multiplied with, counted from behind the scalars of the groups. */
  private static final int SCALE = 0;

  /** What clipped gradients are multiplied with. */
  private static final int ONE = 1;

  /** Room for the scale that clips the norm. */
  private static final int CLIPPED_SCALE = 2;

  private static final Origin ORIGIN = new Origin("", Phases.UPDATE);

  private final Session session;
  private final OptimizerState state;
  private final Rule[] rules;
  private final Operand scale;
  private final Step[] steps;

  /** {@link StepScalars} of each group, and then those above. */
  private final Buffer scalars;

  private final MemorySegment hostScalars;

  ParameterUpdate(Session session, OptimizerState state, Clip clip) {
    this.session = session;
    this.state = state;
    rules = state.groups().stream().map(ParameterGroup::rule).toArray(Rule[]::new);
    long byteSize = offset(rules.length, CLIPPED_SCALE + 1);
    scalars = session.backend().allocate(byteSize);
    hostScalars = Arena.ofAuto().allocate(byteSize, Float.BYTES);
    hostScalars.set(JAVA_FLOAT, offset(rules.length, ONE), 1f);
    List<Step> bound = new ArrayList<>();
    scale = clip(clip, bound);
    for (int i = 0; i < rules.length; i++) {
      ParameterGroup group = state.groups().get(i);
      switch (group.rule()) {
        case Rule.Fused fused -> bindFused(fused, group, i, bound);
        case Rule.Custom custom -> bindCustom(custom, group, i, bound);
      }
    }
    steps = bound.toArray(Step[]::new);
  }

  private static long offset(int group, int scalar) {
    return group * StepScalars.TYPE.byteSize() + (long) scalar * Float.BYTES;
  }

  private Operand scalar(int group, int index) {
    return new Operand(scalars, offset(group, index), TensorType.f32());
  }

  /** Clips all gradients; what they are to be multiplied with. */
  private Operand clip(Clip clip, List<Step> bound) {
    Operand gradients = state.allGradients();
    Operand factor = scalar(rules.length, SCALE);
    if (clip.hasValue()) {
      ClipOp op = new ClipOp.ClipValue(clip.value());
      bound.add(bind(op, List.of(gradients, factor), List.of(gradients)));
      factor = scalar(rules.length, ONE);
    }
    if (clip.hasNorm()) {
      ClipOp op = new ClipOp.ClipNorm(clip.norm());
      Operand clipped = scalar(rules.length, CLIPPED_SCALE);
      bound.add(bind(op, List.of(gradients, factor), List.of(clipped)));
      factor = clipped;
    }
    return factor;
  }

  private Step bind(Op op, List<Operand> inputs, List<Operand> outputs) {
    return session.backend().bind(ORIGIN, op, inputs, outputs, Write.overwriteAll(outputs.size()));
  }

  private void bindFused(Rule.Fused rule, ParameterGroup group, int index, List<Step> bound) {
    Operand stepScalars = new Operand(scalars, offset(index, 0), StepScalars.TYPE);
    BlockLayout layout = session.weights().layout();
    for (Run run : Run.of(layout, group)) {
      List<Operand> updated = new ArrayList<>();
      updated.add(layout.operand(session.deviceWeights().buffer(), run.first, run.last));
      for (int i = 0; i < rule.op().effects().outputs().size() - 1; i++) {
        updated.add(state.states(i, run.first, run.last));
      }
      Operand gradients = state.gradients(run.first, run.last);
      bound.add(bind(rule.op(), List.of(gradients, scale, stepScalars), updated));
    }
  }

  /** Parameters of a group that lie together, from one to another one. */
  private record Run(String first, String last) {
    static List<Run> of(BlockLayout layout, ParameterGroup group) {
      List<Run> runs = new ArrayList<>();
      for (String name : group.parameters().keySet()) {
        boolean follows =
            !runs.isEmpty()
                && layout.place(runs.getLast().last).end() == layout.place(name).offset();
        runs.add(new Run(follows ? runs.removeLast().first : name, name));
      }
      return runs;
    }
  }

  private void bindCustom(Rule.Custom rule, ParameterGroup group, int index, List<Step> bound) {
    group
        .parameters()
        .forEach((name, shape) -> {
          Graph graph = RuleGraph.of(rule, name, shape);
          Map<Value, Operand> places = new HashMap<>();
          places.put(graph.input(RuleGraph.GRADIENT), state.gradient(name));
          places.put(graph.input(RuleGraph.GRADIENT_SCALE), scale);
          places.put(
              graph.input(RuleGraph.LEARNING_RATE), scalar(index, StepScalars.LEARNING_RATE));
          places.put(
              graph.states().get(RuleGraph.PARAMETER), session.deviceWeights().operand(name));
          for (int i = 0; i < rule.states(shape).size(); i++) {
            places.put(graph.states().get(RuleGraph.state(i)), state.state(i, name));
          }
          Plan plan = session.bind(graph, places, Phases.UPDATE);
          bound.add(() -> {
            plan.prepare();
            plan.run();
          });
        });
  }

  /** What the last step multiplied gradients with, as they are in memory. */
  float scale() {
    MemorySegment copy = Arena.ofAuto().allocate(JAVA_FLOAT);
    scale.buffer().read(scale.offset(), copy, 0, copy.byteSize());
    return copy.get(JAVA_FLOAT, 0);
  }

  /**
   * Updates the parameters.
   *
   * @param step number of the step, from 1
   * @param rateFactor what to multiply learning rates with
   * @param gradientFactor what to multiply gradients with
   */
  void run(long step, double rateFactor, double gradientFactor) {
    for (int i = 0; i < rules.length; i++) {
      set(i, StepScalars.LEARNING_RATE, rules[i].learningRate() * rateFactor);
      if (rules[i] instanceof Rule.Fused fused) {
        set(i, StepScalars.MOMENT1_FACTOR, fused.moment1Factor(step));
        set(i, StepScalars.MOMENT2_FACTOR, fused.moment2Factor(step));
      }
    }
    set(rules.length, SCALE, gradientFactor);
    scalars.write(0, hostScalars, 0, hostScalars.byteSize());
    for (Step update : steps) {
      update.run();
    }
  }

  private void set(int group, int index, double value) {
    hostScalars.set(JAVA_FLOAT, offset(group, index), (float) value);
  }
}

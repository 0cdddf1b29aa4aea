package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.plan.Lifetimes.Lifetime;

/**
 * Which values of a graph live in the same memory. There are two reasons: a change of shape needs
 * no copy, and an op may write its result in place of an operand that is needed no more.
 *
 * <p>In both cases an output joins the memory of an input only if neither is written while the
 * other one is still needed. The memory of a state takes nothing in place but what replaces it.
 */
final class Sharing {
  private final Lifetimes lifetimes;
  private final Set<Value> placed;
  private final Map<Value, Value> updates;
  private final Map<Value, Value> owners = new HashMap<>();
  private final Map<Value, Lifetime> together = new HashMap<>();
  private final List<Node> steps = new ArrayList<>();

  private Sharing(Lifetimes lifetimes, Set<Value> placed, Map<Value, Value> updates) {
    this.lifetimes = lifetimes;
    this.placed = placed;
    this.updates = updates;
  }

  /**
   * Finds the values that share memory.
   *
   * @param placed values that have a place outside of the plan's block, and stay there
   */
  static Sharing of(Graph graph, Lifetimes lifetimes, Set<Value> placed) {
    Sharing sharing = new Sharing(lifetimes, placed, graph.updates());
    for (int time = 0; time < graph.nodes().size(); time++) {
      Node node = graph.nodes().get(time);
      if (!sharing.isView(node, time)) {
        sharing.placeInPlace(node, time);
        sharing.steps.add(node);
      }
    }
    return sharing;
  }

  /** Makes the result of a change of shape a view of its operand, where that can be. */
  private boolean isView(Node node, int time) {
    return node.op() instanceof LayoutOp.Reshape
        && !node.adds(0)
        && join(node.result(), node.input(0), time, false);
  }

  /** Writes results in place of operands, where the op allows it and they can be. */
  private void placeInPlace(Node node, int time) {
    Effects effects = node.op().effects();
    for (int o = 0; o < node.outputs().size(); o++) {
      Value output = node.output(o);
      for (int i = 0; i < node.inputs().size(); i++) {
        Value input = node.input(i);
        boolean isReplaceable = input.kind() == Value.Kind.COMPUTED || replaces(output, input);
        if (isReplaceable
            && !node.adds(o)
            && input.type().byteSize() == output.type().byteSize()
            && effects.mayBeInPlace(o, i)
            && !isAnotherOperand(node, o, i)
            && join(output, input, time, true)) {
          break;
        }
      }
    }
  }

  /** Whether a value is what a state becomes after the run. */
  private boolean replaces(Value value, Value state) {
    return updates.get(state) == value;
  }

  /** Whether the memory of an input is also that of another operand of the node. */
  private boolean isAnotherOperand(Node node, int output, int input) {
    Value memory = owner(node.input(input));
    for (int i = 0; i < node.inputs().size(); i++) {
      if (i != input && owner(node.input(i)) == memory) {
        return true;
      }
    }
    for (int o = 0; o < node.outputs().size(); o++) {
      if (o != output && owner(node.output(o)) == memory) {
        return true;
      }
    }
    return false;
  }

  /**
   * Lets a value that is first mentioned at some time live in the memory of another one, if it can.
   *
   * @param inPlace whether the value is then something else than the other one
   */
  private boolean join(Value value, Value other, int time, boolean inPlace) {
    Value owner = owner(other);
    Lifetime own = lifetimes.of(value);
    Lifetime shared = lifetime(owner);
    boolean overwritesState = inPlace && owner.kind() == Value.Kind.STATE;
    boolean canShare =
        value.kind() == Value.Kind.COMPUTED
            && !placed.contains(value)
            && own.from() == time
            && (overwritesState ? replaces(value, owner) : own.to() < shared.firstWriteAfter(time))
            && (inPlace ? shared.to() <= time : shared.to() < own.firstWriteAfter(time));
    if (canShare) {
      owners.put(value, owner);
      together.put(owner, shared.with(own, time));
    }
    return canShare;
  }

  /** The value in whose memory a value is: itself, unless it shares another one's. */
  Value owner(Value value) {
    return owners.getOrDefault(value, value);
  }

  /** When the memory of an owner is in use. */
  Lifetime lifetime(Value owner) {
    Lifetime shared = together.get(owner);
    return shared == null ? lifetimes.of(owner) : shared;
  }

  /** The nodes that do something, in order. */
  List<Node> steps() {
    return steps;
  }
}

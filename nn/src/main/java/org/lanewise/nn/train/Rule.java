package org.lanewise.nn.train;

import java.util.Collections;
import java.util.List;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.nn.Tensor;

/**
 * How a parameter follows its gradient: a pure function of the parameter, its gradient and what is
 * kept of it from step to step. Rules are values: equal ones do the same, and {@code toString} says
 * all that a checkpoint has to know, which is so for records.
 */
public sealed interface Rule extends Optimizer permits Rule.Fused, Rule.Custom {
  /** Step size, which the schedule changes. */
  double learningRate();

  /** Shapes of the tensors that are kept of a parameter; they are 0 before the first step. */
  List<Shape> states(Shape parameter);

  /**
   * The same rule with another step size.
   *
   * @throws UnsupportedOperationException if the rule has no such copy
   */
  default Rule withLearningRate(double learningRate) {
    throw new UnsupportedOperationException(this + " makes no copy with another learning rate");
  }

  /**
   * The same rule with another weight decay.
   *
   * @throws UnsupportedOperationException if the rule has no weight decay
   */
  default Rule withWeightDecay(double weightDecay) {
    throw new UnsupportedOperationException(this + " makes no copy with another weight decay");
  }

  /** All parameters have this rule. */
  @Override
  default Rule ruleOf(NamedParameter parameter) {
    return this;
  }

  /** A rule that one op applies to many parameters at once. */
  sealed interface Fused extends Rule permits Sgd, RmsProp, Adagrad, Adam {
    /** The op, which says the formula. */
    UpdateOp op();

    /** The factor c₁ of the op in a step, counted from 1. */
    default double moment1Factor(long step) {
      return 1;
    }

    /** The factor c₂ of the op in a step, counted from 1. */
    default double moment2Factor(long step) {
      return 1;
    }

    @Override
    Fused withLearningRate(double learningRate);

    @Override
    Fused withWeightDecay(double weightDecay);

    @Override
    default List<Shape> states(Shape parameter) {
      return Collections.nCopies(op().effects().outputs().size() - 1, parameter);
    }
  }

  /**
   * A rule of one's own, of operations on tensors. It is a record, and runs on any device.
   *
   * <p>Momentum, for example, is
   *
   * <pre>{@code
   * record Momentum(double learningRate, float momentum) implements Rule.Custom {
   *   public List<Shape> states(Shape parameter) {
   *     return List.of(parameter);
   *   }
   *
   *   public Update update(
   *       Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate) {
   *     Tensor velocity = states.getFirst().mul(momentum).add(gradient);
   *     return new Update(parameter.sub(velocity.mul(learningRate)), velocity);
   *   }
   * }
   * }</pre>
   */
  non-sealed interface Custom extends Rule {
    /**
     * A step of one parameter. Called not at every step, but once to record what it does.
     *
     * @param gradient of the shape of the parameter, after clipping
     * @param states as {@link #states} says
     * @param learningRate of this step, a scalar
     */
    Update update(Tensor parameter, Tensor gradient, List<Tensor> states, Tensor learningRate);
  }

  /**
   * What a step makes of a parameter.
   *
   * @param parameter the new one
   * @param states what is kept for the next step
   */
  record Update(Tensor parameter, List<Tensor> states) {
    /** A result with a copy of the list. */
    public Update {
      states = List.copyOf(states);
    }

    /** A result with some states. */
    public Update(Tensor parameter, Tensor... states) {
      this(parameter, List.of(states));
    }
  }
}

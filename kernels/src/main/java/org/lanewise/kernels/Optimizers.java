package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.op.StepScalars.MOMENT1_FACTOR;
import static org.lanewise.kernels.op.StepScalars.MOMENT2_FACTOR;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.optimizer.SimdOptimizerKernels;
import org.lanewise.kernels.workspace.Workspace;

/**
 * Optimizer steps in one pass over memory; the formulas and their sources are those of {@link Op}.
 * The state of an optimizer is zero before the first step. A step agrees with PyTorch's optimizer
 * of the same name to a few units in the last place of the parameters.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels};
 * hyperparameters out of range, also as the floats that they become, give {@link
 * IllegalArgumentException} too.
 */
public final class Optimizers {
  private Optimizers() {}

  /**
   * A step of stochastic gradient descent, on the shared pool.
   *
   * @see #sgd(WorkerPool, UpdateOp.Sgd, double, double, long, long, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void sgd(
      UpdateOp.Sgd op,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment velocity) {
    sgd(
        WorkerPool.shared(),
        op,
        learningRate,
        gradientScale,
        step,
        size,
        gradient,
        parameters,
        velocity);
  }

  /**
   * A step of stochastic gradient descent.
   *
   * @param op momentum, dampening and weight decay
   * @param learningRate at least 0
   * @param gradientScale what the gradient is multiplied with; 1 without {@link Clipping clipping}
   * @param step number of this step, from 1
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param velocity [size], updated; not looked at if the momentum is 0, and may then be null
   */
  public static void sgd(
      WorkerPool pool,
      UpdateOp.Sgd op,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment velocity) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    Ranges.atLeast("step", 1, step);
    checkTensors(learningRate, gradientScale, size, gradient, parameters);
    MemorySegment state = op.momentum() == 0 ? null : velocity;
    if (op.momentum() != 0) {
      checkState("velocity", velocity, size, gradient, parameters);
    }
    try (Workspace _ = Workspace.enter()) {
      MemorySegment scalars = scalars(learningRate, UpdateOp.Sgd.gain(op.dampening(), step), 1);
      Dispatch.run(
          pool,
          RangeTask.overElements(
              size,
              (from, to) ->
                  SimdOptimizerKernels.INSTANCE.sgd(
                      op, gradient, (float) gradientScale, scalars, parameters, state, from, to)),
          gradient,
          parameters,
          state);
    }
  }

  /**
   * A step of RMSprop, on the shared pool.
   *
   * @see #rmsProp(WorkerPool, UpdateOp.RmsProp, double, double, long, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void rmsProp(
      UpdateOp.RmsProp op,
      double learningRate,
      double gradientScale,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      MemorySegment velocity) {
    rmsProp(
        WorkerPool.shared(),
        op,
        learningRate,
        gradientScale,
        size,
        gradient,
        parameters,
        moment2,
        mean,
        velocity);
  }

  /**
   * A step of RMSprop.
   *
   * @param op decay, epsilon, weight decay and momentum, and whether it is centered
   * @param learningRate at least 0
   * @param gradientScale what the gradient is multiplied with; 1 without {@link Clipping clipping}
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param moment2 [size], the running mean of squared gradients, updated
   * @param mean [size], the running mean of gradients, updated; not looked at unless the op is
   *     centered, and may then be null
   * @param velocity [size], updated; not looked at if the momentum is 0, and may then be null
   */
  public static void rmsProp(
      WorkerPool pool,
      UpdateOp.RmsProp op,
      double learningRate,
      double gradientScale,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      MemorySegment velocity) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    checkTensors(learningRate, gradientScale, size, gradient, parameters);
    checkState("moment2", moment2, size, gradient, parameters);
    MemorySegment a = op.centered() ? mean : null;
    MemorySegment u = op.momentum() == 0 ? null : velocity;
    if (op.centered()) {
      checkState("mean", mean, size, gradient, parameters);
      Checks.disjoint("mean", mean, size, "moment2", moment2, size);
    }
    if (op.momentum() != 0) {
      checkState("velocity", velocity, size, gradient, parameters);
      Checks.disjoint("velocity", velocity, size, "moment2", moment2, size);
      if (op.centered()) {
        Checks.disjoint("velocity", velocity, size, "mean", mean, size);
      }
    }
    try (Workspace _ = Workspace.enter()) {
      MemorySegment scalars = scalars(learningRate, 1, 1);
      Dispatch.run(
          pool,
          RangeTask.overElements(
              size,
              (from, to) ->
                  SimdOptimizerKernels.INSTANCE.rmsProp(
                      op,
                      gradient,
                      (float) gradientScale,
                      scalars,
                      parameters,
                      moment2,
                      a,
                      u,
                      from,
                      to)),
          gradient,
          parameters,
          moment2,
          a,
          u);
    }
  }

  /**
   * A step of Adagrad, on the shared pool.
   *
   * @see #adagrad(WorkerPool, double, double, double, double, double, long, long, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void adagrad(
      double learningRateDecay,
      double epsilon,
      double weightDecay,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment sum) {
    adagrad(
        WorkerPool.shared(),
        learningRateDecay,
        epsilon,
        weightDecay,
        learningRate,
        gradientScale,
        step,
        size,
        gradient,
        parameters,
        sum);
  }

  /**
   * A step of Adagrad (Duchi, Hazan and Singer, JMLR 12, 2011, in PyTorch's form): {@code g ← g +
   * λθ}, {@code s ← s + g²}, {@code θ ← θ − lr / (1 + (t−1)·d) · g/(√s + ε)}.
   *
   * @param learningRateDecay d, at least 0
   * @param epsilon ε, at least 0
   * @param weightDecay λ, at least 0
   * @param learningRate at least 0
   * @param gradientScale what the gradient is multiplied with; 1 without {@link Clipping clipping}
   * @param step t, the number of this step, from 1
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param sum [size], the sum of squared gradients, updated; before the first step, it may be
   *     other numbers than 0
   */
  public static void adagrad(
      WorkerPool pool,
      double learningRateDecay,
      double epsilon,
      double weightDecay,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment sum) {
    Objects.requireNonNull(pool, "pool");
    Ranges.atLeastZero("learningRateDecay", learningRateDecay);
    Ranges.atLeastZero("epsilon", epsilon);
    Ranges.atLeastZero("weightDecay", weightDecay);
    Ranges.atLeast("step", 1, step);
    checkTensors(learningRate, gradientScale, size, gradient, parameters);
    checkState("sum", sum, size, gradient, parameters);
    try (Workspace _ = Workspace.enter()) {
      MemorySegment scalars = scalars(learningRate / (1 + (step - 1) * learningRateDecay), 1, 1);
      Dispatch.run(
          pool,
          RangeTask.overElements(
              size,
              (from, to) ->
                  SimdOptimizerKernels.INSTANCE.adagrad(
                      epsilon,
                      weightDecay,
                      gradient,
                      (float) gradientScale,
                      scalars,
                      parameters,
                      sum,
                      from,
                      to)),
          gradient,
          parameters,
          sum);
    }
  }

  /**
   * A step of Adam or AdamW, on the shared pool.
   *
   * @see #adam(WorkerPool, UpdateOp.Adam, double, double, long, long, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment, MemorySegment)
   */
  public static void adam(
      UpdateOp.Adam op,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      MemorySegment maximum) {
    adam(
        WorkerPool.shared(),
        op,
        learningRate,
        gradientScale,
        step,
        size,
        gradient,
        parameters,
        moment1,
        moment2,
        maximum);
  }

  /**
   * A step of Adam or AdamW with bias correction.
   *
   * @param op the decays of the moments, epsilon and weight decay, and whether it is AMSGrad
   * @param learningRate at least 0
   * @param gradientScale what the gradient is multiplied with; 1 without {@link Clipping clipping}
   * @param step number of this step, from 1
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param moment1 [size], the running mean of gradients, updated
   * @param moment2 [size], the running mean of squared gradients, updated
   * @param maximum [size], the largest of these so far, updated; not looked at unless the op is
   *     AMSGrad, and may then be null
   */
  public static void adam(
      WorkerPool pool,
      UpdateOp.Adam op,
      double learningRate,
      double gradientScale,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      MemorySegment maximum) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    Ranges.atLeast("step", 1, step);
    checkTensors(learningRate, gradientScale, size, gradient, parameters);
    checkState("moment1", moment1, size, gradient, parameters);
    checkState("moment2", moment2, size, gradient, parameters);
    Checks.disjoint("moment2", moment2, size, "moment1", moment1, size);
    MemorySegment w = op.amsGrad() ? maximum : null;
    if (op.amsGrad()) {
      checkState("maximum", maximum, size, gradient, parameters);
      Checks.disjoint("maximum", maximum, size, "moment1", moment1, size);
      Checks.disjoint("maximum", maximum, size, "moment2", moment2, size);
    }
    try (Workspace _ = Workspace.enter()) {
      MemorySegment scalars =
          scalars(
              learningRate,
              UpdateOp.Adam.moment1Correction(op.beta1(), step),
              UpdateOp.Adam.moment2Correction(op.beta2(), step));
      Dispatch.run(
          pool,
          RangeTask.overElements(
              size,
              (from, to) ->
                  SimdOptimizerKernels.INSTANCE.adam(
                      op,
                      gradient,
                      (float) gradientScale,
                      scalars,
                      parameters,
                      moment1,
                      moment2,
                      w,
                      from,
                      to)),
          gradient,
          parameters,
          moment1,
          moment2,
          w);
    }
  }

  private static void checkTensors(
      double learningRate,
      double gradientScale,
      long size,
      MemorySegment gradient,
      MemorySegment parameters) {
    Ranges.atLeastZero("learningRate", learningRate);
    Clipping.requireFinite("gradientScale", (float) gradientScale); // a small one may become 0
    Checks.size("size", size);
    Checks.input("gradient", gradient, size);
    Checks.output("parameters", parameters, size);
    Checks.disjoint("parameters", parameters, size, "gradient", gradient, size);
  }

  private static void checkState(
      String name,
      MemorySegment state,
      long size,
      MemorySegment gradient,
      MemorySegment parameters) {
    Checks.output(name, state, size);
    Checks.disjoint(name, state, size, "gradient", gradient, size);
    Checks.disjoint(name, state, size, "parameters", parameters, size);
  }

  private static MemorySegment scalars(
      double learningRate, double correction1, double correction2) {
    MemorySegment scalars = Scratch.ofThread().stepScalars();
    scalars.setAtIndex(JAVA_FLOAT, LEARNING_RATE, (float) learningRate);
    scalars.setAtIndex(JAVA_FLOAT, MOMENT1_FACTOR, (float) correction1);
    scalars.setAtIndex(JAVA_FLOAT, MOMENT2_FACTOR, (float) correction2);
    return scalars;
  }
}

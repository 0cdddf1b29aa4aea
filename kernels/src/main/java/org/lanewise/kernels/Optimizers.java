package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.op.StepScalars.MOMENT1_CORRECTION;
import static org.lanewise.kernels.op.StepScalars.MOMENT2_CORRECTION;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.parallel.RangeTask;
import org.lanewise.kernels.parallel.WorkerPool;
import org.lanewise.kernels.simd.OptimizerKernels;
import org.lanewise.kernels.simd.Scratch;

/**
 * Optimizer steps in one pass over memory; the formulas and their sources are those of {@link Op}.
 * The state of an optimizer is zero before the first step. A step agrees with PyTorch's optimizer
 * of the same name to a few units in the last place of the parameters.
 *
 * <p>Exceptions and requirements common to all kernels are those of {@link org.lanewise.kernels};
 * hyperparameters out of range give {@link IllegalArgumentException} too.
 */
public final class Optimizers {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private Optimizers() {}

  /**
   * A step of stochastic gradient descent, on the shared pool.
   *
   * @see #sgd(WorkerPool, UpdateOp.Sgd, double, long, MemorySegment, MemorySegment, MemorySegment)
   */
  public static void sgd(
      UpdateOp.Sgd op,
      double learningRate,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment velocity) {
    sgd(WorkerPool.shared(), op, learningRate, size, gradient, parameters, velocity);
  }

  /**
   * A step of stochastic gradient descent.
   *
   * @param op momentum in [0, 1), more than 0 for Nesterov's; weight decay at least 0
   * @param learningRate at least 0
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param velocity [size], updated; not looked at if the momentum is 0, and may then be null
   */
  public static void sgd(
      WorkerPool pool,
      UpdateOp.Sgd op,
      double learningRate,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment velocity) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    Checks.range("momentum", op.momentum(), 0, 1);
    Checks.range("weightDecay", op.weightDecay(), 0, INFINITY);
    if (op.nesterov() && op.momentum() == 0) {
      throw new IllegalArgumentException("Nesterov momentum must be more than 0 but is 0.0");
    }
    checkTensors(learningRate, size, gradient, parameters);
    MemorySegment state = op.momentum() == 0 ? null : velocity;
    if (op.momentum() != 0) {
      checkState("velocity", velocity, size, gradient, parameters);
    }
    MemorySegment scalars = scalars(learningRate, 1, 1);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) -> OptimizerKernels.sgd(op, gradient, scalars, parameters, state, from, to)),
        gradient,
        parameters,
        state);
  }

  /**
   * A step of RMSprop, on the shared pool.
   *
   * @see #rmsProp(WorkerPool, UpdateOp.RmsProp, double, long, MemorySegment, MemorySegment,
   *     MemorySegment)
   */
  public static void rmsProp(
      UpdateOp.RmsProp op,
      double learningRate,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment2) {
    rmsProp(WorkerPool.shared(), op, learningRate, size, gradient, parameters, moment2);
  }

  /**
   * A step of RMSprop.
   *
   * @param op decay in [0, 1); epsilon and weight decay at least 0
   * @param learningRate at least 0
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param moment2 [size], the running mean of squared gradients, updated
   */
  public static void rmsProp(
      WorkerPool pool,
      UpdateOp.RmsProp op,
      double learningRate,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment2) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    Checks.range("decay", op.decay(), 0, 1);
    Checks.range("epsilon", op.epsilon(), 0, INFINITY);
    Checks.range("weightDecay", op.weightDecay(), 0, INFINITY);
    checkTensors(learningRate, size, gradient, parameters);
    checkState("moment2", moment2, size, gradient, parameters);
    MemorySegment scalars = scalars(learningRate, 1, 1);
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                OptimizerKernels.rmsProp(op, gradient, scalars, parameters, moment2, from, to)),
        gradient,
        parameters,
        moment2);
  }

  /**
   * A step of Adam or AdamW, on the shared pool.
   *
   * @see #adam(WorkerPool, UpdateOp.Adam, double, long, long, MemorySegment, MemorySegment,
   *     MemorySegment, MemorySegment)
   */
  public static void adam(
      UpdateOp.Adam op,
      double learningRate,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2) {
    adam(WorkerPool.shared(), op, learningRate, step, size, gradient, parameters, moment1, moment2);
  }

  /**
   * A step of Adam or AdamW with bias correction.
   *
   * @param op beta1 and beta2 in [0, 1); epsilon and weight decay at least 0
   * @param learningRate at least 0
   * @param step number of this step, from 1
   * @param size number of parameters
   * @param gradient [size]
   * @param parameters [size], updated
   * @param moment1 [size], the running mean of gradients, updated
   * @param moment2 [size], the running mean of squared gradients, updated
   */
  public static void adam(
      WorkerPool pool,
      UpdateOp.Adam op,
      double learningRate,
      long step,
      long size,
      MemorySegment gradient,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2) {
    Objects.requireNonNull(pool, "pool");
    Objects.requireNonNull(op, "op");
    Checks.range("beta1", op.beta1(), 0, 1);
    Checks.range("beta2", op.beta2(), 0, 1);
    Checks.range("epsilon", op.epsilon(), 0, INFINITY);
    Checks.range("weightDecay", op.weightDecay(), 0, INFINITY);
    if (step < 1) {
      throw new IllegalArgumentException("step must be at least 1 but is " + step);
    }
    checkTensors(learningRate, size, gradient, parameters);
    checkState("moment1", moment1, size, gradient, parameters);
    checkState("moment2", moment2, size, gradient, parameters);
    Checks.disjoint("moment2", moment2, size, "moment1", moment1, size);
    MemorySegment scalars =
        scalars(
            learningRate,
            1 / (1 - StrictMath.pow(op.beta1(), step)),
            1 / Math.sqrt(1 - StrictMath.pow(op.beta2(), step)));
    Dispatch.run(
        pool,
        RangeTask.overElements(
            size,
            (from, to) ->
                OptimizerKernels.adam(
                    op, gradient, scalars, parameters, moment1, moment2, from, to)),
        gradient,
        parameters,
        moment1,
        moment2);
  }

  private static void checkTensors(
      double learningRate, long size, MemorySegment gradient, MemorySegment parameters) {
    Checks.range("learningRate", learningRate, 0, INFINITY);
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
    scalars.setAtIndex(JAVA_FLOAT, MOMENT1_CORRECTION, (float) correction1);
    scalars.setAtIndex(JAVA_FLOAT, MOMENT2_CORRECTION, (float) correction2);
    return scalars;
  }
}

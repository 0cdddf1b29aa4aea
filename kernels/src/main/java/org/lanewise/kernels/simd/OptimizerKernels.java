package org.lanewise.kernels.simd;

import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.op.StepScalars.MOMENT1_CORRECTION;
import static org.lanewise.kernels.op.StepScalars.MOMENT2_CORRECTION;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.load;
import static org.lanewise.kernels.simd.Lanes.store;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;

/**
 * Optimizer steps in one pass over memory: every tensor is read once and written once. The formulas
 * are those of {@link Op}. Nothing is checked.
 */
public final class OptimizerKernels {
  private OptimizerKernels() {}

  /**
   * Stochastic gradient descent on elements {@code from ≤ i < to}.
   *
   * @param velocity null if the momentum is 0
   */
  public static void sgd(
      Op.Sgd op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if ((float) op.momentum() == 0f) {
      plain(op, gradient, scalars, parameters, from, end);
    } else if (op.nesterov()) {
      nesterov(op, gradient, scalars, parameters, velocity, from, end);
    } else {
      momentum(op, gradient, scalars, parameters, velocity, from, end);
    }
    if (end < to) {
      ScalarOptimizerKernels.sgd(op, gradient, scalars, parameters, velocity, end, to);
    }
  }

  private static void plain(
      Op.Sgd op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      long from,
      long to) {
    FloatVector weightDecay = all((float) op.weightDecay());
    FloatVector minusRate = all(-scalars.getAtIndex(FLOAT, LEARNING_RATE));
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta = load(parameters, i);
      FloatVector g = weightDecay.fma(theta, load(gradient, i));
      store(minusRate.fma(g, theta), parameters, i);
    }
  }

  private static void momentum(
      Op.Sgd op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    FloatVector momentum = all((float) op.momentum());
    FloatVector weightDecay = all((float) op.weightDecay());
    FloatVector minusRate = all(-scalars.getAtIndex(FLOAT, LEARNING_RATE));
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta = load(parameters, i);
      FloatVector g = weightDecay.fma(theta, load(gradient, i));
      FloatVector u = momentum.fma(load(velocity, i), g);
      store(u, velocity, i);
      store(minusRate.fma(u, theta), parameters, i);
    }
  }

  private static void nesterov(
      Op.Sgd op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    FloatVector momentum = all((float) op.momentum());
    FloatVector weightDecay = all((float) op.weightDecay());
    FloatVector minusRate = all(-scalars.getAtIndex(FLOAT, LEARNING_RATE));
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta = load(parameters, i);
      FloatVector g = weightDecay.fma(theta, load(gradient, i));
      FloatVector u = momentum.fma(load(velocity, i), g);
      store(u, velocity, i);
      store(minusRate.fma(momentum.fma(u, g), theta), parameters, i);
    }
  }

  /** RMSprop on elements {@code from ≤ i < to}. */
  public static void rmsProp(
      Op.RmsProp op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    FloatVector weightDecay = all((float) op.weightDecay());
    FloatVector minusRate = all(-scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector decay = all((float) op.decay());
    FloatVector gain = all((float) (1 - op.decay()));
    FloatVector epsilon = all((float) op.epsilon());
    for (long i = from; i < end; i += COUNT) {
      FloatVector theta = load(parameters, i);
      FloatVector g = weightDecay.fma(theta, load(gradient, i));
      FloatVector v = decay.fma(load(moment2, i), gain.mul(g.mul(g)));
      store(v, moment2, i);
      FloatVector step = g.div(v.sqrt().add(epsilon));
      store(minusRate.fma(step, theta), parameters, i);
    }
    if (end < to) {
      ScalarOptimizerKernels.rmsProp(op, gradient, scalars, parameters, moment2, end, to);
    }
  }

  /** Adam or AdamW on elements {@code from ≤ i < to}. */
  public static void adam(
      Op.Adam op,
      MemorySegment gradient,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    float learningRate = scalars.getAtIndex(FLOAT, LEARNING_RATE);
    FloatVector minusRate = all(-(learningRate * scalars.getAtIndex(FLOAT, MOMENT1_CORRECTION)));
    FloatVector correction2 = all(scalars.getAtIndex(FLOAT, MOMENT2_CORRECTION));
    FloatVector beta1 = all((float) op.beta1());
    FloatVector beta2 = all((float) op.beta2());
    FloatVector gain1 = all((float) (1 - op.beta1()));
    FloatVector gain2 = all((float) (1 - op.beta2()));
    FloatVector epsilon = all((float) op.epsilon());
    float weightDecay = (float) op.weightDecay();
    FloatVector coupledDecay = all(op.decoupled() ? 0f : weightDecay);
    FloatVector minusShrink = all(op.decoupled() ? -(learningRate * weightDecay) : 0f);
    for (long i = from; i < end; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FloatVector.fromMemorySegment(F32, parameters, at, ORDER);
      FloatVector g = FloatVector.fromMemorySegment(F32, gradient, at, ORDER);
      FloatVector m = FloatVector.fromMemorySegment(F32, moment1, at, ORDER);
      FloatVector v = FloatVector.fromMemorySegment(F32, moment2, at, ORDER);
      g = coupledDecay.fma(theta, g);
      m = beta1.fma(m, gain1.mul(g));
      v = beta2.fma(v, gain2.mul(g.mul(g)));
      m.intoMemorySegment(moment1, at, ORDER);
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector step = m.div(v.sqrt().fma(correction2, epsilon));
      theta = minusRate.fma(step, minusShrink.fma(theta, theta));
      theta.intoMemorySegment(parameters, at, ORDER);
    }
    if (end < to) {
      ScalarOptimizerKernels.adam(op, gradient, scalars, parameters, moment1, moment2, end, to);
    }
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(F32, value);
  }
}

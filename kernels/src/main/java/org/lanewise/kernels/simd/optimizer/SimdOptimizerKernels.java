package org.lanewise.kernels.simd.optimizer;

import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.op.StepScalars.MOMENT1_FACTOR;
import static org.lanewise.kernels.op.StepScalars.MOMENT2_FACTOR;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.OptimizerKernels;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.scalar.ScalarOptimizerKernels;
import org.lanewise.kernels.simd.Lanes;

/**
 * Optimizer steps in one pass over memory: every tensor is read once and written once. Nothing is
 * checked.
 */
public final class SimdOptimizerKernels implements OptimizerKernels {
  /** The only instance. */
  public static final SimdOptimizerKernels INSTANCE = new SimdOptimizerKernels();

  private SimdOptimizerKernels() {}

  @Override
  public void clip(
      float limit,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment clipped,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end) {
      clipVectors(limit, gradient, gradientScale, clipped, from, end);
    }
    if (end < to) {
      ScalarOptimizerKernels.INSTANCE.clip(limit, gradient, gradientScale, clipped, end, to);
    }
  }

  private static void clipVectors(
      float limit,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment clipped,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    clipped = Lanes.memory(clipped);
    for (long i = from; i < to; i += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, gradient, i * Float.BYTES, ORDER))
          .mul(gradientScale)
          .max(-limit)
          .min(limit)
          .intoMemorySegment(clipped, i * Float.BYTES, ORDER);
    }
  }

  @Override
  public void sgd(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if ((float) op.momentum() == 0f) {
      plainSgd(op, gradient, gradientScale, scalars, parameters, from, end);
    } else if (op.nesterov()) {
      nesterov(op, gradient, gradientScale, scalars, parameters, velocity, from, end);
    } else {
      momentum(op, gradient, gradientScale, scalars, parameters, velocity, from, end);
    }
    if (end < to) {
      ScalarOptimizerKernels.INSTANCE.sgd(
          op, gradient, gradientScale, scalars, parameters, velocity, end, to);
    }
  }

  private static void plainSgd(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, i * Float.BYTES, ORDER));
      FloatVector g =
          theta.fma(
              weightDecay,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, gradient, i * Float.BYTES, ORDER))
                  .mul(gradientScale));
      g.fma(minusRate, theta).intoMemorySegment(parameters, i * Float.BYTES, ORDER);
    }
  }

  private static void momentum(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    velocity = Lanes.memory(velocity);
    FloatVector momentum = FloatVector.broadcast(F32, (float) op.momentum());
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    float gain = scalars.getAtIndex(FLOAT, MOMENT1_FACTOR);
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, i * Float.BYTES, ORDER));
      FloatVector g =
          theta.fma(
              weightDecay,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, gradient, i * Float.BYTES, ORDER))
                  .mul(gradientScale));
      FloatVector u =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, velocity, i * Float.BYTES, ORDER))
              .fma(momentum, g.mul(gain));
      u.intoMemorySegment(velocity, i * Float.BYTES, ORDER);
      u.fma(minusRate, theta).intoMemorySegment(parameters, i * Float.BYTES, ORDER);
    }
  }

  private static void nesterov(
      UpdateOp.Sgd op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment velocity,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    velocity = Lanes.memory(velocity);
    FloatVector momentum = FloatVector.broadcast(F32, (float) op.momentum());
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    float gain = scalars.getAtIndex(FLOAT, MOMENT1_FACTOR);
    for (long i = from; i < to; i += COUNT) {
      FloatVector theta =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, i * Float.BYTES, ORDER));
      FloatVector g =
          theta.fma(
              weightDecay,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, gradient, i * Float.BYTES, ORDER))
                  .mul(gradientScale));
      FloatVector u =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, velocity, i * Float.BYTES, ORDER))
              .fma(momentum, g.mul(gain));
      u.intoMemorySegment(velocity, i * Float.BYTES, ORDER);
      u.fma(momentum, g)
          .fma(minusRate, theta)
          .intoMemorySegment(parameters, i * Float.BYTES, ORDER);
    }
  }

  @Override
  public void adagrad(
      double epsilon,
      double weightDecay,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment sum,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    sum = Lanes.memory(sum);
    long end = vectorEnd(from, to);
    FloatVector decay = FloatVector.broadcast(F32, (float) weightDecay);
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector constant = FloatVector.broadcast(F32, (float) epsilon);
    for (long i = from; i < end; i += COUNT) {
      FloatVector theta =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, i * Float.BYTES, ORDER));
      FloatVector g =
          theta.fma(
              decay,
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, gradient, i * Float.BYTES, ORDER))
                  .mul(gradientScale));
      FloatVector squares =
          g.fma(g, FloatVector.fromMemorySegment(F32, sum, i * Float.BYTES, ORDER));
      squares.intoMemorySegment(sum, i * Float.BYTES, ORDER);
      FloatVector step = g.div(squares.sqrt().add(constant));
      step.fma(minusRate, theta).intoMemorySegment(parameters, i * Float.BYTES, ORDER);
    }
    if (end < to) {
      ScalarOptimizerKernels.INSTANCE.adagrad(
          epsilon, weightDecay, gradient, gradientScale, scalars, parameters, sum, end, to);
    }
  }

  @Override
  public void rmsProp(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      MemorySegment velocity,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end) {
      RmsPropLoops.run(
          op, gradient, gradientScale, scalars, parameters, moment2, mean, velocity, from, end);
    }
    if (end < to) {
      ScalarOptimizerKernels.INSTANCE.rmsProp(
          op, gradient, gradientScale, scalars, parameters, moment2, mean, velocity, end, to);
    }
  }

  @Override
  public void adam(
      UpdateOp.Adam op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      MemorySegment maximum,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    if (from < end && op.amsGrad()) {
      amsGrad(
          op, gradient, gradientScale, scalars, parameters, moment1, moment2, maximum, from, end);
    } else if (from < end) {
      plainAdam(op, gradient, gradientScale, scalars, parameters, moment1, moment2, from, end);
    }
    if (end < to) {
      ScalarOptimizerKernels.INSTANCE.adam(
          op, gradient, gradientScale, scalars, parameters, moment1, moment2, maximum, end, to);
    }
  }

  private static void plainAdam(
      UpdateOp.Adam op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment1 = Lanes.memory(moment1);
    moment2 = Lanes.memory(moment2);
    float learningRate = scalars.getAtIndex(FLOAT, LEARNING_RATE);
    FloatVector minusRate =
        FloatVector.broadcast(F32, -(learningRate * scalars.getAtIndex(FLOAT, MOMENT1_FACTOR)));
    FloatVector correction2 = FloatVector.broadcast(F32, scalars.getAtIndex(FLOAT, MOMENT2_FACTOR));
    FloatVector beta1 = FloatVector.broadcast(F32, (float) op.beta1());
    FloatVector beta2 = FloatVector.broadcast(F32, (float) op.beta2());
    FloatVector gain1 = FloatVector.broadcast(F32, (float) (1 - op.beta1()));
    FloatVector gain2 = FloatVector.broadcast(F32, (float) (1 - op.beta2()));
    FloatVector epsilon = FloatVector.broadcast(F32, (float) op.epsilon());
    float weightDecay = (float) op.weightDecay();
    FloatVector coupledDecay = FloatVector.broadcast(F32, op.decoupled() ? 0f : weightDecay);
    FloatVector minusShrink =
        FloatVector.broadcast(F32, op.decoupled() ? -(learningRate * weightDecay) : 0f);
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      FloatVector m = FLOATS.cast(FloatVector.fromMemorySegment(F32, moment1, at, ORDER));
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER));
      g = theta.fma(coupledDecay, g);
      m = m.fma(beta1, g.mul(gain1));
      v = v.fma(beta2, g.mul(g).mul(gain2));
      m.intoMemorySegment(moment1, at, ORDER);
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector step = m.div(v.sqrt().fma(correction2, epsilon));
      theta = step.fma(minusRate, theta.fma(minusShrink, theta));
      theta.intoMemorySegment(parameters, at, ORDER);
    }
  }

  private static void amsGrad(
      UpdateOp.Adam op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment1,
      MemorySegment moment2,
      MemorySegment maximum,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment1 = Lanes.memory(moment1);
    moment2 = Lanes.memory(moment2);
    maximum = Lanes.memory(maximum);
    float learningRate = scalars.getAtIndex(FLOAT, LEARNING_RATE);
    FloatVector minusRate =
        FloatVector.broadcast(F32, -(learningRate * scalars.getAtIndex(FLOAT, MOMENT1_FACTOR)));
    FloatVector correction2 = FloatVector.broadcast(F32, scalars.getAtIndex(FLOAT, MOMENT2_FACTOR));
    FloatVector beta1 = FloatVector.broadcast(F32, (float) op.beta1());
    FloatVector beta2 = FloatVector.broadcast(F32, (float) op.beta2());
    FloatVector gain1 = FloatVector.broadcast(F32, (float) (1 - op.beta1()));
    FloatVector gain2 = FloatVector.broadcast(F32, (float) (1 - op.beta2()));
    FloatVector epsilon = FloatVector.broadcast(F32, (float) op.epsilon());
    float weightDecay = (float) op.weightDecay();
    FloatVector coupledDecay = FloatVector.broadcast(F32, op.decoupled() ? 0f : weightDecay);
    FloatVector minusShrink =
        FloatVector.broadcast(F32, op.decoupled() ? -(learningRate * weightDecay) : 0f);
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      FloatVector m = FLOATS.cast(FloatVector.fromMemorySegment(F32, moment1, at, ORDER));
      FloatVector v = FLOATS.cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER));
      g = theta.fma(coupledDecay, g);
      m = m.fma(beta1, g.mul(gain1));
      v = v.fma(beta2, g.mul(g).mul(gain2));
      m.intoMemorySegment(moment1, at, ORDER);
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector w = FLOATS.cast(FloatVector.fromMemorySegment(F32, maximum, at, ORDER)).max(v);
      w.intoMemorySegment(maximum, at, ORDER);
      FloatVector step = m.div(w.sqrt().fma(correction2, epsilon));
      theta = step.fma(minusRate, theta.fma(minusShrink, theta));
      theta.intoMemorySegment(parameters, at, ORDER);
    }
  }
}

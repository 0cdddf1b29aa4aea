package org.lanewise.kernels.simd.optimizer;

import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.simd.Lanes;

/** RMSprop on whole vectors, of which there is one at least: a loop for each kind. */
final class RmsPropLoops {
  private RmsPropLoops() {}

  static void run(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float scale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      MemorySegment velocity,
      long from,
      long to) {
    boolean hasMomentum = (float) op.momentum() != 0f;
    if (op.centered() && hasMomentum) {
      centeredMomentum(op, gradient, scale, scalars, parameters, moment2, mean, velocity, from, to);
    } else if (op.centered()) {
      centered(op, gradient, scale, scalars, parameters, moment2, mean, from, to);
    } else if (hasMomentum) {
      momentum(op, gradient, scale, scalars, parameters, moment2, velocity, from, to);
    } else {
      plain(op, gradient, scale, scalars, parameters, moment2, from, to);
    }
  }

  private static void plain(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment2 = Lanes.memory(moment2);
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector decay = FloatVector.broadcast(F32, (float) op.decay());
    float gain = (float) (1 - op.decay());
    float epsilon = (float) op.epsilon();
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      g = theta.fma(weightDecay, g);
      FloatVector v =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER))
              .fma(decay, g.mul(g).mul(gain));
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector step = g.div(v.sqrt().add(epsilon));
      step.fma(minusRate, theta).intoMemorySegment(parameters, at, ORDER);
    }
  }

  private static void centered(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment mean,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment2 = Lanes.memory(moment2);
    mean = Lanes.memory(mean);
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector decay = FloatVector.broadcast(F32, (float) op.decay());
    float gain = (float) (1 - op.decay());
    float epsilon = (float) op.epsilon();
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      g = theta.fma(weightDecay, g);
      FloatVector v =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER))
              .fma(decay, g.mul(g).mul(gain));
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, mean, at, ORDER)).fma(decay, g.mul(gain));
      a.intoMemorySegment(mean, at, ORDER);
      FloatVector variance = a.neg().fma(a, v).max(0f);
      FloatVector step = g.div(variance.sqrt().add(epsilon));
      step.fma(minusRate, theta).intoMemorySegment(parameters, at, ORDER);
    }
  }

  private static void momentum(
      UpdateOp.RmsProp op,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment scalars,
      MemorySegment parameters,
      MemorySegment moment2,
      MemorySegment velocity,
      long from,
      long to) {
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment2 = Lanes.memory(moment2);
    velocity = Lanes.memory(velocity);
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector decay = FloatVector.broadcast(F32, (float) op.decay());
    float gain = (float) (1 - op.decay());
    float epsilon = (float) op.epsilon();
    FloatVector momentum = FloatVector.broadcast(F32, (float) op.momentum());
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      g = theta.fma(weightDecay, g);
      FloatVector v =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER))
              .fma(decay, g.mul(g).mul(gain));
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector step = g.div(v.sqrt().add(epsilon));
      FloatVector u =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, velocity, at, ORDER)).fma(momentum, step);
      u.intoMemorySegment(velocity, at, ORDER);
      u.fma(minusRate, theta).intoMemorySegment(parameters, at, ORDER);
    }
  }

  private static void centeredMomentum(
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
    gradient = Lanes.memory(gradient);
    parameters = Lanes.memory(parameters);
    moment2 = Lanes.memory(moment2);
    mean = Lanes.memory(mean);
    velocity = Lanes.memory(velocity);
    FloatVector weightDecay = FloatVector.broadcast(F32, (float) op.weightDecay());
    FloatVector minusRate = FloatVector.broadcast(F32, -scalars.getAtIndex(FLOAT, LEARNING_RATE));
    FloatVector decay = FloatVector.broadcast(F32, (float) op.decay());
    float gain = (float) (1 - op.decay());
    float epsilon = (float) op.epsilon();
    FloatVector momentum = FloatVector.broadcast(F32, (float) op.momentum());
    for (long i = from; i < to; i += COUNT) {
      long at = i * Float.BYTES;
      FloatVector theta = FLOATS.cast(FloatVector.fromMemorySegment(F32, parameters, at, ORDER));
      FloatVector g =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gradient, at, ORDER)).mul(gradientScale);
      g = theta.fma(weightDecay, g);
      FloatVector v =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, moment2, at, ORDER))
              .fma(decay, g.mul(g).mul(gain));
      v.intoMemorySegment(moment2, at, ORDER);
      FloatVector a =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, mean, at, ORDER)).fma(decay, g.mul(gain));
      a.intoMemorySegment(mean, at, ORDER);
      FloatVector variance = a.neg().fma(a, v).max(0f);
      FloatVector step = g.div(variance.sqrt().add(epsilon));
      FloatVector u =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, velocity, at, ORDER)).fma(momentum, step);
      u.intoMemorySegment(velocity, at, ORDER);
      u.fma(minusRate, theta).intoMemorySegment(parameters, at, ORDER);
    }
  }
}

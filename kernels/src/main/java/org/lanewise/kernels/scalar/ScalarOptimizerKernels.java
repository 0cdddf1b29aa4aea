package org.lanewise.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.lanewise.kernels.op.StepScalars.LEARNING_RATE;
import static org.lanewise.kernels.op.StepScalars.MOMENT1_FACTOR;
import static org.lanewise.kernels.op.StepScalars.MOMENT2_FACTOR;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.host.OptimizerKernels;
import org.lanewise.kernels.op.UpdateOp;

/** Optimizer steps, one element after the other. */
public final class ScalarOptimizerKernels implements OptimizerKernels {
  /** The only instance. */
  public static final ScalarOptimizerKernels INSTANCE = new ScalarOptimizerKernels();

  private ScalarOptimizerKernels() {}

  @Override
  public void clip(
      float limit,
      MemorySegment gradient,
      float gradientScale,
      MemorySegment clipped,
      long from,
      long to) {
    for (long i = from; i < to; i++) {
      float g = gradientScale * gradient.getAtIndex(JAVA_FLOAT, i);
      clipped.setAtIndex(JAVA_FLOAT, i, Math.min(Math.max(g, -limit), limit));
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
    float learningRate = scalars.getAtIndex(JAVA_FLOAT, LEARNING_RATE);
    float gain = scalars.getAtIndex(JAVA_FLOAT, MOMENT1_FACTOR);
    float momentum = (float) op.momentum();
    float weightDecay = (float) op.weightDecay();
    for (long i = from; i < to; i++) {
      float theta = parameters.getAtIndex(JAVA_FLOAT, i);
      float g = Math.fma(weightDecay, theta, gradientScale * gradient.getAtIndex(JAVA_FLOAT, i));
      float step = g;
      if (momentum != 0f) {
        float u = Math.fma(momentum, velocity.getAtIndex(JAVA_FLOAT, i), gain * g);
        velocity.setAtIndex(JAVA_FLOAT, i, u);
        step = op.nesterov() ? Math.fma(momentum, u, g) : u;
      }
      parameters.setAtIndex(JAVA_FLOAT, i, Math.fma(-learningRate, step, theta));
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
    float learningRate = scalars.getAtIndex(JAVA_FLOAT, LEARNING_RATE);
    float decay = (float) op.decay();
    float gain = (float) (1 - op.decay());
    float epsilon = (float) op.epsilon();
    float weightDecay = (float) op.weightDecay();
    float momentum = (float) op.momentum();
    for (long i = from; i < to; i++) {
      float theta = parameters.getAtIndex(JAVA_FLOAT, i);
      float g = Math.fma(weightDecay, theta, gradientScale * gradient.getAtIndex(JAVA_FLOAT, i));
      float v = Math.fma(decay, moment2.getAtIndex(JAVA_FLOAT, i), gain * (g * g));
      moment2.setAtIndex(JAVA_FLOAT, i, v);
      if (op.centered()) {
        float a = Math.fma(decay, mean.getAtIndex(JAVA_FLOAT, i), gain * g);
        mean.setAtIndex(JAVA_FLOAT, i, a);
        v = Math.max(Math.fma(-a, a, v), 0f);
      }
      float step = g / (sqrt(v) + epsilon);
      if (momentum != 0f) {
        step = Math.fma(momentum, velocity.getAtIndex(JAVA_FLOAT, i), step);
        velocity.setAtIndex(JAVA_FLOAT, i, step);
      }
      parameters.setAtIndex(JAVA_FLOAT, i, Math.fma(-learningRate, step, theta));
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
    float learningRate = scalars.getAtIndex(JAVA_FLOAT, LEARNING_RATE);
    float constant = (float) epsilon;
    float decay = (float) weightDecay;
    for (long i = from; i < to; i++) {
      float theta = parameters.getAtIndex(JAVA_FLOAT, i);
      float g = Math.fma(decay, theta, gradientScale * gradient.getAtIndex(JAVA_FLOAT, i));
      float squares = Math.fma(g, g, sum.getAtIndex(JAVA_FLOAT, i));
      sum.setAtIndex(JAVA_FLOAT, i, squares);
      float step = g / (sqrt(squares) + constant);
      parameters.setAtIndex(JAVA_FLOAT, i, Math.fma(-learningRate, step, theta));
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
    float learningRate = scalars.getAtIndex(JAVA_FLOAT, LEARNING_RATE);
    float rate = learningRate * scalars.getAtIndex(JAVA_FLOAT, MOMENT1_FACTOR);
    float correction2 = scalars.getAtIndex(JAVA_FLOAT, MOMENT2_FACTOR);
    float beta1 = (float) op.beta1();
    float beta2 = (float) op.beta2();
    float gain1 = (float) (1 - op.beta1());
    float gain2 = (float) (1 - op.beta2());
    float epsilon = (float) op.epsilon();
    float weightDecay = (float) op.weightDecay();
    float coupledDecay = op.decoupled() ? 0f : weightDecay;
    float minusShrink = op.decoupled() ? -(learningRate * weightDecay) : 0f;
    for (long i = from; i < to; i++) {
      float theta = parameters.getAtIndex(JAVA_FLOAT, i);
      float g = Math.fma(coupledDecay, theta, gradientScale * gradient.getAtIndex(JAVA_FLOAT, i));
      float m = Math.fma(beta1, moment1.getAtIndex(JAVA_FLOAT, i), gain1 * g);
      float v = Math.fma(beta2, moment2.getAtIndex(JAVA_FLOAT, i), gain2 * (g * g));
      moment1.setAtIndex(JAVA_FLOAT, i, m);
      moment2.setAtIndex(JAVA_FLOAT, i, v);
      if (op.amsGrad()) {
        v = Math.max(maximum.getAtIndex(JAVA_FLOAT, i), v);
        maximum.setAtIndex(JAVA_FLOAT, i, v);
      }
      float step = m / Math.fma(sqrt(v), correction2, epsilon);
      float kept = Math.fma(minusShrink, theta, theta);
      parameters.setAtIndex(JAVA_FLOAT, i, Math.fma(-rate, step, kept));
    }
  }

  /**
   * The correctly rounded root: a root in f64 has digits enough that rounding twice is harmless.
   */
  private static float sqrt(float value) {
    return (float) Math.sqrt(value);
  }
}

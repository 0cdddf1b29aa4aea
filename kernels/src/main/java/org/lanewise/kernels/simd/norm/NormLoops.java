package org.lanewise.kernels.simd.norm;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;

/**
 * Loops of the norms over elements {@code from ≤ j < to} of a row or a channel. Those that add to
 * the {@link VirtualLanes} take a multiple of {@link VirtualLanes#COUNT} elements, the others one
 * of {@link Lanes#COUNT}. An operand {@code weight} or {@code bias} has its first element at {@code
 * start}.
 */
final class NormLoops {
  /** Where the lanes of a second and a third sum begin. */
  static final int SECOND = VirtualLanes.COUNT;

  static final int THIRD = 2 * VirtualLanes.COUNT;

  private NormLoops() {}

  /** Adds {@code x − mean}, {@code dy}, and their products. */
  static void gradientSums(
      MemorySegment x, float mean, MemorySegment dy, long from, long to, MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector differences =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
      FloatVector gradients =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, lanes, (lane + SECOND) * Float.BYTES, ORDER));
      FloatVector products =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, lanes, (lane + THIRD) * Float.BYTES, ORDER));
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector difference =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
        FloatVector g = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER));
        differences = difference.add(differences);
        gradients = g.add(gradients);
        products = difference.fma(g, products);
      }
      FLOATS.cast(differences).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
      FLOATS.cast(gradients).intoMemorySegment(lanes, (lane + SECOND) * Float.BYTES, ORDER);
      FLOATS.cast(products).intoMemorySegment(lanes, (lane + THIRD) * Float.BYTES, ORDER);
    }
  }

  /** Adds {@code x − mean}, {@code dy · weight}, and their products. */
  static void weightedGradientSums(
      MemorySegment x,
      float mean,
      MemorySegment dy,
      MemorySegment weight,
      long start,
      long from,
      long to,
      MemorySegment lanes) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    weight = Lanes.memory(weight);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector differences =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, lanes, lane * Float.BYTES, ORDER));
      FloatVector gradients =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, lanes, (lane + SECOND) * Float.BYTES, ORDER));
      FloatVector products =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, lanes, (lane + THIRD) * Float.BYTES, ORDER));
      for (long j = from + lane; j < to; j += VirtualLanes.COUNT) {
        FloatVector difference =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
        FloatVector g =
            FLOATS
                .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
                .mul(
                    FLOATS.cast(
                        FloatVector.fromMemorySegment(
                            F32, weight, (j - start) * Float.BYTES, ORDER)));
        differences = difference.add(differences);
        gradients = g.add(gradients);
        products = difference.fma(g, products);
      }
      FLOATS.cast(differences).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
      FLOATS.cast(gradients).intoMemorySegment(lanes, (lane + SECOND) * Float.BYTES, ORDER);
      FLOATS.cast(products).intoMemorySegment(lanes, (lane + THIRD) * Float.BYTES, ORDER);
    }
  }

  /** {@code y = (x − mean) · scale + shift}. */
  static void normalize(
      MemorySegment x, MemorySegment y, float mean, float scale, float shift, long from, long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
          .sub(mean)
          .fma(FloatVector.broadcast(F32, scale), FloatVector.broadcast(F32, shift))
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  /** {@code y = ((x − mean) · rstd + shift) · weight + bias}. */
  static void normalize(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment bias,
      MemorySegment y,
      float mean,
      float rstd,
      float shift,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    weight = Lanes.memory(weight);
    bias = Lanes.memory(bias);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FloatVector w =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, weight, (j - start) * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, bias, (j - start) * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
          .sub(mean)
          .fma(FloatVector.broadcast(F32, rstd), FloatVector.broadcast(F32, shift))
          .fma(w, b)
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  /** {@code y = x · rstd · weight}. */
  static void scale(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment y,
      float rstd,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    weight = Lanes.memory(weight);
    y = Lanes.memory(y);
    for (long j = from; j < to; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
          .mul(rstd)
          .mul(
              FLOATS.cast(
                  FloatVector.fromMemorySegment(F32, weight, (j - start) * Float.BYTES, ORDER)))
          .intoMemorySegment(y, j * Float.BYTES, ORDER);
    }
  }

  /** {@code dx = dy · scale + shift − (x − mean) · slope}. */
  static void gradient(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float scale,
      float slope,
      float shift,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
      FloatVector gradient =
          difference.fma(
              FloatVector.broadcast(F32, -slope),
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
                  .fma(FloatVector.broadcast(F32, scale), FloatVector.broadcast(F32, shift)));
      gradient.intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  /** {@code dx = dy · weight · rstd + shift − (x − mean) · slope}. */
  static void weightedGradient(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float rstd,
      float slope,
      float shift,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    weight = Lanes.memory(weight);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
      FloatVector g =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
              .mul(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(
                          F32, weight, (j - start) * Float.BYTES, ORDER)));
      FloatVector gradient =
          difference.fma(
              FloatVector.broadcast(F32, -slope),
              g.fma(FloatVector.broadcast(F32, rstd), FloatVector.broadcast(F32, shift)));
      gradient.intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  /** {@code dx += dy · scale + shift − (x − mean) · slope}. */
  static void addGradient(
      MemorySegment x,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float scale,
      float slope,
      float shift,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
      FloatVector gradient =
          difference.fma(
              FloatVector.broadcast(F32, -slope),
              FLOATS
                  .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
                  .fma(FloatVector.broadcast(F32, scale), FloatVector.broadcast(F32, shift)));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, j * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }

  /** {@code dx += dy · weight · rstd + shift − (x − mean) · slope}. */
  static void addWeightedGradient(
      MemorySegment x,
      MemorySegment weight,
      MemorySegment dy,
      MemorySegment dx,
      float mean,
      float rstd,
      float slope,
      float shift,
      long start,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    weight = Lanes.memory(weight);
    dy = Lanes.memory(dy);
    dx = Lanes.memory(dx);
    for (long j = from; j < to; j += COUNT) {
      FloatVector difference =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).sub(mean);
      FloatVector g =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, dy, j * Float.BYTES, ORDER))
              .mul(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(
                          F32, weight, (j - start) * Float.BYTES, ORDER)));
      FloatVector gradient =
          difference.fma(
              FloatVector.broadcast(F32, -slope),
              g.fma(FloatVector.broadcast(F32, rstd), FloatVector.broadcast(F32, shift)));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, dx, j * Float.BYTES, ORDER))
          .add(gradient)
          .intoMemorySegment(dx, j * Float.BYTES, ORDER);
    }
  }
}

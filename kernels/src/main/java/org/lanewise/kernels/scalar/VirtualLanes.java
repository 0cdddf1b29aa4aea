package org.lanewise.kernels.scalar;

/**
 * The order in which reductions add: element j belongs to lane {@code j mod 16}, each lane adds its
 * elements in order, and then the lanes are added as a tree. It is the same for every vector width,
 * so the sum is too.
 */
public final class VirtualLanes {
  /** Number of lanes: the floats in the widest vector. */
  public static final int COUNT = 16;

  private VirtualLanes() {}

  /** Adds the lanes: {@code i} and {@code i + 8}, then 4 apart, 2, and 1. Overwrites them. */
  public static float sum(float[] lanes) {
    for (int apart = COUNT / 2; apart > 0; apart /= 2) {
      for (int i = 0; i < apart; i++) {
        lanes[i] += lanes[i + apart];
      }
    }
    return lanes[0];
  }
}

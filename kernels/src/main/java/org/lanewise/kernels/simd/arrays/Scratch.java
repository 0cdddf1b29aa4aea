package org.lanewise.kernels.simd.arrays;

import java.util.Arrays;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.scalar.VirtualLanes;

/** Arrays of one thread for what a kernel cannot keep in registers, so that no call allocates. */
public final class Scratch {
  /** Elements of {@link #chunk}: 4 KiB, which stay in the first-level cache. */
  static final int CHUNK = 1024;

  private static final int BUFFERS = 4;

  private static final ThreadLocal<Scratch> THREADS = ThreadLocal.withInitial(Scratch::new);

  /** The {@link VirtualLanes}, where vectors of any width can add to them. */
  final float[] lanes;

  /** What a first stage leaves to a second one. */
  final float[] chunk;

  /** What rounding took from elements of {@link #chunk}. */
  final float[] errors;

  /** A tile that {@link TileFunctions} are applied to. */
  final float[] tile;

  private final float[] stepScalars;

  private final float[][] buffers = new float[BUFFERS][0];

  private Scratch() {
    lanes = new float[VirtualLanes.COUNT];
    chunk = new float[CHUNK];
    tile = new float[CHUNK];
    errors = new float[CHUNK];
    stepScalars = new float[(int) StepScalars.TYPE.shape().size()];
  }

  /** The calling thread's. */
  public static Scratch ofThread() {
    return THREADS.get();
  }

  /** Room for {@link StepScalars}. */
  public float[] stepScalars() {
    return stepScalars;
  }

  /** Room for as many elements, the same in each call with the same number. */
  float[] buffer(int number, int elements) {
    if (buffers[number].length < elements) {
      buffers[number] = new float[Math.max(elements, 2 * buffers[number].length)];
    }
    return buffers[number];
  }

  void clearLanes() {
    Arrays.fill(lanes, 0f);
  }

  void addToLane(int lane, float value) {
    lanes[lane] += value;
  }

  /** The sum of the lanes in the order of {@link VirtualLanes}. */
  float sumOfLanes() {
    return (sumOfLanes(0) + sumOfLanes(2)) + (sumOfLanes(1) + sumOfLanes(3));
  }

  private float sumOfLanes(int first) {
    return (lane(first) + lane(first + 8)) + (lane(first + 4) + lane(first + 12));
  }

  /** The largest lane, or NaN if there is one. */
  float maxOfLanes() {
    return Math.max(Math.max(maxOfLanes(0), maxOfLanes(1)), Math.max(maxOfLanes(2), maxOfLanes(3)));
  }

  private float maxOfLanes(int first) {
    return Math.max(
        Math.max(lane(first), lane(first + 4)), Math.max(lane(first + 8), lane(first + 12)));
  }

  private float lane(int index) {
    return lanes[index];
  }
}

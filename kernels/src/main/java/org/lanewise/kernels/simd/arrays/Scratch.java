package org.lanewise.kernels.simd.arrays;

import java.util.Arrays;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.scalar.ScalarBlasKernelsF64;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/** Arrays of a workspace for what a kernel cannot keep in registers, so that no call allocates. */
public final class Scratch {
  /** Elements of {@link #chunk}: 4 KiB, which stay in the first-level cache. */
  public static final int CHUNK = 1024;

  private static final int BUFFERS = 4;

  private static final PerWorkspace<Scratch> INSTANCES = PerWorkspace.of(Scratch::new);

  /** The {@link VirtualLanes} of up to three sums, where vectors of any width can add to them. */
  public final float[] lanes;

  /** What a first stage leaves to a second one. */
  public final float[] chunk;

  /** What rounding took from elements of {@link #chunk}. */
  public final float[] errors;

  /** A tile that {@link TileFunctions} are applied to. */
  public final float[] tile;

  /** What has been taken from the lanes of each of the three sums. */
  public final float[] totals = new float[3];

  /** Partial sums of a block of {@link BlasKernels}. */
  public final float[] sums;

  /** The same for f64. */
  public final double[] sumsF64;

  private final float[] stepScalars;

  private final Workspace workspace = Workspace.current();
  private final float[][] buffers = new float[BUFFERS][0];

  private Scratch() {
    lanes = new float[3 * VirtualLanes.COUNT];
    chunk = new float[CHUNK];
    tile = new float[CHUNK];
    errors = new float[CHUNK];
    sums = new float[BlasKernels.LANES];
    sumsF64 = new double[ScalarBlasKernelsF64.LANES];
    stepScalars = new float[(int) StepScalars.TYPE.shape().size()];
  }

  /** That of the calling thread's workspace. */
  public static Scratch ofThread() {
    return INSTANCES.get();
  }

  /** Room for {@link StepScalars}. */
  public float[] stepScalars() {
    return stepScalars;
  }

  /** Room for as many elements, the same in each call with the same number. */
  public float[] buffer(int number, int elements) {
    if (buffers[number].length < elements) {
      buffers[number] = workspace.floats(Math.max(elements, 2 * buffers[number].length));
    }
    return buffers[number];
  }

  public void clearLanes() {
    Arrays.fill(lanes, 0f);
  }

  public void fillLanes(float value) {
    Arrays.fill(lanes, value);
  }

  public void addToLane(int lane, float value) {
    lanes[lane] += value;
  }

  public void addToLane(int lane, float a, float b) {
    lanes[lane] = Math.fma(a, b, lanes[lane]);
  }

  public void clearTotals() {
    Arrays.fill(totals, 0f);
  }

  public void addLanesToTotals() {
    for (int i = 0; i < totals.length; i++) {
      totals[i] += sumOfLanes(i * VirtualLanes.COUNT);
    }
  }

  /** The sum of the lanes in the order of {@link VirtualLanes}. */
  public float sumOfLanes() {
    return sumOfLanes(0);
  }

  /** The sum of the lanes that begin at {@code first}. */
  public float sumOfLanes(int first) {
    return (quarterSum(first) + quarterSum(first + 2))
        + (quarterSum(first + 1) + quarterSum(first + 3));
  }

  private float quarterSum(int first) {
    return (lane(first) + lane(first + 8)) + (lane(first + 4) + lane(first + 12));
  }

  /** The largest lane, or NaN if there is one. */
  public float maxOfLanes() {
    return Math.max(Math.max(maxOfLanes(0), maxOfLanes(1)), Math.max(maxOfLanes(2), maxOfLanes(3)));
  }

  private float maxOfLanes(int first) {
    return Math.max(
        Math.max(lane(first), lane(first + 4)), Math.max(lane(first + 8), lane(first + 12)));
  }

  public float lane(int index) {
    return lanes[index];
  }

  public void setLane(int index, float value) {
    lanes[index] = value;
  }
}

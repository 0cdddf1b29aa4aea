package org.lanewise.kernels.simd;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.BlasKernels;
import org.lanewise.kernels.op.StepScalars;
import org.lanewise.kernels.scalar.ScalarBlasKernelsF64;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.workspace.PerWorkspace;
import org.lanewise.kernels.workspace.Workspace;

/** Memory of a workspace for what a kernel cannot keep in registers, so that no call allocates. */
public final class Scratch {
  /** Elements of {@link #chunk}: 4 KiB, which stay in the first-level cache. */
  public static final int CHUNK = 1024;

  private static final int BUFFERS = 4;

  private static final PerWorkspace<Scratch> INSTANCES = PerWorkspace.of(Scratch::new);

  /** The {@link VirtualLanes} of up to three sums, where vectors of any width can add to them. */
  public final MemorySegment lanes;

  /** What a first stage leaves to a second one. */
  public final MemorySegment chunk;

  /** What rounding took from elements of {@link #chunk}. */
  public final MemorySegment errors;

  /** A tile that {@link org.lanewise.kernels.simd.math.TileFunctions} are applied to. */
  public final MemorySegment tile;

  /** What has been taken from the lanes of each of the three sums. */
  public final float[] totals = new float[3];

  /** Partial sums of a block of {@link BlasKernels}. */
  public final MemorySegment sums;

  /** The same for f64. */
  public final MemorySegment sumsF64;

  private final MemorySegment stepScalars;

  private final Workspace workspace = Workspace.current();
  private final MemorySegment[] buffers = new MemorySegment[BUFFERS];

  private Scratch() {
    lanes = workspace.allocate(3 * VirtualLanes.COUNT * Float.BYTES, 64);
    chunk = workspace.allocate(CHUNK * Float.BYTES, 64);
    tile = workspace.allocate(CHUNK * Float.BYTES, 64);
    errors = workspace.allocate(CHUNK * Float.BYTES, 64);
    sums = workspace.allocate(BlasKernels.LANES * Float.BYTES, 64);
    sumsF64 = workspace.allocate(ScalarBlasKernelsF64.LANES * Double.BYTES, 64);
    stepScalars = workspace.allocate(StepScalars.TYPE.byteSize(), 64);
  }

  /** That of the calling thread's workspace. */
  public static Scratch ofThread() {
    return INSTANCES.get();
  }

  /** Room for {@link StepScalars}. */
  public MemorySegment stepScalars() {
    return stepScalars;
  }

  /** Room for as many elements, the same in each call with the same number. */
  public MemorySegment buffer(int number, long elements) {
    MemorySegment buffer = buffers[number];
    if (buffer == null || buffer.byteSize() < elements * Float.BYTES) {
      // Twice as large at least, so that what is given up is never more than what is kept.
      long old = buffer == null ? 0 : buffer.byteSize();
      buffer = workspace.allocate(Math.max(elements * Float.BYTES, 2 * old), 64);
      buffers[number] = buffer;
    }
    return buffer;
  }

  /** Clears the lanes of all sums, in vectors, as those are then loaded from the store buffer. */
  public void clearLanes() {
    for (int lane = 0; lane < 3 * VirtualLanes.COUNT; lane += COUNT) {
      FLOATS.cast(FloatVector.zero(F32)).intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  public void fillLanes(float value) {
    for (int lane = 0; lane < VirtualLanes.COUNT; lane++) {
      lanes.setAtIndex(FLOAT, lane, value);
    }
  }

  public void addToLane(long lane, float value) {
    lanes.setAtIndex(FLOAT, lane, lanes.getAtIndex(FLOAT, lane) + value);
  }

  public void addToLane(long lane, float a, float b) {
    lanes.setAtIndex(FLOAT, lane, Math.fma(a, b, lanes.getAtIndex(FLOAT, lane)));
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

  public float lane(long index) {
    return lanes.getAtIndex(FLOAT, index);
  }

  public void setLane(long index, float value) {
    lanes.setAtIndex(FLOAT, index, value);
  }
}

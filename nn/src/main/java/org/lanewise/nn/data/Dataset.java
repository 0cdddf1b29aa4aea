package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import org.lanewise.kernels.Permutations;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/**
 * Samples in memory: an input and a target each. A view may cover part of the samples in any order.
 */
public final class Dataset {
  /** The stream of random numbers that {@link #split} draws from. */
  private static final long SPLIT_STREAM = 0x53504c4954L;

  private final MemorySegment inputs;
  private final TensorType inputType;
  private final MemorySegment targets;
  private final TensorType targetType;
  private final int[] rows;

  private Dataset(
      MemorySegment inputs,
      TensorType inputType,
      MemorySegment targets,
      TensorType targetType,
      int[] rows) {
    this.inputs = inputs;
    this.inputType = inputType;
    this.targets = targets;
    this.targetType = targetType;
    this.rows = rows;
  }

  /**
   * Samples that lie one after the other in memory, which is used and not copied.
   *
   * @param inputs all inputs, and nothing else
   * @param inputType type of one input
   * @param targets all targets, and nothing else
   * @param targetType type of one target; a class label is an i32 scalar
   * @throws IllegalArgumentException if the sizes do not fit or there are more than 2³⁰ samples
   */
  public static Dataset of(
      MemorySegment inputs, TensorType inputType, MemorySegment targets, TensorType targetType) {
    int size = count("inputs", inputs, inputType);
    if (count("targets", targets, targetType) != size) {
      throw new IllegalArgumentException(
          "%d inputs of %s but %d targets of %s"
              .formatted(size, inputType, count("targets", targets, targetType), targetType));
    }
    int[] rows = new int[size];
    Arrays.setAll(rows, row -> row);
    return new Dataset(inputs.asReadOnly(), inputType, targets.asReadOnly(), targetType, rows);
  }

  /**
   * Labelled samples, copied from arrays.
   *
   * @param inputs all inputs one after the other
   * @param inputShape shape of one input
   * @param labels a class for each input
   * @throws IllegalArgumentException if the sizes do not fit
   */
  public static Dataset of(float[] inputs, Shape inputShape, int[] labels) {
    return of(
        Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, inputs),
        new TensorType(DType.F32, inputShape),
        Arena.ofAuto().allocateFrom(JAVA_INT, labels),
        TensorType.i32());
  }

  private static int count(String name, MemorySegment segment, TensorType type) {
    long each = type.byteSize();
    if (each == 0 || segment.byteSize() % each != 0 || segment.byteSize() / each > 1 << 30) {
      throw new IllegalArgumentException(
          "%s have %d bytes, which are not 0 to 2^30 times %s"
              .formatted(name, segment.byteSize(), type));
    }
    return (int) (segment.byteSize() / each);
  }

  /** Number of samples. */
  public int size() {
    return rows.length;
  }

  /** Type of one input. */
  public TensorType inputType() {
    return inputType;
  }

  /** Type of one target. */
  public TensorType targetType() {
    return targetType;
  }

  /**
   * The class label of a sample.
   *
   * @throws IllegalStateException if targets are not labels
   */
  public int label(int index) {
    if (!targetType.equals(TensorType.i32())) {
      throw new IllegalStateException("targets are " + targetType + ", not labels");
    }
    return targets.getAtIndex(JAVA_INT, rows[index]);
  }

  /** A view of the samples {@code from} to {@code to − 1}. */
  public Dataset slice(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    return view(Arrays.copyOfRange(rows, from, to));
  }

  /**
   * Splits off a random part, say for validation.
   *
   * @param fraction the share of the second part, in [0, 1]
   */
  public Split split(double fraction, long seed) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction must be in [0, 1] but is " + fraction);
    }
    int[] shuffled = rows.clone();
    Permutations.shuffle(seed, SPLIT_STREAM, shuffled);
    int first = size() - (int) Math.round(size() * fraction);
    return new Split(
        view(Arrays.copyOf(shuffled, first)),
        view(Arrays.copyOfRange(shuffled, first, shuffled.length)));
  }

  private Dataset view(int[] rows) {
    return new Dataset(inputs, inputType, targets, targetType, rows);
  }

  /** Copies the input of a sample to a device. */
  public void copyInput(int index, Buffer buffer, long offset) {
    copy(inputs, inputType.byteSize(), index, buffer, offset);
  }

  /** Copies the target of a sample to a device. */
  public void copyTarget(int index, Buffer buffer, long offset) {
    copy(targets, targetType.byteSize(), index, buffer, offset);
  }

  private void copy(MemorySegment source, long bytes, int index, Buffer buffer, long offset) {
    buffer.write(offset, source, rows[index] * bytes, bytes);
  }

  /**
   * The two parts of a data set.
   *
   * @param train the larger part, as a rule
   * @param validation the part that training does not see
   */
  public record Split(Dataset train, Dataset validation) {}
}

package org.lanewise.ffi.opencl.backend;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.ffi.opencl.Kernel;
import org.lanewise.ffi.opencl.WorkSize;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.TensorType;

/** Makes launches of kernels on one device. */
final class Launcher {
  /** Floats of the vectors that kernels compute with. */
  static final int LANES = 16;

  /** Vectors that a work item takes where it walks through memory that lies together. */
  private static final int ITEM_VECTORS = 256;

  /** Work items of a group on devices that run many at once. */
  private static final int GROUP = 64;

  private final Context context;
  private final Faults faults;
  private final Programs programs;
  private final Tuning tuning;
  private final boolean cpu;
  private final Map<Shared, Operand> shared = new EnumMap<>(Shared.class);

  Launcher(Context context, Faults faults, Programs programs, Tuning tuning, boolean cpu) {
    this.context = context;
    this.faults = faults;
    this.programs = programs;
    this.tuning = tuning;
    this.cpu = cpu;
  }

  /** The sizes with which it is fast. */
  Tuning tuning() {
    return tuning;
  }

  /** Whether kernels are to be those for processors of the host. */
  boolean isCpu() {
    return cpu;
  }

  /**
   * Starts a launch, to be given its arguments in order, and then its size.
   *
   * @param file of the kernel
   * @param options what to define: {@code NAME} or {@code NAME=VALUE}
   * @throws UnsupportedKernelException if the device cannot run it
   */
  Arguments kernel(String file, String name, String... options) {
    StringBuilder defined = new StringBuilder();
    if (cpu) {
      defined.append(" -D CPU_DEVICE -D ITEM_VECTORS=").append(ITEM_VECTORS);
    }
    for (String option : options) {
      defined.append(" -D ").append(option);
    }
    return new Arguments(programs.kernel(file, name, defined.toString()));
  }

  /** Vectors that so many elements take. */
  static long vectors(long elements) {
    return Math.ceilDiv(elements, (long) LANES);
  }

  /** One step of several, which run in order. */
  DeviceStep sequence(Step... steps) {
    return new Sequence(List.of(steps));
  }

  /** Memory for what a step needs while it runs, zeroed. */
  Operand scratch(long floats) {
    TensorType type = TensorType.f32(floats);
    DeviceMemory memory = DeviceMemory.allocate(context, type.byteSize());
    return new Operand(new DeviceBuffer(memory, faults), 0, type);
  }

  /** Memory that all steps have in common, since they run one after the other. */
  enum Shared {
    /** A, as matrix products pack it. */
    PANELS_OF_A,
    /** B, as matrix products pack it. */
    PANELS_OF_B,
    /** The products of a time of a recurrent layer. */
    STATE_PRODUCTS
  }

  /**
   * Memory that a step fills before it reads it, and that other steps fill after it. It grows by
   * doubling, so what steps before have is at most as much again.
   */
  Operand shared(Shared purpose, long floats) {
    Operand known = shared.get(purpose);
    if (known == null || known.type().shape().size() < floats) {
      long had = known == null ? 0 : known.type().shape().size();
      shared.put(purpose, scratch(Math.max(floats, 2 * had)));
    }
    return shared.get(purpose);
  }

  /** Sets all elements. */
  Step fill(Operand target, float value) {
    long count = target.type().shape().size();
    return kernel("fill.cl", "fill").tensor(target).real(value).number(count).overVectors(count);
  }

  /** The arguments of a launch. */
  final class Arguments {
    private final Kernel kernel;
    private int count;

    private Arguments(Kernel kernel) {
      this.kernel = kernel;
    }

    /** A buffer, and the index of the tensor's first element. */
    Arguments tensor(Operand operand) {
      return tensor(operand, 0);
    }

    /** The same for a tensor without its first elements. */
    Arguments tensor(Operand operand, long from) {
      kernel.set(count++, ((DeviceBuffer) operand.buffer()).memory());
      return number(operand.offset() / operand.type().dtype().byteSize() + from);
    }

    /** The same for a tensor that begins with an element that changes. */
    Arguments tensor(Operand operand, Variable from) {
      kernel.set(count++, ((DeviceBuffer) operand.buffer()).memory());
      from.bind(kernel, count++, operand.offset() / Float.BYTES);
      return this;
    }

    /** A ulong or long. */
    Arguments number(long value) {
      kernel.set(count++, value);
      return this;
    }

    /** The same of a number that changes. */
    Arguments number(Variable value) {
      value.bind(kernel, count++, 0);
      return this;
    }

    /** An int. */
    Arguments integer(int value) {
      kernel.set(count++, value);
      return this;
    }

    /** An int that is 1 or 0. */
    Arguments flag(boolean value) {
      return integer(value ? 1 : 0);
    }

    /** A float. */
    Arguments real(float value) {
      kernel.set(count++, value);
      return this;
    }

    /** A double. */
    Arguments real(double value) {
      kernel.set(count++, value);
      return this;
    }

    /**
     * Where to note an index that is out of range.
     *
     * @param message a format of the index, its row and the bound
     */
    Arguments fault(String message) {
      kernel.set(count++, faults.memory());
      return integer(faults.step(message));
    }

    /** A work item for each number below {@code x}. */
    Step over(long x) {
      return over(x, 1, 1);
    }

    /** A work item for each pair of numbers. */
    Step over(long x, long y) {
      return over(x, y, 1);
    }

    /** A work item for each triple of numbers, and where groups are larger, some more. */
    Step over(long x, long y, long z) {
      return overGroups(new long[] {x, y, z}, new long[] {cpu ? 1 : GROUP, 1, 1});
    }

    /** Work items for all elements of tensors of this size, as FOR_VECTORS divides them. */
    Step overVectors(long elements) {
      return overVectors(elements, 1, 1);
    }

    /** The same for rows of so many elements, and in each dimension some rows more. */
    Step overVectors(long elements, long y, long z) {
      long vectors = vectors(elements);
      if (cpu) {
        return over(Math.ceilDiv(vectors, (long) ITEM_VECTORS), y, z);
      }
      int group = GROUP; // of one row, or where that has less, of some rows
      while (group > 1 && y > 1 && group / 2 >= vectors) {
        group /= 2;
      }
      return overGroups(new long[] {vectors, y, z}, new long[] {group, GROUP / group, 1});
    }

    /** Work items in groups of a given size. */
    Step overGroups(long[] items, long[] group) {
      for (long size : items) {
        if (size == 0) {
          return new EmptyLaunch(kernel);
        }
      }
      return new Launch(context.queue(), kernel, new WorkSize(items, group));
    }
  }

  /** Nothing to do, but on a device that is open. */
  private record EmptyLaunch(Kernel kernel) implements DeviceStep {
    @Override
    public void run() {
      kernel.requireReady();
    }

    @Override
    public long time() {
      run();
      return 0;
    }
  }
}

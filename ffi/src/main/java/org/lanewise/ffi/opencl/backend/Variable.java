package org.lanewise.ffi.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.ffi.opencl.Kernel;

/**
 * A number, at first 0, that is an argument of launches and may change from one run to the next.
 */
final class Variable {
  /** An argument that is the number and something added. */
  private record Argument(Kernel kernel, int index, long offset) {}

  private final List<Argument> arguments = new ArrayList<>();

  /** Makes an argument the number plus an offset. */
  void bind(Kernel kernel, int index, long offset) {
    kernel.set(index, offset);
    arguments.add(new Argument(kernel, index, offset));
  }

  /** Changes the number for all launches that are queued from now on. */
  void set(long value) {
    for (Argument argument : arguments) {
      argument.kernel.set(argument.index, argument.offset + value);
    }
  }
}

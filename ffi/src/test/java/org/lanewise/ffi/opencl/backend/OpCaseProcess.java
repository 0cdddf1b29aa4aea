package org.lanewise.ffi.opencl.backend;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;

/** Runs cases of one op on a device, as a process of its own. */
final class OpCaseProcess {
  private static final int SHAPES = 3;

  private OpCaseProcess() {}

  /**
   * Runs the smallest cases of an op that have work, of different sizes, and compares with the
   * scalar backend.
   *
   * @param arguments name of the op, device, family of kernels
   */
  public static void main(String[] arguments) {
    Settings settings =
        Settings.fromProperties(1)
            .withStrict(true)
            .withKernels(Settings.Kernels.valueOf(arguments[2]));
    try (Backend device = new OpenClBackend(OpenCl.device(arguments[1]), settings);
        Backend scalar = Backends.open("scalar", 1)) {
      for (OpCase c : smallest(arguments[0])) {
        List<float[]> expected = new BoundOp(scalar, c).run();
        List<float[]> actual = new BoundOp(device, c).run();
        for (int i = 0; i < expected.size(); i++) {
          if (!Arrays.equals(expected.get(i), actual.get(i))) {
            System.out.printf("operand %d of %s differs%n", i, c);
          }
        }
      }
    }
    System.out.println("done");
  }

  private static List<OpCase> smallest(String op) {
    Map<Long, OpCase> bySize = new TreeMap<>();
    for (OpCase c : OpCases.all()) {
      if (c.op().name().equals(op) && size(c) > 1) {
        bySize.putIfAbsent(size(c), c);
      }
    }
    return bySize.values().stream().limit(SHAPES).toList();
  }

  private static long size(OpCase c) {
    return c.inputs().getFirst().shape().size();
  }
}

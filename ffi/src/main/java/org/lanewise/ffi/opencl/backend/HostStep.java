package org.lanewise.ffi.opencl.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Op;

/** An op that runs on the host: its operands are copied there, and its results back. */
final class HostStep implements Step {
  private final List<Copy> operands;
  private final List<Copy> results;
  private final Step step;

  HostStep(Op op, Operands in, Operands out, Backend host) {
    List<Copy> inputs = in.operands().stream().map(operand -> Copy.of(operand, host)).toList();
    results = out.operands().stream().map(operand -> Copy.of(operand, host)).toList();
    operands = Stream.concat(inputs.stream(), results.stream()).toList(); // some are added to
    step = host.bind(op, hostOperands(inputs), hostOperands(results), out.writes());
  }

  private static List<Operand> hostOperands(List<Copy> copies) {
    return copies.stream().map(Copy::host).toList();
  }

  @Override
  public void run() {
    operands.forEach(Copy::toHost);
    step.run();
    results.forEach(Copy::toDevice);
  }

  /** An operand in both places. */
  private record Copy(Operand device, Operand host, MemorySegment bytes) {
    static Copy of(Operand device, Backend host) {
      long size = device.type().byteSize();
      return new Copy(
          device,
          new Operand(host.allocate(size), 0, device.type()),
          Arena.ofAuto().allocate(size, Float.BYTES));
    }

    void toHost() {
      device.buffer().read(device.offset(), bytes, 0, bytes.byteSize());
      host.buffer().write(0, bytes, 0, bytes.byteSize());
    }

    void toDevice() {
      host.buffer().read(0, bytes, 0, bytes.byteSize());
      device.buffer().write(device.offset(), bytes, 0, bytes.byteSize());
    }
  }
}

package org.lanewise.ffi.opencl.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Op;

/** An op that runs on the host: what it reads is copied there, and its results back. */
final class HostStep implements Step {
  private final List<Copy> operands;
  private final List<Copy> results;
  private final Step step;

  HostStep(Op op, Operands in, Operands out, Backend host) {
    List<Copy> inputs = in.operands().stream().map(operand -> Copy.of(operand, host)).toList();
    results = out.operands().stream().map(operand -> Copy.of(operand, host)).toList();
    Stream<Copy> read =
        IntStream.range(0, results.size())
            .filter(i -> op.effects().output(i).isRead(out.writes().get(i)))
            .mapToObj(results::get);
    operands = Stream.concat(inputs.stream(), read).toList();
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

  /** An operand in both places; the host's is memory that it shares. */
  private record Copy(Operand device, Operand host, MemorySegment bytes) {
    private static final long ALIGNMENT = 64;

    static Copy of(Operand device, Backend host) {
      MemorySegment bytes = Arena.ofAuto().allocate(device.type().byteSize(), ALIGNMENT);
      Buffer shared = host.share(bytes).orElseThrow();
      return new Copy(device, new Operand(shared, 0, device.type()), bytes);
    }

    void toHost() {
      device.buffer().read(device.offset(), bytes, 0, bytes.byteSize());
    }

    void toDevice() {
      device.buffer().write(device.offset(), bytes, 0, bytes.byteSize());
    }
  }
}

package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;

/** Ops on tensors of a device that run on the host. */
class HostStepTest {
  /** Among them those that add to outputs, and those that update them. */
  static Stream<OpCase> cases() {
    return OpCases.all().stream()
        .filter(c -> List.of("BatchNorm", "Sgd", "Scale").contains(c.op().name()))
        .filter(c -> c.inputs().getFirst().shape().size() < 1000);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesWhatTheOpWrites(OpCase c) {
    try (Backend scalar = Backends.open("scalar", 1);
        Backend onHost = new OnHost(TestDevice.open(), Backends.open("cpu", 1))) {
      List<float[]> expected = new BoundOp(scalar, c).run();
      List<float[]> actual = new BoundOp(onHost, c).run();
      for (int i = 0; i < expected.size(); i++) {
        assertThat(actual.get(i)).as("operand %d of %s", i, c).isEqualTo(expected.get(i));
      }
    }
  }

  /** A device on which nothing runs. */
  private record OnHost(Backend device, Backend host) implements Backend {
    @Override
    public String name() {
      return device.name();
    }

    @Override
    public String description() {
      return device.description();
    }

    @Override
    public Buffer allocate(long byteSize) {
      return device.allocate(byteSize);
    }

    @Override
    public Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
      return new HostStep(op, new Operands(inputs, List.of()), new Operands(outputs, writes), host);
    }

    @Override
    public void close() {
      device.close();
      host.close();
    }
  }
}

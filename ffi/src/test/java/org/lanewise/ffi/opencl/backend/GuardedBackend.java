package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Write;

/** A backend whose buffers end in a zone that no kernel may write to. */
final class GuardedBackend implements Backend {
  private static final long ZONE = 256;
  private static final byte PATTERN = 0x5a;

  private final Backend backend;
  private final List<Buffer> buffers = new ArrayList<>();

  GuardedBackend(Backend backend) {
    this.backend = backend;
  }

  @Override
  public Buffer allocate(long byteSize) {
    Buffer buffer = backend.allocate(byteSize + ZONE);
    try (Arena arena = Arena.ofConfined()) {
      buffer.write(byteSize, arena.allocate(ZONE).fill(PATTERN), 0, ZONE);
    }
    buffers.add(buffer);
    return buffer;
  }

  /** Frees the buffers after checking that their zones are as they were. */
  void checkAndFree() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zone = arena.allocate(ZONE);
      MemorySegment expected = arena.allocate(ZONE).fill(PATTERN);
      for (Buffer buffer : buffers) {
        buffer.read(buffer.byteSize() - ZONE, zone, 0, ZONE);
        assertThat(zone.mismatch(expected)).as("written beyond the end, at byte").isEqualTo(-1);
        buffer.close();
      }
    }
    buffers.clear();
  }

  @Override
  public Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    return backend.bind(op, inputs, outputs, writes);
  }

  @Override
  public String name() {
    return backend.name();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public void close() {
    backend.close();
  }
}

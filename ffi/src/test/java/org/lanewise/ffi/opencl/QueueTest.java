package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lanewise.ffi.opencl.bindings.OpenCL;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** Commands of other code have their place among those of the wrapper. */
class QueueTest {
  private static final MemorySegment NONE = MemorySegment.NULL;

  private Context context;

  @BeforeEach
  void open() {
    context = new Context(TestDevice.find(), Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void commandsOfOtherCodeAreNotOvertaken() {
    Queue queue = context.queue();
    DeviceMemory source = DeviceMemory.allocate(context, 4);
    DeviceMemory target = DeviceMemory.allocate(context, 8);
    source.write(0, MemorySegment.ofArray(new int[] {1}), 0, 4);
    queue.enqueue(handle -> copy(handle, source, target, 0));
    source.write(0, MemorySegment.ofArray(new int[] {2}), 0, 4);
    queue.enqueue(handle -> copy(handle, source, target, 4));
    source.write(0, MemorySegment.ofArray(new int[] {3}), 0, 4);
    int[] copies = new int[2];
    target.read(0, MemorySegment.ofArray(copies), 0, 8);
    assertThat(copies).containsExactly(1, 2);
  }

  private static void copy(
      MemorySegment queue, DeviceMemory source, DeviceMemory target, long offset) {
    int status =
        OpenCL.clEnqueueCopyBuffer(
            queue, source.handle(), target.handle(), 0, offset, 4, 0, NONE, NONE);
    assertThat(status).isZero();
  }

  @Test
  void commandsOfOtherCodeAreWaitedFor() {
    Kernel slow =
        Program.compile(
                context,
                "__kernel void slow(__global volatile int *y) {"
                    + " for (int i = 0; i < 30000000; i++) y[0]++; }",
                "")
            .kernel("slow");
    slow.set(0, DeviceMemory.allocate(context, 4));
    context.queue().finish();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
      context
          .queue()
          .enqueue(queue ->
              OpenCL.clEnqueueNDRangeKernel(
                  queue, slow.handle(), 1, NONE, one, one, 0, NONE, place));
      try (Event command = new Event(context, place.get(ADDRESS, 0))) {
        assertThat(command.status()).isGreaterThan(OpenCLConstants.CL_COMPLETE());
        context.queue().finish();
        assertThat(command.status()).isEqualTo(OpenCLConstants.CL_COMPLETE());
      }
    }
  }

  @Test
  void aWaitMayTakeAnyTime() {
    Context patient = new Context(context.device(), Duration.ofSeconds(10_000_000_000L));
    try (patient) {
      DeviceMemory memory = DeviceMemory.allocate(patient, 4);
      memory.write(0, MemorySegment.ofArray(new int[] {7}), 0, 4);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment read = arena.allocate(JAVA_INT);
        memory.read(0, read, 0, 4);
        assertThat(read.get(JAVA_INT, 0)).isEqualTo(7);
      }
    }
    for (Duration none : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
      assertThatThrownBy(() -> new Context(context.device(), none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("timeout must be positive but is " + none);
    }
  }
}

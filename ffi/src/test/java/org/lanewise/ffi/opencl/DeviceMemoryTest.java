package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written is read again, whatever the size, and whether the device shares memory or not.
 */
class DeviceMemoryTest {
  /** Ints; the largest are more than what is staged at a time, and than there is room for. */
  private static final int[] SIZES = {1, 1000, 1 << 16, (1 << 16) + 1, 1 << 20};

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsWhatWasWritten(boolean shared) {
    try (Context context = context(shared);
        Arena arena = Arena.ofConfined()) {
      for (int size : SIZES) {
        int[] values = IntStream.range(0, size).map(i -> i * 7 + size).toArray();
        DeviceMemory memory = DeviceMemory.allocate(context, 4L * size + 8);
        memory.write(4, MemorySegment.ofArray(values), 0, 4L * size);
        int[] onHeap = new int[size + 2];
        memory.read(0, MemorySegment.ofArray(onHeap), 0, 4L * size + 8);
        assertThat(Arrays.copyOfRange(onHeap, 1, size + 1)).isEqualTo(values);
        assertThat(onHeap[0] | onHeap[size + 1]).as("beside it").isZero();

        MemorySegment reversed = arena.allocate(JAVA_INT, size);
        for (int i = 0; i < size; i++) {
          reversed.setAtIndex(JAVA_INT, i, values[size - 1 - i]);
        }
        memory.write(4, reversed, 0, 4L * size);
        MemorySegment outside = arena.allocate(JAVA_INT, size);
        memory.read(4, outside, 0, 4L * size);
        assertThat(outside.mismatch(reversed)).isEqualTo(-1);
        memory.close();
      }
    }
  }

  /** Each is seen by the commands after it and by none before. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void writesKeepTheirPlaceAmongCommands(boolean shared) {
    try (Context context = context(shared)) {
      int count = 3000; // writes of 1 KiB: more than there is room for at a time
      int length = 256;
      DeviceMemory written = DeviceMemory.allocate(context, 2 * 4L * length);
      DeviceMemory copies = DeviceMemory.allocate(context, 4L * length * count);
      int[] values = new int[length];
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < length; j++) {
          values[j] = i * length + j;
        }
        long place = i % 2 * 4L * length;
        written.write(place, MemorySegment.ofArray(values), 0, 2L * length);
        written.write(place + 2L * length, MemorySegment.ofArray(values), 2L * length, 2L * length);
        context.queue().copy(written, place, copies, 4L * length * i, 4L * length);
      }
      int[] all = new int[length * count];
      copies.read(0, MemorySegment.ofArray(all), 0, 4L * all.length);
      assertThat(all).isEqualTo(IntStream.range(0, all.length).toArray());
    }
  }

  /** A driver would write there: of memory that is mapped read-only, the process would die. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void readsNothingIntoWhatIsReadOnly(boolean shared) {
    try (Context context = context(shared);
        Arena arena = Arena.ofConfined()) {
      for (int size : SIZES) {
        DeviceMemory memory = DeviceMemory.allocate(context, 4L * size);
        memory.write(0, MemorySegment.ofArray(new int[] {1}), 0, 4);
        MemorySegment outside = arena.allocate(JAVA_INT, size);
        for (MemorySegment target : List.of(outside, MemorySegment.ofArray(new int[size]))) {
          assertThatThrownBy(() -> memory.read(0, target.asReadOnly(), 0, 4L * size))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("read-only");
          context.queue().finish();
          assertThat(target.get(JAVA_INT, 0)).isZero();
        }
      }
    }
  }

  @Test
  @Timeout(60)
  void failedCopiesLeaveNothingMapped() {
    try (Context context = context(true)) {
      long bytes = 1 << 20;
      DeviceMemory memory = DeviceMemory.allocate(context, bytes);
      MemorySegment freed;
      try (Arena arena = Arena.ofConfined()) {
        freed = arena.allocate(bytes);
      }
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> memory.read(0, freed, 0, bytes))
            .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> memory.write(0, freed, 0, bytes))
            .isInstanceOf(IllegalStateException.class);
      }
      while (maps(memory) > 0) { // the last of 200 may still be under way
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Test
  void emptyMemoryMayBePrefetched() {
    try (Context context = context(true)) {
      DeviceMemory memory = DeviceMemory.allocate(context, 0);
      memory.prefetch();
      context.queue().finish();
      assertThat(memory.prefetched().byteSize()).isZero();
    }
  }

  /** How many maps of it the driver counts, which the wrapper has no use for. */
  private static int maps(DeviceMemory memory) {
    int memMapCount = 0x1104;
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle info =
          Linker.nativeLinker()
              .downcallHandle(
                  SymbolLookup.libraryLookup("libOpenCL.so.1", arena)
                      .findOrThrow("clGetMemObjectInfo"),
                  FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS));
      MemorySegment count = arena.allocate(JAVA_INT);
      int status =
          (int) info.invokeExact(memory.handle(), memMapCount, 4L, count, MemorySegment.NULL);
      assertThat(status).isZero();
      return count.get(JAVA_INT, 0);
    } catch (Throwable failure) {
      throw new AssertionError(failure);
    }
  }

  private static Context context(boolean shared) {
    Device found = TestDevice.find();
    Device device = TestDevice.with(found, shared, found.hasDoubles());
    return new Context(device, Duration.ofSeconds(60));
  }
}

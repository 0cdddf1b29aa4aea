package org.lanewise.ffi.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.lanewise.ffi.opencl.Signature.Argument;

/**
 * Random calls of the wrapper, most of them misuse, as a process of its own. Of each it is known
 * beforehand whether it is to throw, and what the device's memory holds.
 */
final class MisuseProcess {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_MEMORIES = 12;

  /** On both sides of what is staged at a time. */
  private static final long[] SIZES = {
    0,
    1,
    3,
    4,
    100,
    1 << 12,
    1 << 18,
    (1 << 18) + 1,
    MOST_BYTES,
    -1,
    MOST_BYTES + 1,
    1L << 31,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final int[] EXTENTS = {1, 2, 7, 33};

  /** Its arguments are of all types but the last, in their order. */
  private static final String ADD =
      "__kernel void add(__global int *y, int x, long unused, float unused_too) {"
          + " if (get_global_id(0) + get_global_id(1) + get_global_id(2) == 0) y[0] += x; }";

  /** Host memory. */
  private enum Place {
    HEAP,
    NATIVE,
    READ_ONLY_HEAP,
    READ_ONLY_NATIVE,
    FREED,
    OF_ANOTHER_THREAD;

    boolean isReadable() {
      return this != FREED && this != OF_ANOTHER_THREAD;
    }

    boolean isWritable() {
      return this == HEAP || this == NATIVE;
    }
  }

  /** Memory of the device, open or closed, and what is in it. */
  private static final class Mirror {
    final DeviceMemory memory;
    final byte[] bytes;

    Mirror(DeviceMemory memory) {
      this.memory = memory;
      bytes = new byte[Math.max((int) memory.byteSize(), Integer.BYTES)];
    }

    boolean has(long offset, long count) {
      return memory.isOpen()
          && offset >= 0
          && count >= 0
          && offset <= memory.byteSize()
          && count <= memory.byteSize() - offset;
    }
  }

  private final Device device;
  private final SplittableRandom random;
  private final MemorySegment ofAnotherThread =
      CompletableFuture.supplyAsync(() -> Arena.ofConfined().allocate(MOST_BYTES)).join();
  private final List<Mirror> mirrors = new ArrayList<>();
  private Context context;
  private Kernel kernel;

  /** The arguments that the kernel still lacks. */
  private final Set<Argument> unset = EnumSet.noneOf(Argument.class);

  private Mirror target;
  private int addend;

  private MisuseProcess(Device device, long seed) {
    this.device = device;
    random = new SplittableRandom(seed);
    open();
  }

  /**
   * Makes calls, and prints those that went wrong.
   *
   * @param arguments device, seed, number of calls
   */
  public static void main(String[] arguments) {
    MisuseProcess process =
        new MisuseProcess(OpenCl.device(arguments[0]), Long.parseLong(arguments[1]));
    int calls = Integer.parseInt(arguments[2]);
    for (int i = 0; i < calls; i++) {
      process.call();
    }
    process.context.close();
    System.out.println("done");
  }

  private void open() {
    context =
        new Context(
            TestDevice.with(device, random.nextBoolean(), device.hasDoubles()),
            Duration.ofMinutes(1));
    openKernel();
  }

  private void openKernel() {
    kernel = Program.compile(context, ADD, "").kernel("add");
    unset.addAll(EnumSet.complementOf(EnumSet.of(Argument.DOUBLE)));
  }

  private void call() {
    if (mirrors.isEmpty()) {
      allocate();
      return;
    }
    switch (random.nextInt(32)) {
      case 0, 1 -> allocate();
      case 2 -> close(any());
      case 3, 4, 5, 6, 7, 8, 9 -> write(any());
      case 10, 11, 12, 13, 14, 15, 16 -> read(any());
      case 17, 18, 19, 20, 21 -> copy(any(), any());
      case 22, 23 -> prefetch(any());
      case 24, 25, 26 -> set(any());
      case 27, 28, 29 -> launch();
      case 30 -> enqueue();
      default -> closeAndUse();
    }
  }

  private Mirror any() {
    return mirrors.get(random.nextInt(mirrors.size()));
  }

  private long size() {
    return SIZES[random.nextInt(SIZES.length)];
  }

  private int sizeOfHost() {
    return (int) Math.clamp(size(), 0, MOST_BYTES);
  }

  private void allocate() {
    long size = size();
    if (size == 1L << 31) {
      return; // there may be so much
    }
    attempt(
        "allocate " + size,
        size >= 0 && size <= MOST_BYTES + 1,
        () -> {
          DeviceMemory memory = DeviceMemory.allocate(context, size);
          if (mirrors.size() == MOST_MEMORIES) {
            mirrors.remove(random.nextInt(MOST_MEMORIES)).memory.close();
          }
          mirrors.add(new Mirror(memory));
        });
  }

  private void close(Mirror mirror) {
    attempt("close", true, mirror.memory::close);
  }

  private void write(Mirror mirror) {
    Place place = place();
    MemorySegment source = segment(place, sizeOfHost());
    if (place.isWritable()) {
      source.fill((byte) random.nextInt());
    }
    long offset = size();
    long from = random.nextBoolean() ? 0 : size();
    long count = random.nextBoolean() ? source.byteSize() : size();
    boolean isValid = mirror.has(offset, count) && isRange(source, from, count);
    if (isValid && count == 0) {
      return; // whether the segment is to be read or not does not matter
    }
    attempt(
        "write of %d from %d of %s to %d".formatted(count, from, place, offset),
        isValid && place.isReadable(),
        () -> {
          mirror.memory.write(offset, source, from, count);
          MemorySegment.ofArray(mirror.bytes).asSlice(offset).copyFrom(source.asSlice(from, count));
        });
  }

  private void read(Mirror mirror) {
    Place place = place();
    MemorySegment into = segment(place, sizeOfHost());
    long offset = size();
    long to = random.nextBoolean() ? 0 : size();
    long count = random.nextBoolean() ? into.byteSize() : size();
    boolean isValid = mirror.has(offset, count) && isRange(into, to, count);
    if (isValid && count == 0) {
      return;
    }
    String what = "read of %d at %d to %d of %s".formatted(count, offset, to, place);
    attempt(
        what,
        isValid && place.isWritable(),
        () -> {
          mirror.memory.read(offset, into, to, count);
          requireSame(what, mirror, offset, into.asSlice(to, count));
        });
    if (place == Place.READ_ONLY_HEAP || place == Place.READ_ONLY_NATIVE) {
      require(into.mismatch(segment(Place.HEAP, (int) into.byteSize())) < 0, what + " changed it");
    }
  }

  private void copy(Mirror source, Mirror to) {
    long from = size();
    long offset = size();
    long count = size();
    boolean overlaps = source == to && count > 0 && Math.abs(from - offset) < count;
    attempt(
        "copy of %d from %d to %d".formatted(count, from, offset),
        source.has(from, count) && to.has(offset, count) && !overlaps,
        () -> {
          context.queue().copy(source.memory, from, to.memory, offset, count);
          System.arraycopy(source.bytes, (int) from, to.bytes, (int) offset, (int) count);
        });
  }

  private void prefetch(Mirror mirror) {
    attempt(
        "prefetch",
        mirror.memory.isOpen(),
        () -> {
          mirror.memory.prefetch();
          context.queue().finish();
          requireSame("prefetch", mirror, 0, mirror.memory.prefetched());
        });
  }

  private void set(Mirror mirror) {
    Argument argument = Argument.values()[random.nextInt(Argument.values().length)];
    int index = random.nextInt(-1, 5);
    int number = random.nextInt();
    boolean isMemory = argument == Argument.MEMORY;
    attempt(
        "set %d to %s".formatted(index, argument),
        kernel.isOpen()
            && index == argument.ordinal()
            && argument != Argument.DOUBLE
            && (!isMemory || mirror.memory.isOpen()),
        () -> {
          switch (argument) {
            case MEMORY -> kernel.set(index, mirror.memory);
            case INT -> kernel.set(index, number);
            case LONG -> kernel.set(index, (long) number);
            case FLOAT -> kernel.set(index, (float) number);
            case DOUBLE -> kernel.set(index, (double) number);
          }
          unset.remove(argument);
          target = isMemory ? mirror : target;
          addend = argument == Argument.INT ? number : addend;
        });
  }

  private void launch() {
    long[] global = {extent(), extent(), extent()};
    long[] local = {extent(), extent(), extent()};
    boolean isValid =
        kernel.isOpen()
            && unset.isEmpty()
            && target.memory.isOpen()
            && local[0] * local[1] * local[2] <= device.maxGroupSize();
    switch (random.nextInt(8)) {
      case 0 -> {
        global[random.nextInt(3)] = -random.nextInt(2);
        isValid = false;
      }
      case 1 -> {
        local[random.nextInt(3)] = random.nextBoolean() ? -random.nextInt(2) : Long.MAX_VALUE;
        isValid = false;
      }
      case 2 -> {
        Arrays.fill(global, 1L << 31);
        isValid = false;
      }
      default -> {}
    }
    attempt(
        "launch of %s by %s".formatted(Arrays.toString(global), Arrays.toString(local)),
        isValid,
        () -> {
          context.queue().launch(kernel, new WorkSize(global, local));
          ByteBuffer bytes = ByteBuffer.wrap(target.bytes).order(ByteOrder.nativeOrder());
          bytes.putInt(0, bytes.getInt(0) + addend);
        });
  }

  private int extent() {
    return EXTENTS[random.nextInt(EXTENTS.length)];
  }

  private void enqueue() {
    attempt("enqueue", true, () -> context.queue().enqueue(_ -> {}));
    attempt(
        "enqueue that throws",
        false,
        () ->
            context
                .queue()
                .enqueue(_ -> {
                  throw new IllegalStateException("thrown by other code");
                }));
  }

  /** Closes the kernel, or the context and so everything, and uses what is closed. */
  private void closeAndUse() {
    if (random.nextInt(8) > 0) {
      kernel.close();
      set(any());
      launch();
      openKernel();
      return;
    }
    context.close();
    for (Mirror mirror : mirrors) {
      read(mirror);
      write(mirror);
      copy(mirror, mirror);
      close(mirror);
    }
    attempt("allocate of a closed context", false, () -> DeviceMemory.allocate(context, 4));
    attempt("compile of a closed context", false, () -> Program.compile(context, ADD, ""));
    attempt("enqueue of a closed context", false, () -> context.queue().enqueue(_ -> {}));
    mirrors.clear();
    open();
  }

  private Place place() {
    return Place.values()[random.nextInt(Place.values().length)];
  }

  private MemorySegment segment(Place place, int size) {
    return switch (place) {
      case HEAP -> MemorySegment.ofArray(new byte[size]);
      case NATIVE -> Arena.ofAuto().allocate(size);
      case READ_ONLY_HEAP -> MemorySegment.ofArray(new byte[size]).asReadOnly();
      case READ_ONLY_NATIVE -> Arena.ofAuto().allocate(size).asReadOnly();
      case FREED -> {
        try (Arena arena = Arena.ofConfined()) {
          yield arena.allocate(size);
        }
      }
      case OF_ANOTHER_THREAD -> ofAnotherThread.asSlice(0, size);
    };
  }

  private static boolean isRange(MemorySegment segment, long offset, long count) {
    return offset >= 0
        && offset <= segment.byteSize()
        && count >= 0
        && count <= segment.byteSize() - offset;
  }

  private static void attempt(String what, boolean isValid, Runnable call) {
    try {
      call.run();
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | WrongThreadException
        | OpenClException
        | OutOfMemoryError refused) {
      require(!isValid, what + ": " + refused);
      return;
    }
    require(isValid, what + " was not refused");
  }

  private static void requireSame(String what, Mirror mirror, long offset, MemorySegment actual) {
    MemorySegment expected = MemorySegment.ofArray(mirror.bytes).asSlice(offset, actual.byteSize());
    require(actual.mismatch(expected) < 0, what + ": not what was there");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      System.out.println("wrong: " + what);
    }
  }
}

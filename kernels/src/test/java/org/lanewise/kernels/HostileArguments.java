package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.lanewise.kernels.parallel.WorkerPool;

/**
 * Arguments for a call, made by their types: most of them what a kernel may get, and some of them
 * not. All native segments are parts of one memory, with something between them and at its ends, so
 * that what is written beside them shows; what is written to arrays of a call that is refused does
 * too.
 */
final class HostileArguments implements AutoCloseable {
  private static final int SEGMENT_BYTES = 1 << 14;
  private static final int GAP_BYTES = 1 << 8;
  private static final int MEMORY_BYTES = 1 << 19;
  private static final int ARRAY_ELEMENTS = 1 << 12;

  private static final long[] EXTREME = {
    -1,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE,
    1L << 31,
    1L << 32,
    1L << 61,
    1L << 62,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  /** Sizes of tensors that have no elements, however long they are. */
  private static final long[] HOLLOW = {0, 0, 0, 1, 1L << 40, 1L << 61};

  private static final double[] NUMBERS = {
    0, -0.0, 1, 0.5, 0.9, 1e-8, -1, 2, 1e-46, 1e39, Double.NaN, Double.POSITIVE_INFINITY
  };

  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(MEMORY_BYTES, 64);
  private final MemorySegment original = arena.allocate(MEMORY_BYTES, 64);
  private final MemorySegment closed;
  private final WorkerPool[] pools = {new WorkerPool(1), new WorkerPool(3)};

  // The call
  private SplittableRandom random = new SplittableRandom(0);
  private double hostility;
  private boolean isHollow;
  private long next;
  private boolean anyNull;
  private boolean anyClosed;
  private final List<MemorySegment> segments = new ArrayList<>();
  private final List<Object> arrays = new ArrayList<>();
  private final List<Object> copies = new ArrayList<>();

  HostileArguments() {
    for (long i = 0; i < MEMORY_BYTES / 4; i++) { // labels and numbers
      if (random.nextBoolean()) {
        original.setAtIndex(JAVA_INT, i, random.nextInt(8));
      } else {
        original.setAtIndex(JAVA_FLOAT, i, (float) random.nextGaussian());
      }
    }
    memory.copyFrom(original);
    try (Arena other = Arena.ofShared()) {
      closed = other.allocate(SEGMENT_BYTES, 64);
    }
  }

  /** Begins a call; the same seed makes the same arguments. */
  void begin(long seed) {
    random = new SplittableRandom(seed);
    hostility = new double[] {0, 0.03, 0.3}[random.nextInt(3)];
    isHollow = random.nextInt(4) == 0;
    next = GAP_BYTES;
    anyNull = false;
    anyClosed = false;
    segments.clear();
    arrays.clear();
    copies.clear();
  }

  boolean anyNull() {
    return anyNull;
  }

  boolean anyClosed() {
    return anyClosed;
  }

  /** Undoes what has been written where the call might; returns whether that was all. */
  boolean restoreWritable() {
    for (MemorySegment segment : segments) {
      long from = segment.address() - memory.address();
      MemorySegment.copy(original, from, memory, from, segment.byteSize());
    }
    return isAsBefore();
  }

  /** Whether the memory is what it was before the call. */
  boolean isAsBefore() {
    return memory.mismatch(original) == -1;
  }

  /** Whether the arrays are what they were before the call. */
  boolean arraysAreAsBefore() {
    return Arrays.deepEquals(arrays.toArray(), copies.toArray());
  }

  /** Arguments for a method or constructor. */
  Object[] of(Executable executable) {
    return Stream.of(executable.getParameterTypes()).map(this::of).toArray();
  }

  private boolean isHostile() {
    return random.nextDouble() < hostility;
  }

  private Object of(Class<?> type) {
    if (type == boolean.class) {
      return random.nextBoolean();
    } else if (type == int.class) {
      return Math.clamp(size(), Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type == long.class) {
      return size();
    } else if (type == float.class) {
      return (float) number();
    } else if (type == double.class) {
      return number();
    } else if (isHostile() && random.nextInt(4) == 0) {
      anyNull = true;
      return null;
    } else if (type == MemorySegment.class) {
      return segment();
    } else if (type.isArray()) {
      return array(type.componentType());
    } else if (type == WorkerPool.class) {
      return pools[random.nextInt(pools.length)];
    } else if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      return constants[random.nextInt(constants.length)];
    }
    return made(type);
  }

  private long size() {
    if (isHollow) {
      return HOLLOW[random.nextInt(HOLLOW.length)];
    }
    if (isHostile()) {
      return EXTREME[random.nextInt(EXTREME.length)];
    }
    return random.nextInt(8) == 0 ? random.nextInt(200) : random.nextInt(6);
  }

  private double number() {
    return isHostile() ? NUMBERS[random.nextInt(NUMBERS.length)] : random.nextDouble();
  }

  private MemorySegment segment() {
    if (!isHostile()) {
      MemorySegment segment = memory.asSlice(next, SEGMENT_BYTES);
      next += SEGMENT_BYTES + GAP_BYTES;
      segments.add(segment);
      return segment;
    }
    return switch (random.nextInt(6)) {
      case 0 -> segments.isEmpty() ? writable(4) : segments.get(random.nextInt(segments.size()));
      case 1 -> writable(1);
      case 2 -> writable(4);
      case 3 -> slice(4).asReadOnly();
      case 4 -> MemorySegment.ofArray(new float[random.nextInt(100)]);
      default -> {
        anyClosed = true;
        yield closed;
      }
    };
  }

  private MemorySegment writable(int alignment) {
    MemorySegment segment = slice(alignment);
    segments.add(segment);
    return segment;
  }

  /** Any part of the memory. */
  private MemorySegment slice(int alignment) {
    long size = random.nextInt(10) == 0 ? 0 : random.nextInt(SEGMENT_BYTES);
    long from = GAP_BYTES + random.nextLong(MEMORY_BYTES - 2 * GAP_BYTES - size);
    return memory.asSlice(from / alignment * alignment, size);
  }

  private Object array(Class<?> component) {
    if (isHostile() && !arrays.isEmpty()) {
      Object other = arrays.get(random.nextInt(arrays.size()));
      if (other.getClass().componentType() == component) {
        return other;
      }
    }
    int length = isHostile() || !component.isPrimitive() ? random.nextInt(4) : ARRAY_ELEMENTS;
    Object array = Array.newInstance(component, length);
    for (int i = 0; i < length; i++) {
      if (component == long.class) {
        Array.setLong(array, i, size());
      } else if (component == int.class) {
        Array.setInt(array, i, random.nextInt(6));
      } else {
        Array.set(array, i, of(component));
      }
    }
    if (component.isPrimitive()) {
      Object copy = Array.newInstance(component, length);
      System.arraycopy(array, 0, copy, 0, length);
      arrays.add(array);
      copies.add(copy);
    }
    return array;
  }

  /**
   * An instance made by a constructor or factory of its class, and changed by up to two methods.
   */
  private Object made(Class<?> type) {
    List<Executable> makers =
        Stream.concat(Stream.of(type.getConstructors()), methods(type, true))
            .map(Executable.class::cast)
            .toList();
    if (makers.isEmpty()) {
      throw new AssertionError("no public constructor or factory makes a " + type);
    }
    Object made = call(makers.get(random.nextInt(makers.size())), null);
    List<Method> changes = methods(type, false).toList();
    for (int i = random.nextInt(3); i > 0 && !changes.isEmpty(); i--) {
      made = call(changes.get(random.nextInt(changes.size())), made);
    }
    return made;
  }

  private static Stream<Method> methods(Class<?> type, boolean isStatic) {
    return Stream.of(type.getMethods())
        .filter(m -> m.getReturnType() == type && Modifier.isStatic(m.getModifiers()) == isStatic)
        .sorted((a, b) -> a.toString().compareTo(b.toString()));
  }

  /** An instance that a kernel is a method of. */
  Object receiver(Method method) {
    return Modifier.isStatic(method.getModifiers()) ? null : made(method.getDeclaringClass());
  }

  /** Calls a method or constructor; what it throws is thrown as it is. */
  Object call(Executable executable, Object receiver) {
    return call(executable, receiver, of(executable));
  }

  static Object call(Executable executable, Object receiver, Object[] arguments) {
    try {
      return switch (executable) {
        case Method method -> method.invoke(receiver, arguments);
        case Constructor<?> constructor -> constructor.newInstance(arguments);
      };
    } catch (InvocationTargetException thrown) {
      throw HostileArguments.<RuntimeException>unchecked(Objects.requireNonNull(thrown.getCause()));
    } catch (ReflectiveOperationException impossible) {
      throw new AssertionError(executable.toString(), impossible);
    }
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Override
  public void close() {
    arena.close();
    Stream.of(pools).forEach(WorkerPool::close);
  }
}

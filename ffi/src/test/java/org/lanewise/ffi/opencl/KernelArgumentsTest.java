package org.lanewise.ffi.opencl;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lanewise.ffi.opencl.Signature.Argument;

/** Every kind of argument is tried on parameters of every kind, of programs compiled and loaded. */
class KernelArgumentsTest {
  @Test
  void arriveWhereTheyFitAndThrowElsewhere() throws Exception {
    ChildJvm child = ChildJvm.run(Process.class, Map.of(), List.of(), TestDevice.number());
    assertThat(child.output()).contains("done").doesNotContain("wrong");
    assertThat(child.exitCode()).isZero();
  }

  /** Through bare bindings, most of these end the JVM or give the kernel another value. */
  static final class Process {
    private static final int VALUE = 42;

    /**
     * A parameter x.
     *
     * @param suits the only argument that it takes, or null if there is none
     * @param value in OpenCL C
     */
    private record Parameter(String declaration, Argument suits, String value) {}

    private static final List<Parameter> PARAMETERS =
        List.of(
            new Parameter("__global int *x", Argument.MEMORY, "x[0]"),
            new Parameter("__global const int *restrict x", Argument.MEMORY, "x[0]"),
            new Parameter("__global volatile pair_t *x", Argument.MEMORY, "x->left"),
            new Parameter("__global struct pair *x", Argument.MEMORY, "x->left"),
            new Parameter("__global void *x", Argument.MEMORY, "*(__global int *)x"),
            new Parameter("__constant int *x", Argument.MEMORY, "x[0]"),
            new Parameter("int x", Argument.INT, "x"),
            new Parameter("const int x", Argument.INT, "x"),
            new Parameter("uint x", Argument.INT, "x"),
            new Parameter("unsigned int x", Argument.INT, "x"),
            new Parameter("unsigned x", Argument.INT, "x"),
            new Parameter("long x", Argument.LONG, "x"),
            new Parameter("ulong x", Argument.LONG, "x"),
            new Parameter("unsigned long x", Argument.LONG, "x"),
            new Parameter("float x", Argument.FLOAT, "x"),
            new Parameter("double x", Argument.DOUBLE, "x"),
            new Parameter("__local int *x", null, "x[0]"),
            new Parameter("char x", null, "x"),
            new Parameter("uchar x", null, "x"),
            new Parameter("short x", null, "x"),
            new Parameter("ushort x", null, "x"),
            new Parameter("int2 x", null, "x.x"),
            new Parameter("float2 x", null, "x.x"),
            new Parameter("float4 x", null, "x.x"),
            new Parameter("pair_t x", null, "x.left"),
            new Parameter("struct pair x", null, "x.left"),
            new Parameter("struct single x", null, "x.value"),
            new Parameter("read_only image2d_t x", null, "get_image_width(x)"),
            new Parameter("sampler_t x", null, "0"));

    private final Context context;
    private final DeviceMemory memory;
    private final DeviceMemory result;

    private Process(Context context) {
      this.context = context;
      memory = DeviceMemory.allocate(context, 16);
      memory.write(0, MemorySegment.ofArray(new int[] {VALUE}), 0, 4);
      result = DeviceMemory.allocate(context, 8);
    }

    public static void main(String[] arguments) {
      Device device = OpenCl.device(arguments[0]);
      try (Context context = new Context(device, Duration.ofMinutes(1))) {
        Program compiled = Program.compile(context, source(device), "");
        ProgramBinary binary =
            ProgramBinary.parse(compiled.binary().toFile("key"), "key").orElseThrow();
        Process process = new Process(context);
        process.tryAll(compiled);
        process.tryAll(Program.load(context, binary, "").orElseThrow());
        System.out.println("done");
      }
    }

    private static String source(Device device) {
      return IntStream.range(0, PARAMETERS.size())
          .filter(i -> device.hasDoubles() || PARAMETERS.get(i).suits != Argument.DOUBLE)
          .mapToObj(i ->
              "__kernel void f%d(%s, __global long *y) { y[0] = %s; }"
                  .formatted(i, PARAMETERS.get(i).declaration, PARAMETERS.get(i).value))
          .collect(
              joining(
                  "\n",
                  "typedef struct pair { int left; int right; } pair_t;\n"
                      + "struct single { int value; };\n",
                  ""));
    }

    private void tryAll(Program program) {
      for (int i = 0; i < PARAMETERS.size(); i++) {
        Parameter parameter = PARAMETERS.get(i);
        if (!context.device().hasDoubles() && parameter.suits == Argument.DOUBLE) {
          continue;
        }
        for (Argument argument : Argument.values()) {
          Kernel kernel = program.kernel("f" + i);
          String what = argument + " for " + parameter.declaration;
          if (argument == parameter.suits) {
            set(kernel, 0, argument);
            require(resultOf(kernel) == VALUE, what);
          } else {
            require(refuses(IllegalArgumentException.class, kernel, 0, argument), what);
          }
          for (int index : new int[] {-1, 2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            require(refuses(IndexOutOfBoundsException.class, kernel, index, argument), what);
          }
          kernel.close();
        }
      }
    }

    private long resultOf(Kernel kernel) {
      kernel.set(1, result);
      context.queue().launch(kernel, new WorkSize(new long[] {1, 1, 1}, new long[] {1, 1, 1}));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment value = arena.allocate(JAVA_LONG);
        result.read(0, value, 0, 8);
        return value.get(JAVA_LONG, 0);
      }
    }

    private void set(Kernel kernel, int index, Argument argument) {
      switch (argument) {
        case MEMORY -> kernel.set(index, memory);
        case INT -> kernel.set(index, VALUE);
        case LONG -> kernel.set(index, (long) VALUE);
        case FLOAT -> kernel.set(index, (float) VALUE);
        case DOUBLE -> kernel.set(index, (double) VALUE);
      }
    }

    private boolean refuses(
        Class<? extends RuntimeException> expected, Kernel kernel, int index, Argument argument) {
      try {
        set(kernel, index, argument);
        return false;
      } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
        return expected.isInstance(refused);
      }
    }

    private static void require(boolean holds, String what) {
      if (!holds) {
        System.out.println("wrong: " + what);
      }
    }
  }
}

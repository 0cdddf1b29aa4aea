package org.lanewise.bench.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.lanewise.cli.HelpOption;
import org.lanewise.kernels.Gemm;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code bench first-product}: how soon after its start a process multiplies matrices of 512 × 512
 * at full speed.
 *
 * <p>Starts fresh JVMs one after the other. Each multiplies for some seconds and prints when the
 * first product ended that took no longer than the median of the last ones by 0.9.
 */
@Command(
    name = "first-product",
    description =
        "Shows how soon after its start a process multiplies at full speed, in fresh JVMs one after"
            + " the other.")
public final class FirstProduct implements Callable<Integer> {
  private static final int SIZE = 512;
  private static final long MILLIS = 4000;

  @Option(
      names = "--jvms",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int jvms;

  @Mixin private HelpOption help;

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (int jvm = 0; jvm < jvms; jvm++) {
      start().waitFor();
    }
    return ExitCode.OK;
  }

  /** A JVM like this one. */
  private static Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FirstProduct.class.getName());
    command.add(Long.toString(System.currentTimeMillis()));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** One of the JVMs, which goes without the command line lest that take time. */
  public static void main(String[] startMillis) {
    measure(Long.parseLong(startMillis[0]));
  }

  private static void measure(long processStart) {
    MemorySegment a = matrix();
    MemorySegment b = matrix();
    MemorySegment c = matrix();
    double[] millis = new double[1 << 16];
    long[] ends = new long[millis.length];
    int count = 0;
    while (count < millis.length && System.currentTimeMillis() - processStart < MILLIS) {
      long start = System.nanoTime();
      Gemm.sgemm(SIZE, SIZE, SIZE, a, b, c);
      millis[count] = (System.nanoTime() - start) / 1e6;
      ends[count] = System.currentTimeMillis() - processStart;
      count++;
    }
    double[] last = Arrays.copyOfRange(millis, count / 2, count);
    Arrays.sort(last);
    double steady = last[last.length / 2];
    int first = 0;
    while (millis[first] > steady / 0.9) {
      first++;
    }
    System.out.printf(
        "full speed after %d ms (product %d); steady %.0f GFLOP/s; first product %.0f ms%n",
        ends[first], first + 1, 2e-6 * SIZE * SIZE * SIZE / steady, millis[0]);
  }

  private static MemorySegment matrix() {
    MemorySegment matrix = Arena.ofAuto().allocate(JAVA_FLOAT, (long) SIZE * SIZE);
    for (long i = 0; i < (long) SIZE * SIZE; i++) {
      matrix.setAtIndex(JAVA_FLOAT, i, i % 7 - 3f);
    }
    return matrix;
  }
}

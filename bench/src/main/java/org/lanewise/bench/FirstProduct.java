package org.lanewise.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import org.lanewise.kernels.Gemm;

/**
 * How soon after its start a process multiplies matrices of 512 × 512 at full speed.
 *
 * <p>Starts fresh JVMs one after the other, 20 or as many as the argument says. Each multiplies for
 * some seconds and prints when the first product ended that took no longer than the median of the
 * last ones by 0.9.
 */
public final class FirstProduct {
  private static final int SIZE = 512;
  private static final long MILLIS = 4000;

  private FirstProduct() {}

  /** Starts the JVMs, or is one of them if the argument is {@code --since=MILLIS}. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    String argument = arguments.length == 0 ? "20" : arguments[0];
    if (argument.startsWith("--since=")) {
      measure(Long.parseLong(argument.substring("--since=".length())));
    } else {
      for (int jvm = Integer.parseInt(argument); jvm > 0; jvm--) {
        start().waitFor();
      }
    }
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "-cp",
            System.getProperty("java.class.path"),
            FirstProduct.class.getName(),
            "--since=" + System.currentTimeMillis())
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
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

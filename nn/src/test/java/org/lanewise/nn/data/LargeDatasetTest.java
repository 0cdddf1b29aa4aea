package org.lanewise.nn.data;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.EpochResult;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;

/** Data that is larger than memory. */
class LargeDatasetTest {
  private static final int FEATURES = 128;
  private static final long GIGABYTE = 1L << 30;
  private static final long SAMPLES = 8 * GIGABYTE / (FEATURES * Float.BYTES);

  /** The heap of 64 MB and as much again. */
  private static final long GROWTH_LIMIT = 128 << 20;

  record Line(Linear layer) implements Layer {
    @Override
    public Tensor forward(Tensor x) {
      return layer.forward(x);
    }
  }

  /** Rows of 128 numbers, computed when they are read, of which the target is the first. */
  static final class Computed implements Dataset {
    private final long size;
    private long reads;
    private long sumOfIndices;
    private long sumOfSquares;

    Computed(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Signature signature() {
      return Signature.of("x", TensorType.f32(FEATURES)).and("target", TensorType.f32(1));
    }

    @Override
    public void read(long index, Sample into) {
      reads++;
      sumOfIndices += index;
      sumOfSquares += index * index;
      MemorySegment x = into.segment("x");
      long first = into.offset("x") / Float.BYTES;
      int start = (int) index * 31;
      for (int i = 0; i < FEATURES; i++) {
        x.setAtIndex(JAVA_FLOAT, first + i, (start + 97 * i & 255) * 0x1p-8f);
      }
      into.set("target", 0, into.getFloat("x", 0));
    }
  }

  /** Trains an epoch of 8 GB, and prints what became of it. */
  static final class Training {
    public static void main(String... arguments) {
      Computed data = new Computed(SAMPLES);
      Batches batches = Batches.of(data).size(1024).shuffle(1).prefetch(2);
      long[] peak = new long[1];
      Callback early =
          new Callback() {
            @Override
            public void onStep(Trainer trainer) {
              if (trainer.steps() == 16) {
                peak[0] = peakBytes();
              }
            }
          };
      try (Trainer trainer =
          Trainer.regressor(new Line(Layers.linear(FEATURES, 1)))
              .optimizer(Optimizer.sgd(0.01))
              .callbacks(early)
              .build()) {
        EpochResult epoch = trainer.fit(batches, 1).last();
        System.out.printf(
            Locale.ROOT,
            "{reads=%d, sum=%d, squares=%d, loss=%f, growth=%d, seconds=%f}%n",
            data.reads,
            data.sumOfIndices,
            data.sumOfSquares,
            epoch.trainLoss(),
            peakBytes() - peak[0],
            epoch.seconds());
      }
    }

    /** The most memory that the process has had so far; 0 where the system does not tell. */
    private static long peakBytes() {
      Path status = Path.of("/proc/self/status");
      if (!Files.exists(status)) {
        return 0;
      }
      try (Stream<String> lines = Files.lines(status)) {
        return lines
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
            .findFirst()
            .orElseThrow();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  @Test
  void of8GigabytesIsTrainedOnIn64Megabytes() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(Backend.class, Trainer.class, Training.class),
                Training.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    long squares = 0;
    for (long i = 0; i < SAMPLES; i++) {
      squares += i * i; // modulo 2⁶⁴, as there
    }
    assertThat(number("reads", output)).isEqualTo(SAMPLES);
    assertThat(number("sum", output)).isEqualTo(SAMPLES * (SAMPLES - 1) / 2);
    assertThat(number("squares", output)).isEqualTo(squares);
    assertThat(number("growth", output)).isLessThan(GROWTH_LIMIT);
    assertThat(Double.parseDouble(text("loss", output))).isLessThan(0.05);
    System.out.println("An epoch of 8 GB in 64 MB of heap: " + output.lines().toList().getLast());
  }

  private static long number(String name, String output) {
    return Long.parseLong(text(name, output));
  }

  private static String text(String name, String output) {
    Matcher matcher = Pattern.compile(name + "=([-.0-9]+)").matcher(output);
    assertThat(matcher.find()).as("%s in %s", name, output).isTrue();
    return matcher.group(1);
  }

  private static String classPath(Class<?>... types) {
    return Stream.of(types)
        .map(LargeDatasetTest::rootOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** The directory or jar of a class; a module's location is not that of its patches. */
  private static String rootOf(Class<?> type) {
    String name = type.getName().replace('.', '/') + ".class";
    String url = type.getResource("/" + name).toString();
    String root = url.substring(0, url.length() - name.length());
    if (root.startsWith("jar:")) {
      root = root.substring("jar:".length(), root.length() - "!/".length());
    }
    return Path.of(URI.create(root)).toString();
  }

  /** A data set of which only the lengths matter. */
  private record Huge(long size) implements Dataset {
    @Override
    public Signature signature() {
      return Signature.of("index", TensorType.i32(2)).and("x", TensorType.f32(64));
    }

    @Override
    public Map<String, LongUnaryOperator> lengths() {
      return Map.of("x", index -> 1 + index % 64);
    }

    @Override
    public void read(long index, Sample into) {
      into.set("index", 0, (int) (index >>> Integer.SIZE));
      into.set("index", 1, (int) index);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 30) + 5, 1L << 40})
  void isShuffledAndBucketedWithoutMemoryForEachSample(long size) {
    Batches plain = Batches.of(new Huge(size)).size(64).shuffle().dropLast(true);
    for (Batches batches : List.of(plain, plain.bucketByLength("x"))) {
      Set<Long> seen = new HashSet<>();
      for (long from : new long[] {0, size / 128 * 64, batches.samples() - 640}) {
        try (Epoch epoch = batches.epoch(1, 1, from)) {
          for (int i = 0; i < 10; i++) {
            int[] index = epoch.next().tensor("index").toInts();
            for (int s = 0; s < 64; s++) {
              seen.add(
                  (long) index[2 * s] << Integer.SIZE | Integer.toUnsignedLong(index[2 * s + 1]));
            }
          }
        }
      }
      assertThat(seen).as("each once").hasSize(3 * 640);
      assertThat(seen).allMatch(index -> index >= 0 && index < size);
      assertThat(seen.stream().filter(index -> index < size / 2).count()).isBetween(800L, 1120L);
    }
  }
}

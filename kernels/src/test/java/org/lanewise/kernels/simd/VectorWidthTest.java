package org.lanewise.kernels.simd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.cases.ClassPaths;
import org.lanewise.kernels.simd.gemm.f32.MicroKernelTable;

/**
 * Results have the same bits in the interpreter, with the widest vectors, compiled by C1, without
 * the processor's fused multiply-adds, in another locale, and compiled with narrower vectors, each
 * tried in a JVM of its own; {@link KernelTwinTest} has the rest.
 */
class VectorWidthTest {
  private static final String CALLS_UNTIL_COMPILED = "100";

  private static final Map<Integer, Process> COMPILED = new LinkedHashMap<>();

  private static final Map<String, Process> OTHERS = new LinkedHashMap<>();

  private static List<String> interpreted;

  @BeforeAll
  static void start() throws Exception {
    for (int bits : new int[] {256, 128}) {
      // Compiles early and waits for it, so that a hundred calls suffice.
      COMPILED.put(
          bits,
          start(
              List.of(
                  "-Xbatch", "-XX:CompileThresholdScaling=0.05", "-Dlanewise.vector.bits=" + bits),
              CALLS_UNTIL_COMPILED));
    }
    String c1 = "-XX:TieredStopAtLevel=1";
    String early = "-XX:CompileThresholdScaling=0.01";
    for (String option : new String[] {c1, "-XX:-UseFMA", "-Duser.language=ar"}) {
      OTHERS.put(option, start(List.of("-Xbatch", early, c1, option), "0"));
    }
    interpreted = output(start(List.of("-Xint"), "0"));
  }

  @AfterAll
  static void stop() {
    COMPILED.values().forEach(Process::destroy);
    OTHERS.values().forEach(Process::destroy);
  }

  @Test
  void everyKernelHasItsHash() {
    int products = 4 * 4; // f32 and f64 in segments and arrays; NN, NT, TN, TT
    assertThat(interpreted)
        .hasSize(1 + KernelTable.all().size() + MicroKernelTable.hashes().size() + products)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 128})
  void compiledVectorsGiveTheBitsOfTheInterpreter(int bits) throws Exception {
    List<String> compiled = output(COMPILED.get(bits));
    int widest = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    assertThat(compiled.getFirst()).isEqualTo("lanes " + Math.min(bits, widest) / Float.SIZE);
    List<String> hashes = withoutLanes(compiled);
    int common = interpreted.size() - 1;
    assertThat(hashes.subList(0, common)).isEqualTo(withoutLanes(interpreted));
    assertThat(hashes.subList(common, hashes.size()))
        .as("packed, as with the widest vectors")
        .isEqualTo(GemmHashes.packed());
  }

  /** A processor without fused multiply-adds is slow, as Java then computes them by software. */
  @ParameterizedTest
  @ValueSource(strings = {"-XX:TieredStopAtLevel=1", "-XX:-UseFMA", "-Duser.language=ar"})
  void otherCodeGivesTheBitsOfTheInterpreter(String option) throws Exception {
    List<String> hashes = output(OTHERS.get(option));
    assertThat(hashes.subList(0, interpreted.size())).isEqualTo(interpreted);
  }

  private static List<String> withoutLanes(List<String> hashes) {
    return hashes.subList(1, hashes.size());
  }

  private static Process start(List<String> options, String calls) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("--add-modules=jdk.incubator.vector");
    command.add("-cp");
    command.add(ClassPaths.of(Lanes.class, KernelHashes.class, Assertions.class));
    command.add(KernelHashes.class.getName());
    command.add(calls);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static List<String> output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}

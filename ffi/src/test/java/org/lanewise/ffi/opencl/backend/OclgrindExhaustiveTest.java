package org.lanewise.ffi.opencl.backend;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.ffi.opencl.ChildJvm;
import org.lanewise.kernels.cases.OpCases;

/**
 * No kernel reads or writes outside its memory, or races: Oclgrind, a device that watches every
 * access, has nothing to say of any op, at three shapes each and with both families of kernels. It
 * is one of the slow tests, and needs the package oclgrind.
 */
class OclgrindExhaustiveTest {
  private static final Path DRIVER = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

  @TempDir private static Path folder;

  @BeforeAll
  static void requireOclgrind() throws IOException {
    assumeTrue(Files.exists(DRIVER), "no Oclgrind here: apt-get install oclgrind");
    Files.writeString(Files.createDirectory(folder.resolve("icd")).resolve("o.icd"), DRIVER + "\n");
  }

  static Stream<Arguments> ops() {
    return OpCases.all().stream()
        .map(c -> c.op().name())
        .collect(toCollection(TreeSet::new))
        .stream()
        .flatMap(op ->
            Stream.of(Settings.Kernels.CPU, Settings.Kernels.GPU)
                .map(kernels -> Arguments.of(op, kernels)));
  }

  @ParameterizedTest
  @MethodSource("ops")
  void findsNothing(String op, Settings.Kernels kernels) throws Exception {
    String log = run(OpCaseProcess.class, op, "Oclgrind", kernels.name());

    assertThat(log).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void findsWhatWasCutOut(MutantProcess mutant) throws Exception {
    assertThat(run(MutantProcess.class, mutant.name(), "whole")).isEmpty();
    assertThat(run(MutantProcess.class, mutant.name(), "mutated"))
        .contains(
            switch (mutant) {
              case WITHOUT_GUARD -> "Invalid write";
              case WITHOUT_BARRIER -> "data race";
            });
  }

  /** Runs a class with Oclgrind; its log, which is the verdict. */
  private static String run(Class<?> main, String... arguments) throws Exception {
    Path log = Files.createTempFile(folder, "oclgrind", ".log");
    ChildJvm child =
        ChildJvm.run(
            main,
            Map.of(
                "OCL_ICD_VENDORS",
                folder.resolve("icd").toString(),
                "OCLGRIND_CHECK_API",
                "1",
                "OCLGRIND_DATA_RACES",
                "1",
                "OCLGRIND_LOG",
                log.toString()),
            List.of("-Dlanewise.opencl.cache=" + folder.resolve("cache")),
            arguments);
    assertThat(child.output()).contains("done").doesNotContain("differs");
    return Files.readString(log);
  }
}

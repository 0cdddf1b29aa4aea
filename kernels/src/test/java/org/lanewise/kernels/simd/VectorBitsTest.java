package org.lanewise.kernels.simd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.cases.ClassPaths;

/** The setting of the vectors' width, of which each JVM has one. */
class VectorBitsTest {
  private static final int USES = 2 * 9;

  @ParameterizedTest
  @ValueSource(strings = {"0", "64", "1024", "many", ""})
  void aWrongSettingIsRefusedWheneverItIsUsed(String setting) throws Exception {
    assertThat(output(setting))
        .hasSize(USES)
        .containsOnly(
            "the system property lanewise.vector.bits must be 128, 256 or 512 but is '%s'"
                .formatted(setting));
  }

  /** Also on machines whose vectors are narrower. */
  @ParameterizedTest
  @ValueSource(strings = {"128", "512"})
  void aRightSettingIsTaken(String setting) throws Exception {
    assertThat(output(setting)).hasSize(USES).containsOnly("done");
  }

  private static List<String> output(String setting) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "--add-modules=jdk.incubator.vector",
                "-Dlanewise.vector.bits=" + setting,
                "-cp",
                ClassPaths.of(Lanes.class, VectorBitsProcess.class),
                VectorBitsProcess.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}

package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.ffi.opencl.ChildJvm;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.TensorType;

/** Programs are kept in files, and files that are not as they were written are made anew. */
class ProgramCacheTest {
  private static final OpCase CASE =
      new OpCase(new ActivationOp.Activate(Activation.TANH), TensorType.f32(1000));

  @TempDir private Path folder;

  @Test
  void keepsProgramsOnceTheirKernelsHaveRun() throws IOException {
    Device device = TestDevice.find();
    List<float[]> first = run(device);
    List<Path> files = files();
    assertThat(files).hasSize(1);
    var written = Files.getLastModifiedTime(files.getFirst());

    assertThat(run(device)).usingRecursiveComparison().isEqualTo(first);
    assertThat(files()).isEqualTo(files);
    assertThat(Files.getLastModifiedTime(files.getFirst())).isEqualTo(written);
  }

  @Test
  void makesDamagedFilesAnew() throws IOException {
    Device device = TestDevice.find();
    List<float[]> expected = run(device);
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(2);
    List<byte[]> damaged = new ArrayList<>(List.of(new byte[0], new byte[32], new byte[1 << 16]));
    for (int i = 0; i < 5; i++) {
      byte[] flipped = whole.clone();
      flipped[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
      damaged.add(flipped);
    }
    for (byte[] bytes : damaged) {
      Files.write(file, bytes);
      assertThat(run(device)).usingRecursiveComparison().isEqualTo(expected);
      assertThat(Files.size(file)).isEqualTo(whole.length);
    }
  }

  @Test
  void worksWithoutAFolderToWriteTo() throws IOException {
    Device device = TestDevice.find();
    Path notAFolder = Files.writeString(folder.resolve("file"), "");
    Settings settings = settings(notAFolder);
    try (Backend opencl = new OpenClBackend(device, settings)) {
      assertThat(new BoundOp(opencl, CASE).run()).isNotEmpty();
    }
  }

  @Test
  void severalProcessesMayWriteTheSameFiles() throws Exception {
    String device = TestDevice.number();
    try (ExecutorService processes = Executors.newFixedThreadPool(3)) {
      Callable<ChildJvm> process =
          () ->
              ChildJvm.run(
                  OpCaseProcess.class,
                  Map.of(),
                  List.of("-Dlanewise.opencl.cache=" + folder),
                  "Scale",
                  device,
                  Settings.Kernels.OF_DEVICE.name());
      for (Future<ChildJvm> child : processes.invokeAll(List.of(process, process, process))) {
        assertThat(child.get().output()).contains("done").doesNotContain("differs");
      }
    }
    assertThat(files()).isNotEmpty().allMatch(file -> file.toString().endsWith(".bin"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "null",
      value = {
        "/caches, /home/u, /caches",
        "null,    /home/u, /home/u/.cache",
        "'',      /home/u, /home/u/.cache",
        "caches,  /home/u, /home/u/.cache",
        "/caches, ?,       /caches"
      })
  void isInTheUsersFolder(String caches, String home, Path folder) {
    assertThat(ProgramCache.defaultFolder(caches, home))
        .isEqualTo(folder.resolve("lanewise/opencl"));
  }

  @Test
  void aUserWithoutAHomeMustNameAFolder() {
    assertThatThrownBy(() -> ProgramCache.defaultFolder("caches", "?"))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("lanewise.opencl.cache");
  }

  @Test
  void anEmptyPropertyCountsAsNotSet() {
    Path unset = Settings.fromProperties(1).cache();
    System.setProperty("lanewise.opencl.cache", "");
    try {
      assertThat(Settings.fromProperties(1).cache()).isEqualTo(unset).isAbsolute();
    } finally {
      System.clearProperty("lanewise.opencl.cache");
    }
  }

  private List<float[]> run(Device device) {
    try (Backend scalar = Backends.open("scalar", 1);
        Backend opencl = new OpenClBackend(device, settings(folder))) {
      List<float[]> expected = new BoundOp(scalar, CASE).run();
      List<float[]> actual = new BoundOp(opencl, CASE).run();
      assertThat(actual.getFirst()).isEqualTo(expected.getFirst());
      return actual;
    }
  }

  private static Settings settings(Path cache) {
    Settings defaults = Settings.fromProperties(1).withStrict(true);
    return new Settings(defaults.kernels(), true, defaults.threads(), defaults.timeout(), cache);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}

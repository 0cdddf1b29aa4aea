package org.lanewise.ffi.opencl.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.ffi.opencl.ChildJvm;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.NoOpenClException;
import org.lanewise.ffi.opencl.OpenCl;
import org.lanewise.ffi.opencl.TestDevice;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Profile;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.cases.BoundOp;
import org.lanewise.kernels.cases.BufferCopies;
import org.lanewise.kernels.cases.OpCase;
import org.lanewise.kernels.cases.OpCases;
import org.lanewise.kernels.cases.SplitOp;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.RecurrentOp;

class OpenClBackendTest {
  private static final OpCase RELU =
      new OpCase(new ActivationOp.Activate(Activation.RELU), f32(100));

  @TempDir private Path folder;

  @Test
  void copiesBuffers() {
    try (Backend opencl = TestDevice.open()) {
      BufferCopies.verify(opencl);
    }
  }

  @Test
  void readingThrowsWhatAKernelFound() {
    try (Backend opencl = TestDevice.open()) {
      OpCase c = new OpCase(new LossOp.SoftmaxCrossEntropy(), 3, List.of(f32(4, 3), i32(4)));
      BoundOp bound = new BoundOp(opencl, c);
      List<float[]> right = bound.run();
      for (int label : new int[] {-1, 3, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        bound.setLabel(2, label);
        assertThatThrownBy(bound::run)
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessageContaining("row 2")
            .hasMessageContaining(Integer.toString(label))
            .hasMessageContaining("3 classes");
      }
      bound.setLabel(2, 0); // a fault is thrown once
      assertThat(bound.run()).hasSameSizeAs(right);
    }
  }

  @Test
  void readingThrowsLengthsOutOfRange() {
    try (Backend opencl = TestDevice.open()) {
      Op op = new RecurrentOp.Lstm(true, false, true);
      OpCase c = new OpCase(op, 5, List.of(f32(3, 4, 8), f32(8, 2), f32(8), i32(3)));
      BoundOp bound = new BoundOp(opencl, c);
      for (int length : new int[] {-1, 5, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        bound.set(3, 1, length);
        assertThatThrownBy(bound::run)
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("length %d of row 1 must be at least 0 and less than 5".formatted(length));
      }
    }
  }

  @Test
  void refusesWorkAfterClose() {
    Backend opencl = TestDevice.open();
    Step step = new BoundOp(opencl, RELU).step;
    opencl.close();
    opencl.close();
    assertThatThrownBy(step::run).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> opencl.allocate(4)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void refusesOperandsOfAnotherBackend() {
    try (Backend one = TestDevice.open();
        Backend other = Backends.open("cpu", 1)) {
      Operand mine = new Operand(one.allocate(16), 0, f32(4));
      Operand foreign = new Operand(other.allocate(16), 0, f32(4));
      assertThatThrownBy(() -> one.bind(RELU.op(), List.of(mine), List.of(foreign)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not in a buffer of the backend 'opencl'");
    }
  }

  @Test
  void isFoundByNameNumberAndPartOfAName() {
    Device device = TestDevice.find();
    for (String name : List.of("opencl", "opencl:0", "opencl:" + OpenCl.device("0").name())) {
      try (Backend opencl = Backends.open(name, 1)) {
        assertThat(opencl.name()).isEqualTo("opencl");
      }
    }
    assertThat(Backends.devices("opencl")).contains("opencl:" + device.index());
    assertThatThrownBy(() -> Backends.open("opencl:unheard of", 1))
        .isInstanceOf(BackendUnavailableException.class)
        .hasMessageContaining("unheard of")
        .hasMessageContaining(device.name());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void groupsGiveTheSameBitsAsProcessors(int quads) {
    Settings settings =
        Settings.fromProperties(1).withStrict(true).withKernels(Settings.Kernels.GPU);
    Tuning tuning = Tuning.DEFAULT.withGroup(new Tuning.GroupTile(8, quads, 8));
    try (Backend opencl = new OpenClBackend(TestDevice.find(), settings, tuning);
        Backend scalar = Backends.open("scalar", 1)) {
      for (OpCase c : OpCases.all()) {
        if (c.op().name().equals("Gemm")) {
          assertThat(new BoundOp(opencl, c).run().getFirst())
              .as("%s", c)
              .isEqualTo(new BoundOp(scalar, c).run().getFirst());
        }
      }
    }
  }

  @Test
  void runsOnTheHostWhatTheDeviceCannot() {
    OpCase c = new OpCase(new LossOp.MeanSquaredError(), f32(7, 3), f32(7, 3));
    Device device = TestDevice.find();
    Device withoutDoubles = TestDevice.with(device, device.sharesHostMemory(), false);
    Settings settings = Settings.fromProperties(1);
    try (OpenClBackend opencl = new OpenClBackend(withoutDoubles, settings);
        Backend scalar = Backends.open("scalar", 1)) {
      assertThat(new BoundOp(opencl, c).run().getFirst())
          .isEqualTo(new BoundOp(scalar, c).run().getFirst());
      assertThat(opencl.fallbacks()).isEqualTo(Map.of("MeanSquaredError", 1));
      assertThat(opencl.description()).endsWith(", 1 op on the host: MeanSquaredError");
    }
    try (OpenClBackend strict = new OpenClBackend(withoutDoubles, settings.withStrict(true))) {
      assertThatThrownBy(() -> new BoundOp(strict, c))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("MeanSquaredError")
          .hasMessageContaining("no f64");
    }
  }

  @Test
  void runsTheCodeOfUsersOnTheHost() {
    OpCase c = new OpCase(new SplitOp(), f32(7, 3));
    Settings settings = Settings.fromProperties(1);
    try (OpenClBackend opencl = new OpenClBackend(TestDevice.find(), settings);
        Backend scalar = Backends.open("scalar", 1)) {
      assertThat(new BoundOp(opencl, c).run().toArray())
          .isEqualTo(new BoundOp(scalar, c).run().toArray());
      assertThat(opencl.fallbacks()).isEqualTo(Map.of("SplitOp", 1));
      assertThat(opencl.description()).endsWith(", 1 op on the host: SplitOp");
    }
    try (OpenClBackend strict = new OpenClBackend(TestDevice.find(), settings.withStrict(true))) {
      assertThatThrownBy(() -> new BoundOp(strict, c))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("SplitOp does not run on the device: its code is for the host");
    }
  }

  @Test
  void profilesByTheDevicesClock() {
    try (Profile profile = new Profile(TestDevice.open())) {
      Step step = new BoundOp(profile, RELU).step;
      step.run();
      step.run();
      assertThat(profile.table())
          .contains("GFLOP/s in matrix products")
          .containsPattern("\n +2 .* Activate RELU f32\\[100\\]");
    }
  }

  @Test
  void tuningIsKeptForTheDevice() throws IOException {
    Device device = TestDevice.find();
    TuningFile file = new TuningFile(folder, device);
    assertThat(file.read()).isEqualTo(Tuning.DEFAULT);
    Tuning tuning = Tuning.DEFAULT.withDirect(new Tuning.RegisterTile(7, 3)).withMaxDirect(1000);
    file.write(tuning, "a test");
    assertThat(file.read()).isEqualTo(tuning);
    String whole = Files.readString(file.path());
    for (String damage :
        List.of(
            "",
            "direct.rows=\\u00",
            "direct.rows=0",
            "direct.rows=many",
            whole.replace("direct.rows=7", "direct.rows=6"),
            whole + "direct.rows=6\n",
            whole + "#".repeat(1 << 20))) {
      Files.writeString(file.path(), damage);
      assertThat(file.read()).as(damage).isEqualTo(Tuning.DEFAULT);
    }
    Files.writeString(file.path(), whole);
    assertThat(file.read()).isEqualTo(tuning);
  }

  /** Whose checksum is right. */
  @Test
  void sizesThatCompileForEverAreNotTaken() throws IOException {
    Device device = TestDevice.find();
    TuningFile file = new TuningFile(folder, device);
    int side = (int) Math.sqrt(device.maxGroupSize()) + 1;
    for (Tuning tuning :
        List.of(
            Tuning.DEFAULT.withDirect(new Tuning.RegisterTile(512, 512)),
            Tuning.DEFAULT.withDirect(new Tuning.RegisterTile(1 << 16, 1 << 16)),
            Tuning.DEFAULT.withDirect(new Tuning.RegisterTile(0, 1)),
            Tuning.DEFAULT.withPacked(new Tuning.RegisterTile(29, 1)),
            Tuning.DEFAULT.withPacked(new Tuning.RegisterTile(1, -1)),
            Tuning.DEFAULT.withMaxDirect(-1),
            Tuning.DEFAULT.withGroup(new Tuning.GroupTile(side, 1, 8)),
            Tuning.DEFAULT.withGroup(new Tuning.GroupTile(8, 5, 8)),
            Tuning.DEFAULT.withGroup(new Tuning.GroupTile(8, 1, 3)),
            Tuning.DEFAULT.withGroup(new Tuning.GroupTile(8, 1, 0)),
            Tuning.DEFAULT.withGroup(new Tuning.GroupTile(0, 1, 8)))) {
      file.write(tuning, "a test");
      assertThat(file.read()).as("%s", tuning).isEqualTo(Tuning.DEFAULT);
    }
  }

  @Test
  void settingsAreWhatTheySay() {
    assertThat(settingsWith("lanewise.opencl.timeout", "10000000000").timeout())
        .isEqualTo(Duration.ofSeconds(10_000_000_000L));
    assertThat(settingsWith("lanewise.opencl.strict", "true").strict()).isTrue();
    for (String seconds : List.of("", "0", "-1", "1.5", "1e10", "99999999999999999999")) {
      assertThatThrownBy(() -> settingsWith("lanewise.opencl.timeout", seconds))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "lanewise.opencl.timeout must be a number of whole seconds, at least 1, but is '%s'",
              seconds);
    }
    assertThatThrownBy(() -> settingsWith("lanewise.opencl.strict", "yes"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("lanewise.opencl.strict must be true or false but is 'yes'");
  }

  private static Settings settingsWith(String property, String value) {
    String before = System.getProperty(property);
    System.setProperty(property, value);
    try {
      return Settings.fromProperties(1);
    } finally {
      if (before == null) {
        System.clearProperty(property);
      } else {
        System.setProperty(property, before);
      }
    }
  }

  @Test
  void tellsNoDriverFromNoDevice() throws Exception {
    TestDevice.find();
    ChildJvm child =
        ChildJvm.run(
            WithoutDriver.class,
            Map.of("OCL_ICD_VENDORS", Files.createDirectory(folder.resolve("none")).toString()),
            List.of());
    assertThat(child.output())
        .contains(
            "OpenCL's loader is installed, but no driver: for processors the package"
                + " pocl-opencl-icd brings one (apt-get install), for a card its maker");
  }

  /** Prints why there is no device. */
  static final class WithoutDriver {
    private WithoutDriver() {}

    public static void main(String[] arguments) {
      try {
        System.out.println(OpenCl.devices());
      } catch (NoOpenClException missing) {
        System.out.println(missing.getMessage());
      }
    }
  }
}

package org.lanewise.ffi.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.ffi.opencl.Device.Type;

/** A number is an index and nothing else, and a name is that of one device. */
class DeviceNameTest {
  private static final List<Device> DEVICES =
      List.of(
          device(0, "Processor-1 at 2 GHz", Type.CPU),
          device(1, "Card A100", Type.GPU),
          device(2, "Card A10", Type.GPU));

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2, 2", "PROCESSOR, 0", "at 2, 0", "a100, 1", "-1 at, 0", "'', 1"})
  void isChosen(String name, int index) {
    assertThat(OpenCl.choose(DEVICES, name).index()).isEqualTo(index);
  }

  /** Each of them is in the name of a device. */
  @ParameterizedTest
  @ValueSource(strings = {"10", "100", "-1", "00"})
  void noNumberIsAPartOfAName(String name) {
    assertThatThrownBy(() -> OpenCl.choose(DEVICES, name))
        .isInstanceOf(NoOpenClException.class)
        .hasMessage(
            "no OpenCL device is called '%s': there are 0 (Processor-1 at 2 GHz), 1 (Card A100), 2"
                + " (Card A10)",
            name);
  }

  @Test
  void aNameOfSeveralIsNotChosenFrom() {
    assertThatThrownBy(() -> OpenCl.choose(DEVICES, "card"))
        .isInstanceOf(NoOpenClException.class)
        .hasMessage(
            "2 OpenCL devices, not one, are called 'card': there are 0 (Processor-1 at 2 GHz), 1"
                + " (Card A100), 2 (Card A10)");
  }

  private static Device device(int index, String name, Type type) {
    return new Device(
        MemorySegment.NULL, index, "", name, type, "", "", 1, 1, 1, 1, 1, true, true, true);
  }
}

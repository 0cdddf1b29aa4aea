package org.lanewise.kernels.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 1, 7, 7",
    "3, 1, 1, 1, 7, 7",
    "3, 2, 1, 1, 7, 4",
    "3, 2, 1, 1, 8, 4",
    "2, 2, 0, 1, 7, 3",
    "3, 1, 0, 2, 7, 3",
    "3, 1, 2, 2, 7, 7",
    "7, 1, 0, 1, 7, 1",
    "3, 2000000000, 0, 1, 7, 1"
  })
  void countsWindows(int kernel, int stride, int padding, int dilation, int size, int count) {
    Window window =
        Window.of(kernel).withStride(stride).withPadding(padding).withDilation(dilation);
    assertThat(window.outputHeight(size)).isEqualTo(count);
    assertThat(window.outputWidth((long) size)).isEqualTo(count);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("kernelHeight must be at least 1 but is 0", () -> Window.of(0, 1)),
        mistake("kernelWidth must be at least 1 but is -1", () -> Window.of(1, -1)),
        mistake("strideHeight must be at least 1 but is 0", () -> Window.of(1).withStride(0)),
        mistake("paddingWidth must be at least 0 but is -1", () -> Window.of(1).withPadding(0, -1)),
        mistake("dilationWidth must be at least 1 but is 0", () -> Window.of(1).withDilation(1, 0)),
        mistake(
            "kernelHeight 65537 with dilation 65536 must cover less than 2^31",
            () -> new Window(65537, 1, 1, 1, 0, 0, 65536, 1)),
        mistake("less than 2^31 elements but is 65536 × 65536", () -> Window.of(65536)),
        mistake(
            "height 2 with padding 1 is less than the 5 that a window covers",
            () -> Window.of(3).withDilation(2).withPadding(1).outputHeight(2)),
        mistake("but is 1073741824 × 1", () -> Window.of(1).requirePlane(1 << 30, 1)),
        mistake("but is 32768 × 32768", () -> Window.of(1).requirePlane(1 << 15, 1 << 15)),
        mistake(
            "but is 1 × 1 with padding 2147483647, 2147483647",
            () -> Window.of(1).withPadding(Integer.MAX_VALUE).requirePlane(1, 1)));
  }

  private static Arguments mistake(String message, ThrowingCallable call) {
    return Arguments.of(message, call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsNamed(String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}

package org.lanewise.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufWriterTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  /** The example of the format's documentation is field 1 with 150. */
  @ParameterizedTest
  @CsvSource({
    "1, 150, 08 96 01",
    "1, 0, 08 00",
    "1, 1, 08 01",
    "1, 127, 08 7f",
    "1, 128, 08 80 01",
    "1, 16383, 08 ff 7f",
    "1, 16384, 08 80 80 01",
    "1, 2147483647, 08 ff ff ff ff 07",
    "1, 4294967295, 08 ff ff ff ff 0f",
    "1, 9223372036854775807, 08 ff ff ff ff ff ff ff ff 7f",
    "1, -1, 08 ff ff ff ff ff ff ff ff ff 01",
    "1, -9223372036854775808, 08 80 80 80 80 80 80 80 80 80 01",
    "15, 1, 78 01",
    "16, 1, 80 01 01",
    "536870911, 1, f8 ff ff ff 0f 01"
  })
  void writesVarints(int field, long value, String expected) {
    assertThat(hex(new ProtobufWriter().varint(field, value))).isEqualTo(expected);
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments("", new ProtobufWriter()),
        arguments("10 01 18 00", new ProtobufWriter().bool(2, true).bool(3, false)),
        arguments("0d 04 03 02 01", new ProtobufWriter().fixed32(1, 0x01020304)),
        arguments("0d ff ff ff ff", new ProtobufWriter().fixed32(1, -1)),
        arguments(
            "09 08 07 06 05 04 03 02 01", new ProtobufWriter().fixed64(1, 0x0102030405060708L)),
        arguments("0d 00 00 80 3f", new ProtobufWriter().float32(1, 1f)),
        arguments("0d 00 00 00 80", new ProtobufWriter().float32(1, -0f)),
        arguments(
            "0d 01 00 c0 7f", new ProtobufWriter().float32(1, Float.intBitsToFloat(0x7fc00001))),
        arguments("09 00 00 00 00 00 00 f0 bf", new ProtobufWriter().float64(1, -1)),
        arguments("12 07 74 65 73 74 69 6e 67", new ProtobufWriter().string(2, "testing")),
        arguments("12 00", new ProtobufWriter().string(2, "")),
        arguments("12 06 c3 a9 f0 9f 98 80", new ProtobufWriter().string(2, "é😀")),
        arguments("12 00", new ProtobufWriter().bytes(2, new byte[0])),
        arguments("12 02 00 ff", new ProtobufWriter().bytes(2, new byte[] {0, -1})),
        arguments(
            "1a 03 08 96 01", new ProtobufWriter().message(3, new ProtobufWriter().varint(1, 150))),
        arguments("1a 00", new ProtobufWriter().message(3, new ProtobufWriter())),
        arguments(
            "08 01 1a 04 12 02 61 62 10 02",
            new ProtobufWriter()
                .varint(1, 1)
                .message(3, new ProtobufWriter().bytes(2, new byte[] {'a', 'b'}))
                .varint(2, 2)),
        arguments("32 06 03 8e 02 9e a7 05", new ProtobufWriter().packedVarints(6, 3, 270, 86942)),
        arguments("32 0a ff ff ff ff ff ff ff ff ff 01", new ProtobufWriter().packedVarints(6, -1)),
        arguments("", new ProtobufWriter().packedVarints(6)),
        arguments("", new ProtobufWriter().packedFloats(6)),
        arguments("", new ProtobufWriter().packedDoubles(6)),
        arguments("32 08 00 00 80 3f 00 00 00 c0", new ProtobufWriter().packedFloats(6, 1f, -2f)),
        arguments("32 08 00 00 00 00 00 00 f0 3f", new ProtobufWriter().packedDoubles(6, 1)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void writesFields(String expected, ProtobufWriter message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);

    assertThat(hex(message)).isEqualTo(expected);
    assertThat(out.toByteArray()).isEqualTo(message.toByteArray());
    assertThat(message.byteSize()).isEqualTo(out.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 127, 128, 65_533, 65_536, 65_537, 200_000})
  void writesSegmentsOfAnySizeInMessagesOfMessages(int size) throws IOException {
    byte[] content = new byte[size];
    for (int i = 0; i < size; i++) {
      content[i] = (byte) i;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(size);
      segment.copyFrom(MemorySegment.ofArray(content));
      ProtobufWriter message = new ProtobufWriter().bytes(1, segment).varint(2, 3);
      for (int depth = 0; depth < 5; depth++) {
        message = new ProtobufWriter().message(1, message).varint(2, 3);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      message.writeTo(out);

      byte[] bytes = out.toByteArray();
      assertThat(bytes).isEqualTo(message.toByteArray()).hasSize((int) message.byteSize());
      int from = bytes.length - 2 * 6 - size; // each message ends with field 2
      assertThat(Arrays.copyOfRange(bytes, from, from + size)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1 << 29, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void refusesFieldsOutOfRange(int field) {
    String message = "field must be in 1..536870911 but is " + field;
    assertThatThrownBy(() -> new ProtobufWriter().varint(field, 1)).hasMessage(message);
    assertThatThrownBy(() -> new ProtobufWriter().string(field, "")).hasMessage(message);
    assertThatThrownBy(() -> new ProtobufWriter().packedVarints(field)).hasMessage(message);
  }

  @Test
  void refusesTextThatIsNotUnicode() {
    assertThatThrownBy(() -> new ProtobufWriter().string(2, "a\ud800"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("field 2 has a surrogate without its other half");
  }

  private static String hex(ProtobufWriter message) {
    return HEX.formatHex(message.toByteArray());
  }
}

package org.lanewise.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.Damage;

class ProtobufReaderTest {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

  private static ProtobufReader reader(byte[] message) {
    return new ProtobufReader(Path.of("file"), MemorySegment.ofArray(message));
  }

  private static ProtobufReader hex(String message) {
    return reader(HEX.parseHex(message));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        127,
        128,
        16_383,
        16_384,
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        -1,
        Long.MIN_VALUE
      })
  void readsVarintsAsWritten(long value) throws MalformedFileException {
    ProtobufReader reader =
        reader(new ProtobufWriter().varint(1, value).varint(536_870_911, value).toByteArray());

    assertThat(reader.next()).isTrue();
    assertThat(reader.field()).isEqualTo(1);
    assertThat(reader.varint()).isEqualTo(value);
    assertThat(reader.next()).isTrue();
    assertThat(reader.field()).isEqualTo(536_870_911);
    assertThat(reader.varint()).isEqualTo(value);
    assertThat(reader.next()).isFalse();
    assertThat(reader.next()).isFalse();
  }

  @Test
  void readsFieldsOfAllTypes() throws MalformedFileException {
    ProtobufReader reader =
        reader(
            new ProtobufWriter()
                .fixed32(1, -2)
                .fixed64(2, Long.MIN_VALUE)
                .string(3, "é😀")
                .message(4, new ProtobufWriter().varint(7, 8))
                .packedVarints(5, -1, 300, 0)
                .varint(5, 6)
                .toByteArray());
    List<Long> numbers = new ArrayList<>();

    assertThat(reader.next()).isTrue();
    assertThat(reader.fixed32()).isEqualTo(-2);
    assertThat(reader.next()).isTrue();
    assertThat(reader.fixed64()).isEqualTo(Long.MIN_VALUE);
    assertThat(reader.next()).isTrue();
    assertThat(reader.string()).isEqualTo("é😀");
    assertThat(reader.next()).isTrue();
    ProtobufReader inner = reader.message();
    assertThat(inner.next()).isTrue();
    assertThat(inner.field()).isEqualTo(7);
    assertThat(inner.varint()).isEqualTo(8);
    assertThat(inner.next()).isFalse();
    assertThat(reader.next()).isTrue();
    reader.varints(numbers::add);
    assertThat(reader.next()).isTrue();
    reader.varints(numbers::add);
    assertThat(reader.next()).isFalse();
    assertThat(numbers).containsExactly(-1L, 300L, 0L, 6L);
  }

  @ParameterizedTest
  @CsvSource({
    "08, a field of 1 bytes where 0 are left",
    "08 80, a field of 1 bytes where 0 are left",
    "08 80 80 80 80 80 80 80 80 80 80 01, an integer of more than 10 bytes",
    "0d 00 00 00, a field of 4 bytes where 3 are left",
    "09 00, a field of 8 bytes where 1 are left",
    "0a 02 00, a field of 2 bytes where 1 are left",
    "0a ff ff ff ff ff ff ff ff 7f, a field of 9223372036854775807 bytes where 0 are left",
    "0a ff ff ff ff ff ff ff ff ff 01, a field of 18446744073709551615 bytes where 0 are left",
    "0b, wire type 3 of field 1",
    "0f, wire type 7 of field 1",
    "00 01, field number 0",
    "80 80 80 80 10 01, field number 536870912"
  })
  void refusesWhatDoesNotFollowTheFormat(String message, String fault) {
    assertThatThrownBy(() -> hex(message).next())
        .isInstanceOf(MalformedFileException.class)
        .hasMessage("file: not a message of Protocol Buffers: " + fault);
  }

  static Stream<Arguments> otherTypes() {
    ProtobufWriter integer = new ProtobufWriter().varint(1, 1);
    ProtobufWriter bytes = new ProtobufWriter().bytes(1, new byte[] {-1});
    return Stream.of(
        arguments(integer, (Read) ProtobufReader::bytes, "field 1 must be bytes"),
        arguments(integer, (Read) ProtobufReader::string, "field 1 must be bytes"),
        arguments(integer, (Read) ProtobufReader::fixed32, "field 1 must be a number of 32 bits"),
        arguments(integer, (Read) ProtobufReader::fixed64, "field 1 must be a number of 64 bits"),
        arguments(bytes, (Read) ProtobufReader::varint, "field 1 must be an integer"),
        arguments(bytes, (Read) ProtobufReader::string, "text of field 1 is not UTF-8"),
        arguments(
            new ProtobufWriter().bytes(1, new byte[(1 << 20) + 1]),
            (Read) ProtobufReader::string,
            "text of 1,048,577 bytes in field 1"));
  }

  /** Reads a field as some type. */
  @FunctionalInterface
  private interface Read {
    Object of(ProtobufReader reader) throws MalformedFileException;
  }

  @ParameterizedTest
  @MethodSource("otherTypes")
  void refusesFieldsOfOtherTypes(ProtobufWriter message, Read read, String fault)
      throws MalformedFileException {
    ProtobufReader reader = reader(message.toByteArray());
    reader.next();
    assertThatThrownBy(() -> read.of(reader))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(fault);
  }

  @Test
  void readsOrRefusesDamagedMessages() {
    byte[] whole =
        new ProtobufWriter()
            .varint(1, 1 << 20)
            .string(2, "text")
            .message(3, new ProtobufWriter().fixed64(1, 2).packedVarints(2, 1, 2, 300))
            .toByteArray();
    int accepted = 0;
    for (int input = 0; input < 2000; input++) {
      ProtobufReader reader = reader(Damage.of(whole, new SplittableRandom(input)));
      try {
        while (reader.next()) {
          if (reader.hasLength()) {
            reader.varints(_ -> {});
          }
        }
        accepted++;
      } catch (MalformedFileException refused) {
        assertThat(refused).hasMessageStartingWith("file: not a message of Protocol Buffers: ");
      }
    }
    assertThat(accepted).isBetween(50, 1950);
  }
}

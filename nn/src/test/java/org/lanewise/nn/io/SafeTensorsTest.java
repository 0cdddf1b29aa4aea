package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_32LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = folder.resolve("new/folder/model.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
      tensors.put("b.weight", tensor(arena, TensorType.f32(2, 3), 1, 2, 3, 4, 5, Float.NaN));
      tensors.put("a \"quoted\" \u00e9", tensor(arena, TensorType.f32(), -0f));
      tensors.put("empty", tensor(arena, TensorType.f32(0, 7)));
      Map<String, String> metadata = Map.of("key", "value\n{}");
      new SafeTensors(metadata, tensors).write(file);

      for (SafeTensors read :
          List.of(SafeTensors.map(file, arena), SafeTensors.read(file, arena))) {
        assertThat(read.metadata()).isEqualTo(metadata);
        assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
        tensors.forEach((name, tensor) -> {
          assertThat(read.tensors().get(name)).hasToString(tensor.toString());
          assertThat(read.tensors().get(name).data().toArray(JAVA_FLOAT))
              .isEqualTo(tensor.data().toArray(JAVA_FLOAT));
        });
      }
    }
  }

  @Test
  void writesTensorsOfAnyMemory() throws IOException {
    Path file = folder.resolve("f");
    float[] values = new float[300_000]; // more than is copied at once
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (Arena arena = Arena.ofConfined()) {
      SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
      TensorType type = TensorType.f32(values.length);
      tensors.put("native", tensor(arena, type, values));
      tensors.put("float[]", stored(type, MemorySegment.ofArray(values)));
      tensors.put(
          "read-only slice of int[]",
          stored(
              TensorType.i32(2),
              MemorySegment.ofArray(new int[] {1, 2, 3, 4}).asSlice(4, 8).asReadOnly()));
      byte[] bytes = {0, 0, 0, 0, (byte) 0x80, 0x3f};
      tensors.put(
          "odd slice of byte[]",
          stored(TensorType.f32(1), MemorySegment.ofArray(bytes).asSlice(2)));
      new SafeTensors(Map.of(), tensors).write(file);

      var read = SafeTensors.read(file, arena).tensors();
      assertThat(read.get("native").data().toArray(JAVA_FLOAT)).isEqualTo(values);
      assertThat(read.get("float[]").data().toArray(JAVA_FLOAT)).isEqualTo(values);
      assertThat(read.get("read-only slice of int[]").data().toArray(JAVA_INT))
          .containsExactly(2, 3);
      assertThat(read.get("odd slice of byte[]").data().toArray(JAVA_FLOAT)).containsExactly(1);
    }
  }

  @Test
  void anInterruptedThreadReadsAndWritesAndStaysInterrupted() throws IOException {
    Path file = folder.resolve("f");
    try (Arena arena = Arena.ofConfined()) {
      SafeTensors written = one("t", tensor(arena, TensorType.f32(1), 7));
      Thread.currentThread().interrupt();
      try {
        written.write(file);
        for (SafeTensors read :
            List.of(SafeTensors.map(file, arena), SafeTensors.read(file, arena))) {
          assertThat(read.tensors().get("t").data().get(JAVA_FLOAT, 0)).isEqualTo(7);
        }
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void whatWasReadOutlivesTheFile() throws IOException {
    Path file = folder.resolve("f");
    float[] values = new float[100_000];
    Arrays.fill(values, 3);
    try (Arena arena = Arena.ofConfined()) {
      one("t", tensor(arena, TensorType.f32(values.length), values)).write(file);
      SafeTensors read = SafeTensors.read(file, arena);
      Files.write(file, new byte[0]); // which shortens it in place
      assertThat(read.tensors().get("t").data().toArray(JAVA_FLOAT)).isEqualTo(values);
    }
  }

  @Test
  void readsTensorsAlignedToTheirElements() throws IOException {
    Path file = write("{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ", 4);
    assertThat((Files.size(file) - 4) % 4).as("it is not aligned in the file").isNotZero();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = SafeTensors.read(file, arena).tensors().get("t").data();
      assertThat(data.get(JAVA_FLOAT, 0)).isZero();
    }
  }

  @Test
  void readsTheLongestNamesAndTextsThatItWrites() throws IOException {
    Path file = folder.resolve("f");
    String longText = "\u00e9\ud83d\ude00".repeat(50_000);
    try (Arena arena = Arena.ofConfined()) {
      StoredTensor scalar = tensor(arena, TensorType.f32(), 1);
      SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>(Map.of(longText, scalar));
      new SafeTensors(Map.of(longText, longText), tensors).write(file);
      SafeTensors read = SafeTensors.read(file, arena);
      assertThat(read.metadata()).isEqualTo(Map.of(longText, longText));
      assertThat(read.tensors()).containsOnlyKeys(longText);
    }
  }

  static Stream<Arguments> unwritable() {
    StoredTensor scalar = stored(TensorType.f32(), MemorySegment.ofArray(new float[1]));
    Map<String, String> nullText = new HashMap<>();
    nullText.put("key", null);
    Map<String, String> nullKey = new HashMap<>();
    nullKey.put(null, "text");
    String tooLong = "x".repeat((int) SafeTensorsHeader.MAX_BYTES);
    return Stream.of(
        arguments(one("__metadata__", scalar), "no tensor may be named __metadata__"),
        arguments(one("a\ud83d", scalar), "has a surrogate without its other half"),
        arguments(one("\ude00\ud83d", scalar), "has a surrogate without its other half"),
        arguments(one(null, scalar), "name 'null' is null"),
        arguments(texts(nullText), "metadata 'key' is null"),
        arguments(texts(nullKey), "metadata key 'null' is null"),
        arguments(texts(Map.of("key", "\ud83d")), "metadata 'key' has a surrogate"),
        arguments(texts(Map.of("\ude00", "text")), "has a surrogate"),
        arguments(texts(Map.of("key", tooLong)), "above the limit of"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("unwritable")
  void writesNothingThatCannotBeRead(SafeTensors tensors, String fault) throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "old");
    assertThatThrownBy(() -> tensors.write(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(fault);
    assertThat(file).hasContent("old");
  }

  static Stream<Arguments> encodings() {
    return Stream.of(
        arguments("\ufeff", UTF_8, "does not begin with '{'"),
        arguments(" ", UTF_8, "does not begin with '{'"),
        arguments("\n", UTF_8, "does not begin with '{'"),
        arguments("", UTF_16, "does not begin with '{'"), // begins with a byte-order mark
        arguments("", UTF_16BE, "does not begin with '{'"),
        arguments("", UTF_16LE, "not valid JSON"),
        arguments("", UTF_32LE, "not valid JSON"),
        arguments("{\"\u00e9", ISO_8859_1, "not UTF-8"));
  }

  @ParameterizedTest
  @MethodSource("encodings")
  void refusesAHeaderThatIsNotJustJsonInUtf8(String before, Charset charset, String fault)
      throws IOException {
    String header = "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    assertMalformed(write((before + header).getBytes(charset), 8), fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ude00\\ud83d"})
  void refusesSurrogatesWithoutTheirOtherHalf(String text) throws IOException {
    String tensor = "{\"%s\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    assertMalformed(write(tensor.formatted(text), 8), "surrogate");
    String metadata = "{\"__metadata__\":{\"key\":\"%s\"}}";
    assertMalformed(write(metadata.formatted(text), 0), "surrogate");
  }

  @Test
  void quotesAFileInOneShortPrintableLine() throws IOException {
    String name = "\\u001b[2J\\n\\u2028\\u202e" + "long ".repeat(10_000);
    Path file = write("{\"%s\":{}}".formatted(name), 0);
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> SafeTensors.read(file, arena))
          .hasMessageStartingWith(file + ": tensor '\\u{1b}[2J\\u{a}\\u{2028}\\u{202e}long long")
          .hasMessageEndingWith("long ' lacks dtype, shape or two data_offsets")
          .satisfies(fault ->
              assertThat(fault.getMessage()).hasSizeLessThan(file.toString().length() + 500));
    }
  }

  @Test
  void readsAFileOfTheFormatsDefinition() throws IOException {
    Path file =
        write(
            "{\"t\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                + "\"__metadata__\":{\"format\":\"pt\"}}   ",
            8);
    try (Arena arena = Arena.ofConfined()) {
      SafeTensors read = SafeTensors.map(file, arena);
      assertThat(read.tensors().get("t")).hasToString("f32[1, 2]");
      assertThat(read.metadata()).containsEntry("format", "pt");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}} | data_offsets [-8, 0]",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | data_offsets [8, 0]",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | overlap or leave a gap",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | is f32[2] but",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}} | describes 12 bytes of data, the file has 8",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | describes 4 bytes of data, the file has 8",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | impossible shape",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | impossible shape",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,8]}} | data_offsets [0, 8]",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,99999999999999999999]}} | beyond 64 bits",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | other than integers",
        "{\"t\":{\"dtype\":\"F8_E4M3\",\"shape\":[8],\"data_offsets\":[0,8]}} | dtype F8_E4M3",
        "{\"t\":{\"dtype\":\"f64\",\"shape\":[1],\"data_offsets\":[0,8]}} | dtype f64",
        "{\"t\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,8]}} | is f64[2] but",
        "{\"t\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,8]}} | is bool[2] but",
        "{\"t\":{\"dtype\":\"I64\",\"shape\":[1152921504606846977],\"data_offsets\":[0,8]}} | data_offsets [0, 8]",
        "{\"t\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,8]}} | VALUE_NUMBER_INT",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}} | lacks",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}} | lacks",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | unknown property 'x'",
        "{\"t\":5} | START_OBJECT was expected",
        "[] | does not begin with '{'",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}{} | not one JSON object",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]} | header",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | overlap or leave a gap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | valid JSON",
        "{\"__metadata__\":{\"a\":1},\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | VALUE_STRING was expected",
      })
  void namesWhatIsWrongWithAHeader(String header, String fault) throws IOException {
    assertMalformed(write(header, 8), fault);
  }

  @Test
  void refusesDeeplyNestedHeaders() throws IOException {
    assertMalformed(write("{\"t\":".repeat(100_000), 8), "unknown property 't'");
    assertMalformed(write("{\"t\":{\"dtype\":" + "[".repeat(100_000), 8), "was expected");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, only 0 bytes",
    "7, 0, only 7 bytes",
    "8, -1, header length 18446744073709551615",
    "16, 9, header length 9",
    "16, 9223372036854775807, header length 9223372036854775807",
    "16, 0, header length 0"
  })
  void refusesLyingHeaderLengths(int fileSize, long headerLength, String fault) throws IOException {
    byte[] bytes = new byte[fileSize];
    if (fileSize >= 8) {
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(headerLength);
    }
    assertMalformed(Files.write(folder.resolve("f"), bytes), fault);
  }

  @Test
  void refusesAHeaderThatWouldFillTheMemory() throws IOException {
    Path file = folder.resolve("large");
    long length = (16 << 20) + 8;
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length));
      channel.write(ByteBuffer.allocate(1), 8 + length); // the rest is a hole
    }
    assertMalformed(file, "the header has 16,777,224 bytes, more than the supported 16,777,216");
  }

  @Test
  void namesAMissingFile() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> SafeTensors.map(folder.resolve("none"), arena))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("none");
    }
  }

  private void assertMalformed(Path file, String fault) {
    try (Arena arena = Arena.ofConfined()) {
      for (ThrowingCallable reader :
          List.<ThrowingCallable>of(
              () -> SafeTensors.map(file, arena), () -> SafeTensors.read(file, arena))) {
        assertThatThrownBy(reader)
            .isInstanceOf(MalformedFileException.class)
            .hasMessageStartingWith(file.toString())
            .hasMessageContaining(fault);
      }
    }
  }

  private Path write(String header, int dataBytes) throws IOException {
    return write(header.getBytes(UTF_8), dataBytes);
  }

  private Path write(byte[] json, int dataBytes) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("f.safetensors"), bytes.array());
  }

  private static SafeTensors one(String name, StoredTensor tensor) {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put(name, tensor);
    return new SafeTensors(Map.of(), tensors);
  }

  private static SafeTensors texts(Map<String, String> metadata) {
    return new SafeTensors(metadata, new LinkedHashMap<>());
  }

  private static StoredTensor tensor(Arena arena, TensorType type, float... values) {
    return stored(type, arena.allocateFrom(JAVA_FLOAT, values));
  }

  private static StoredTensor stored(TensorType type, MemorySegment data) {
    return StoredTensor.of(new HostTensor(type, data));
  }
}

package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.kernels.op.TensorType;

class SafeTensorsTest {
  @TempDir Path folder;

  @Test
  void readsWhatItWrote() throws IOException {
    Path file = folder.resolve("new/folder/model.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      SequencedMap<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
      tensors.put("b.weight", tensor(arena, TensorType.f32(2, 3), 1, 2, 3, 4, 5, Float.NaN));
      tensors.put("a \"quoted\" \u00e9", tensor(arena, TensorType.f32(), -0f));
      tensors.put("empty", tensor(arena, TensorType.f32(0, 7)));
      Map<String, String> metadata = Map.of("key", "value\n{}");
      new SafeTensors(metadata, tensors).write(file);

      SafeTensors read = SafeTensors.map(file, arena);

      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach((name, tensor) -> {
        assertThat(read.tensors().get(name).type()).isEqualTo(tensor.type());
        assertThat(read.tensors().get(name).data().toArray(JAVA_FLOAT))
            .isEqualTo(tensor.data().toArray(JAVA_FLOAT));
      });
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
      assertThat(read.tensors().get("t").type()).isEqualTo(TensorType.f32(1, 2));
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
        "{\"t\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}} | dtype F64",
        "{\"t\":{\"dtype\":7,\"shape\":[1],\"data_offsets\":[0,8]}} | VALUE_NUMBER_INT",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2]}} | lacks",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}} | lacks",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}} | unknown property 'x'",
        "{\"t\":5} | START_OBJECT was expected",
        "[] | START_OBJECT was expected",
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
  void neverFailsOtherwiseOnADamagedFile() throws IOException {
    String header =
        "{\"first\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
            + "\"second\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[8,12]}}";
    byte[] intact = Files.readAllBytes(write(header, 12));
    SplittableRandom random = new SplittableRandom(7);
    Path file = folder.resolve("damaged");
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = java.util.Arrays.copyOf(intact, random.nextInt(intact.length) + 1);
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, damaged);
      try (Arena arena = Arena.ofConfined()) {
        SafeTensors.map(file, arena);
      } catch (MalformedFileException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1900);
  }

  @Test
  void namesAMissingFile() {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> SafeTensors.map(folder.resolve("none"), arena))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("none");
    }
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                _ -> {
                  throw new IOException("disk full");
                }))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("disk full");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  private void assertMalformed(Path file, String fault) {
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> SafeTensors.map(file, arena))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(file.toString())
          .hasMessageContaining(fault);
    }
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("f.safetensors"), bytes.array());
  }

  private static SafeTensors.Tensor tensor(Arena arena, TensorType type, float... values) {
    return new SafeTensors.Tensor(type, arena.allocateFrom(JAVA_FLOAT, values));
  }
}

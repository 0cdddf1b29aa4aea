package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.Damage;

/** Damaged files are read or refused, by copying and mapping alike; what is read can be written. */
class SafeTensorsFuzzTest {
  private static final byte[] HEADER =
      ("{\"__metadata__\":{\"format\":\"pt\",\"epochs\":\"1 2.5;\\u00e9\"},"
              + "\"first\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
              + "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[8,8]},"
              + "\"second\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[8,12]},"
              + "\"odd\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[12,15]},"
              + "\"double\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[15,23]},"
              + "\"half\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[23,27]},"
              + "\"long\":{\"dtype\":\"I64\",\"shape\":[1,1],\"data_offsets\":[27,35]}}  ")
          .getBytes(UTF_8);

  @TempDir private Path folder;

  int inputs() {
    return 500;
  }

  /** What a reader makes of a file. */
  @FunctionalInterface
  private interface Reader {
    SafeTensors read(Path file, Arena arena) throws IOException;
  }

  @Test
  void readsOrRefuses() throws IOException {
    int accepted = 0;
    for (int input = 0; input < inputs(); input++) {
      byte[] bytes = damaged(new SplittableRandom(input));
      Path file =
          Files.write(
              folder.resolve("file" + input), bytes); // a new one: to empty one waits for the disk
      try (Arena arena = Arena.ofConfined()) {
        Object read = outcome(SafeTensors::read, file, arena);
        assertThat(outcome(SafeTensors::map, file, arena))
            .as("mapped input %d", input)
            .isEqualTo(read);
        if (read instanceof Content) {
          Path again = folder.resolve("again");
          SafeTensors.read(file, arena).write(again);
          assertThat(outcome(SafeTensors::read, again, arena))
              .as("written %d", input)
              .isEqualTo(read);
          accepted++;
        } else {
          assertThat((String) read)
              .as("input %d", input)
              .startsWith(file + ": ")
              .hasSizeLessThan(file.toString().length() + 1000)
              .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]");
        }
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("input " + input, failure);
      }
      Files.delete(file);
    }
    assertThat(accepted).isBetween(inputs() / 50, inputs() / 2);
  }

  /** Whole files are mostly refused for their length; the header alone gets deeper. */
  private static byte[] damaged(SplittableRandom random) {
    return random.nextBoolean() ? Damage.of(file(HEADER), random) : file(Damage.of(HEADER, random));
  }

  private static byte[] file(byte[] header) {
    byte[] data = new byte[35];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (i * 37);
    }
    return ByteBuffer.allocate(Long.BYTES + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(data)
        .array();
  }

  /** All that a file says, to be compared. */
  private record Content(Map<String, String> metadata, Map<String, Object> tensors) {}

  private static Object outcome(Reader reader, Path file, Arena arena) throws IOException {
    try {
      SafeTensors read = reader.read(file, arena);
      Map<String, Object> tensors = new LinkedHashMap<>();
      read.tensors()
          .forEach((name, tensor) ->
              tensors.put(
                  name,
                  List.of(
                      tensor.toString(),
                      ByteBuffer.wrap(tensor.data().toArray(JAVA_BYTE)),
                      Arrays.toString(tensor.convert(DType.F32).toFloats()))));
      return new Content(read.metadata(), tensors);
    } catch (MalformedFileException refused) {
      return refused.getMessage();
    }
  }
}

package org.lanewise.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.Damage;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.ProtobufWriter;

/** Damaged files are read or refused, in memory of at most twice their size. */
class OnnxFuzzTest {
  private static final long SMALL = 2 << 16; // that is decoded of any file

  @TempDir private Path folder;

  int inputs() {
    return 500;
  }

  /** An arena that counts what is allocated. */
  private static final class Counting implements Arena {
    private final Arena arena = Arena.ofConfined();
    private long bytes;

    @Override
    public MemorySegment allocate(long byteSize, long byteAlignment) {
      bytes += byteSize;
      return arena.allocate(byteSize, byteAlignment);
    }

    @Override
    public MemorySegment.Scope scope() {
      return arena.scope();
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void readsOrRefuses() throws IOException {
    byte[] whole = whole();
    Files.write(folder.resolve("data"), new byte[64]);
    int accepted = 0;
    for (int input = 0; input < inputs(); input++) {
      byte[] bytes = Damage.of(whole, new SplittableRandom(input));
      Path file = Files.write(folder.resolve("file" + input), bytes);
      try (Counting arena = new Counting()) {
        try {
          Onnx.read(file, arena).values().forEach(tensor -> assertThat(tensor).isNotNull());
          accepted++;
        } catch (MalformedFileException refused) {
          assertThat(refused.getMessage())
              .as("input %d", input)
              .startsWith(file + ": ")
              .hasSizeLessThan(file.toString().length() + 1000)
              .doesNotContainPattern("[\\p{Cntrl}\\u2028\\u2029]");
        } catch (FileSystemException noFile) { // of another name, or a folder
          assertThat(noFile.getFile()).isNotEqualTo(file.toString());
        }
        assertThat(arena.bytes)
            .as("memory of input %d", input)
            .isLessThanOrEqualTo(2L * bytes.length + SMALL);
      } catch (RuntimeException | Error failure) {
        throw new AssertionError("input " + input, failure);
      }
      Files.delete(file);
    }
    assertThat(accepted).isBetween(inputs() / 50, inputs() * 9 / 10);
  }

  /** Tensors in each of the forms that files have them in. */
  private static byte[] whole() {
    ProtobufWriter graph =
        new ProtobufWriter()
            .message(
                1,
                new ProtobufWriter()
                    .string(1, "x")
                    .string(1, "onnx::MatMul_1")
                    .string(2, "/layer/MatMul_output_0")
                    .string(4, "MatMul"))
            .message(5, OnnxReadTest.tensor("onnx::MatMul_1", 1, 2, 3).bytes(9, new byte[24]))
            .message(5, OnnxReadTest.tensor("floats", 1, 2, 1).packedFloats(4, 1, 2))
            .message(5, OnnxReadTest.tensor("ints", 6, 3).packedVarints(5, 1, -2, 300))
            .message(5, OnnxReadTest.tensor("longs", 7, 2).varint(7, 1).varint(7, 1L << 40))
            .message(5, OnnxReadTest.tensor("half", 10, 2).packedVarints(5, 0x3c00, 1))
            .message(
                5,
                OnnxReadTest.tensor("external", 1, 4)
                    .message(13, new ProtobufWriter().string(1, "location").string(2, "data"))
                    .message(13, new ProtobufWriter().string(1, "offset").string(2, "16"))
                    .varint(14, 1));
    return OnnxReadTest.model(graph);
  }
}

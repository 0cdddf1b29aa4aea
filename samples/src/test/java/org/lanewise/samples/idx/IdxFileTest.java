package org.lanewise.samples.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.samples.idx.IdxWriter.BYTES;
import static org.lanewise.samples.idx.IdxWriter.gzip;
import static org.lanewise.samples.idx.IdxWriter.idx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.nn.io.MalformedFileException;

class IdxFileTest {
  private static final int MANY = 1 << 30;
  private static final byte[] SIX = {1, 2, 3, 4, 5, -1};

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsDimensionsAndElements(boolean compressed) throws IOException {
    byte[] content = idx(BYTES, SIX, 2, 3);

    IdxFile file = IdxFile.read(write(compressed ? gzip(content) : content), 6);

    assertThat(file.dimensions()).containsExactly(2, 3);
    assertThat(file.elements()).containsExactly(SIX);
  }

  @Test
  void readsHighlyCompressedData() throws IOException {
    byte[] zeros = new byte[10_000_000]; // near the best that deflate can do

    assertThat(IdxFile.read(write(gzip(idx(BYTES, zeros, zeros.length))), MANY).elements())
        .isEqualTo(zeros);
  }

  static Stream<Arguments> faults() {
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    byte[] whole = gzip(idx(BYTES, noise, 1000));
    byte[] corrupt = whole.clone();
    corrupt[500] ^= 1;
    return Stream.of(
        arguments("empty", new byte[0], "truncated"),
        arguments("cut in the header", Arrays.copyOf(idx(BYTES, SIX, 2, 3), 9), "truncated"),
        arguments("text", "epoch,loss\n1,0.5\n".getBytes(), "not an IDX file of unsigned bytes"),
        arguments("of floats", idx(0x0d00, SIX, 2, 3), "not an IDX file of unsigned bytes"),
        arguments("no dimension", idx(BYTES, SIX), "not an IDX file of unsigned bytes"),
        arguments("short", idx(BYTES, new byte[5], 2, 3), "2 × 3, but only 5 elements follow"),
        arguments("long", idx(BYTES, new byte[7], 2, 3), "2 × 3, but more elements follow"),
        arguments("negative", idx(BYTES, SIX, -2, 3), "-2 × 3, which is no shape"),
        arguments("zero", idx(BYTES, SIX, 0, 3), "0 × 3, which is no shape"),
        arguments("2^63", idx(BYTES, SIX, 1 << 30, 1 << 30, 1 << 3), "more than the supported"),
        arguments("lying", idx(BYTES, SIX, 1 << 20, 1 << 10), "more than the 18 bytes it can hold"),
        arguments("lying in gzip", gzip(idx(BYTES, SIX, 1 << 29)), "bytes it can hold"),
        arguments("short in gzip", gzip(idx(BYTES, SIX, 7)), "only 6 elements follow"),
        arguments("long in gzip", gzip(idx(BYTES, new byte[9_000_000], 6)), "more elements follow"),
        arguments("cut gzip", Arrays.copyOf(whole, 700), "truncated"),
        arguments("cut gzip header", Arrays.copyOf(whole, 5), "truncated"),
        arguments("cut gzip trailer", Arrays.copyOf(whole, whole.length - 3), "truncated"),
        arguments("corrupt gzip", corrupt, "damaged gzip data"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void namesFileAndFault(String name, byte[] content, String fault) throws IOException {
    Path file = write(content);

    assertThatThrownBy(() -> IdxFile.read(file, MANY))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  @Test
  void refusesMoreThanThereMayBeBeforeReadingIt() throws IOException {
    Path file = write(gzip(idx(BYTES, new byte[1000], 10, 100)));

    assertThatThrownBy(() -> IdxFile.read(file, 999))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(file + ": the header says 10 × 100, more than the supported 999 elements");
    assertThat(IdxFile.read(file, 1000).elements()).hasSize(1000);
  }

  @Test
  void saysThatThereIsNoFile() {
    assertThatThrownBy(() -> IdxFile.read(folder.resolve("absent"), MANY))
        .isInstanceOf(NoSuchFileException.class);
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("file.idx"), content);
  }
}

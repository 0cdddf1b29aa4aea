package org.lanewise.bench.gemm;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file with a JSON object for each shape, number of threads and implementation, a line each,
 * written when the shape is done. A row's ratio is Lanewise's speed by that of its implementation;
 * in Lanewise's own row, by that of the fastest peer, or null if there is none.
 */
final class JsonRows implements Closeable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path file;
  private final Writer writer;
  private final Type type;
  private final Memory memory;
  private final Machine machine;

  private JsonRows(Path file, Type type, Memory memory, Machine machine) throws IOException {
    this.file = file;
    this.type = type;
    this.memory = memory;
    this.machine = machine;
    writer = Files.newBufferedWriter(file);
  }

  /**
   * Creates the file, or empties it.
   *
   * @param memory where Lanewise's matrices are
   */
  static JsonRows create(Path file, Type type, Memory memory, Machine machine) throws IOException {
    return new JsonRows(file, type, memory, machine);
  }

  private record Row(
      int m,
      int n,
      int k,
      Trans trans,
      int lda,
      int ldb,
      int ldc,
      String type,
      String memory,
      int threads,
      String implementation,
      double gflops,
      Double ratio,
      double[] rounds,
      double peak,
      String cpu,
      int processors,
      String jdk,
      @JsonProperty("vector_bits") int vectorBits) {}

  /** Adds the rows of a result. */
  void write(Result result) throws IOException {
    Double ratio = result.ratio().isPresent() ? result.ratio().getAsDouble() : null;
    write(row(result, result.lanewise(), ratio, memory));
    for (Measurement peer : result.peers()) {
      write(row(result, peer, result.ratioTo(peer), Memory.NATIVE));
    }
    writer.flush();
  }

  private Row row(Result result, Measurement measurement, Double ratio, Memory where) {
    Shape shape = result.shape();
    return new Row(
        shape.m(),
        shape.n(),
        shape.k(),
        shape.trans(),
        shape.lda(),
        shape.ldb(),
        shape.ldc(),
        type.toString(),
        where.toString(),
        result.threads(),
        measurement.implementation(),
        measurement.gflops(),
        ratio,
        measurement.rounds(),
        result.peak(),
        machine.cpu(),
        machine.processors(),
        machine.jdk(),
        machine.vectorBits());
  }

  private void write(Row row) throws IOException {
    try {
      writer.write(JSON.writeValueAsString(row) + "\n");
    } catch (IOException failure) {
      throw new IOException(file + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}

package org.lanewise.nn.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.AtomicFile;
import org.lanewise.nn.io.ProtobufWriter;

/**
 * Writes model files.
 *
 * @param inputs of the graph
 * @param outputs of the graph
 * @param metadata free text by key
 */
record OnnxModel(
    OnnxGraph graph, List<Port> inputs, List<Port> outputs, Map<String, String> metadata) {
  /** The newest operators that are used are of version 17, of the year 2022. */
  static final int OPSET = 17;

  private static final int IR_VERSION = 8;
  private static final int EXTERNAL = 1;
  private static final int ALIGNMENT = 64;
  private static final int CHUNK_BYTES = 1 << 16;

  /** What the format allows a file is 2 GB: the tensors get all but what the nodes may take. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - (64L << 20);

  /**
   * An input or output.
   *
   * @param dimensions a {@code Long}, or a name where a length varies, or nothing if it has none
   */
  record Port(String name, DType dtype, List<Optional<Object>> dimensions) {
    /** A {@code ValueInfoProto}. */
    ProtobufWriter message() {
      ProtobufWriter shape = new ProtobufWriter();
      for (Optional<Object> dimension : dimensions) {
        ProtobufWriter message = new ProtobufWriter();
        dimension.ifPresent(length -> {
          if (length instanceof Long number) {
            message.varint(1, number);
          } else {
            message.string(2, length.toString());
          }
        });
        shape.message(1, message);
      }
      ProtobufWriter tensor =
          new ProtobufWriter().varint(1, OnnxType.of(dtype).number()).message(2, shape);
      return new ProtobufWriter()
          .string(1, name)
          .message(2, new ProtobufWriter().message(1, tensor));
    }
  }

  /**
   * Writes the model, and if tensors are to be in a file of their own, that before.
   *
   * @throws IOException if writing fails
   */
  void write(Path file, boolean externalData) throws IOException {
    boolean isExternal = externalData || graph.initializerBytes() > MAX_BYTES;
    Path data = file.resolveSibling(file.getFileName() + ".data");
    if (isExternal) {
      AtomicFile.write(
          data,
          out -> {
            for (HostTensor tensor : graph.initializers().values()) {
              write(tensor, out);
            }
          });
    }
    ProtobufWriter message = message(isExternal ? data.getFileName().toString() : null);
    AtomicFile.write(file, message::writeTo);
  }

  /** Writes the elements of a tensor, and zeros up to where the next one may begin. */
  private static void write(HostTensor tensor, OutputStream out) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    long size = tensor.data().byteSize();
    for (long from = 0; from < size; from += chunk.length) {
      int count = (int) Math.min(chunk.length, size - from);
      MemorySegment.copy(tensor.data(), JAVA_BYTE, from, chunk, 0, count);
      out.write(chunk, 0, count);
    }
    out.write(new byte[(int) (padded(tensor) - size)]);
  }

  /** A {@code ModelProto}. */
  private ProtobufWriter message(String dataFile) {
    ProtobufWriter body = new ProtobufWriter();
    graph.nodes().forEach(node -> body.message(1, node.message()));
    body.string(2, "lanewise");
    long[] offset = {0};
    graph
        .initializers()
        .forEach((name, tensor) -> {
          body.message(5, tensor(name, tensor, dataFile, offset[0]));
          offset[0] += padded(tensor);
        });
    inputs.forEach(port -> body.message(11, port.message()));
    outputs.forEach(port -> body.message(12, port.message()));
    ProtobufWriter model = new ProtobufWriter().varint(1, IR_VERSION).string(2, "lanewise");
    version().ifPresent(version -> model.string(3, version));
    model.message(7, body).message(8, new ProtobufWriter().string(1, "").varint(2, OPSET));
    metadata.forEach((key, text) -> model.message(14, entry(key, text)));
    return model;
  }

  /** The version of this module, if it is one. */
  private static Optional<String> version() {
    return Optional.ofNullable(OnnxModel.class.getModule().getDescriptor())
        .flatMap(module -> module.rawVersion());
  }

  /** A {@code TensorProto}. */
  private static ProtobufWriter tensor(
      String name, HostTensor tensor, String dataFile, long offset) {
    return dataFile == null
        ? OnnxNode.tensor(tensor).string(8, name)
        : OnnxNode.header(tensor.type())
            .string(8, name)
            .message(13, entry("location", dataFile))
            .message(13, entry("offset", Long.toString(offset)))
            .message(13, entry("length", Long.toString(tensor.data().byteSize())))
            .varint(14, EXTERNAL);
  }

  private static ProtobufWriter entry(String key, String text) {
    return new ProtobufWriter().string(1, key).string(2, text);
  }

  private static long padded(HostTensor tensor) {
    return (tensor.data().byteSize() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}

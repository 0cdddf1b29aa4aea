package org.lanewise.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.ProtobufWriter;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

class OnnxReadTest {
  @TempDir private Path folder;

  record Model(Linear query, Linear out) {
    Model() {
      this(linear(3, 2), linear(2, 4));
    }
  }

  /** A tensor without elements. */
  static ProtobufWriter tensor(String name, int type, long... dimensions) {
    return new ProtobufWriter().packedVarints(1, dimensions).varint(2, type).string(8, name);
  }

  static byte[] model(ProtobufWriter graph) {
    return new ProtobufWriter().varint(1, 8).message(7, graph).toByteArray();
  }

  private static byte[] littleEndian(ByteBuffer bytes) {
    return bytes.array();
  }

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The elements 1 and −2 (or 1 and 254 without signs) as files store them. */
  static Stream<Arguments> storedForms() {
    return Stream.of(
        arguments("f32", tensor("w", 1, 2).packedFloats(4, 1, -2), -2f),
        arguments(
            "f32",
            tensor("w", 1, 2).bytes(9, littleEndian(bytes(8).putFloat(1).putFloat(-2))),
            -2f),
        arguments("u8", tensor("w", 2, 2).packedVarints(5, 1, 254), 254f),
        arguments("u8", tensor("w", 2, 2).bytes(9, new byte[] {1, -2}), 254f),
        arguments("i8", tensor("w", 3, 2).packedVarints(5, 1, -2), -2f),
        arguments("i8", tensor("w", 3, 2).bytes(9, new byte[] {1, -2}), -2f),
        arguments("i16", tensor("w", 5, 2).packedVarints(5, 1, -2), -2f),
        arguments("i32", tensor("w", 6, 2).packedVarints(5, 1, -2), -2f),
        arguments("i32", tensor("w", 6, 2).varint(5, 1).varint(5, -2), -2f),
        arguments(
            "i32", tensor("w", 6, 2).bytes(9, littleEndian(bytes(8).putInt(1).putInt(-2))), -2f),
        arguments("i64", tensor("w", 7, 2).packedVarints(7, 1, -2), -2f),
        arguments(
            "i64", tensor("w", 7, 2).bytes(9, littleEndian(bytes(16).putLong(1).putLong(-2))), -2f),
        arguments("bool", tensor("w", 9, 2).packedVarints(5, 1, 0), 0f),
        arguments("f16", tensor("w", 10, 2).packedVarints(5, 0x3c00, 0xc000), -2f),
        arguments(
            "f16",
            tensor("w", 10, 2)
                .bytes(9, littleEndian(bytes(4).putShort((short) 0x3c00).putShort((short) 0xc000))),
            -2f),
        arguments("f64", tensor("w", 11, 2).packedDoubles(10, 1, -2), -2f),
        arguments("bf16", tensor("w", 16, 2).packedVarints(5, 0x3f80, 0xc000), -2f));
  }

  @ParameterizedTest
  @MethodSource("storedForms")
  void readsTensorsHoweverTheyAreStored(String type, ProtobufWriter tensor, float second)
      throws IOException {
    Path file =
        Files.write(folder.resolve("m.onnx"), model(new ProtobufWriter().message(5, tensor)));
    try (Arena arena = Arena.ofConfined()) {
      StoredTensor read = Onnx.read(file, arena).get("w");
      assertThat(read).hasToString(type + "[2]");
      assertThat(read.convert(DType.F32).toFloats()).containsExactly(1f, second);
    }
  }

  @Test
  void namesAndTransposesWeightsByTheLayersThatUseThem() throws IOException {
    ProtobufWriter product =
        new ProtobufWriter()
            .string(1, "x")
            .string(1, "onnx::MatMul_204")
            .string(2, "/encoder/layer.0/query/MatMul_output_0")
            .string(4, "MatMul");
    ProtobufWriter graph =
        new ProtobufWriter()
            .message(1, product)
            .message(5, tensor("onnx::MatMul_204", 1, 2, 3).packedFloats(4, 1, 2, 3, 4, 5, 6))
            .message(5, tensor("encoder.layer.0.query.bias", 1, 3).packedFloats(4, 7, 8, 9))
            .message(5, tensor("onnx::Text_1", 8, 1));
    Path file = Files.write(folder.resolve("m.onnx"), model(graph));
    try (Arena arena = Arena.ofConfined()) {
      SequencedMap<String, StoredTensor> read = Onnx.read(file, arena);
      assertThat(read.keySet())
          .containsExactly("encoder.layer.0.query.weight", "encoder.layer.0.query.bias");
      StoredTensor weight = read.get("encoder.layer.0.query.weight");
      assertThat(weight).hasToString("f32[3, 2]");
      assertThat(weight.convert(DType.F32).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    }
  }

  @Test
  void loadsRenamedWeights() throws IOException {
    ProtobufWriter graph =
        new ProtobufWriter()
            .message(5, tensor("bert.query.weight", 1, 2, 3).packedFloats(4, 1, 2, 3, 4, 5, 6))
            .message(5, tensor("bert.query.bias", 11, 2).packedDoubles(10, 7, 8))
            .message(5, tensor("bert.out.weight", 1, 4, 2).packedFloats(4, new float[8]))
            .message(5, tensor("bert.out.bias", 7, 4).packedVarints(7, 1, 2, 3, 4))
            .message(5, tensor("shape", 7, 1).packedVarints(7, 5));
    Path file = Files.write(folder.resolve("m.onnx"), model(graph));
    Weights weights = Weights.of(new Model());

    Onnx.load(weights, file, name -> name.replace("bert.", ""), "shape"::equals);

    assertThat(weights.toArray("query.weight")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(weights.toArray("query.bias")).containsExactly(7, 8);
    assertThat(weights.toArray("out.bias")).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> Onnx.load(weights, file))
        .isInstanceOf(MismatchedWeightsException.class)
        .hasMessageContaining("bert.query.weight");
    assertThatThrownBy(() -> Onnx.load(weights, file, _ -> "same", _ -> false))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(file + ": two tensors are renamed 'same'");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void loadsWhatWasExported(boolean externalData) throws IOException {
    Model model = new Model();
    Weights weights = Weights.of(model).initialize(3);
    Path file = folder.resolve("m.onnx");
    Onnx.export(
        weights,
        in -> Tensors.of("y", model.out().forward(model.query().forward(in.get("x")).relu())),
        Signature.of("x", TensorType.f32(5, 3)),
        file,
        externalData ? OnnxOptions.DEFAULT.withExternalData() : OnnxOptions.DEFAULT);

    Weights loaded = Onnx.load(Weights.of(new Model()), file);

    assertThat(Files.exists(folder.resolve("m.onnx.data"))).isEqualTo(externalData);
    weights
        .parametersToArrays()
        .forEach((name, elements) -> assertThat(loaded.toArray(name)).isEqualTo(elements));
  }

  static Stream<Arguments> damaged() {
    return Stream.of(
        arguments(new ProtobufWriter(), "not an ONNX model: it has no graph"),
        arguments(
            tensors(tensor("w", 1, 3).packedFloats(4, 1, 2)),
            "tensor 'w': data of f32[3] must have 12 bytes but has 8"),
        arguments(tensors(tensor("w", 1, 3)), "data of f32[3] must have 12 bytes but has 0"),
        arguments(tensors(tensor("w", 1, -3)), "tensor 'w': negative dimension in shape [-3]"),
        arguments(
            tensors(tensor("w", 1, 1L << 62, 1L << 62)),
            "tensor 'w': shape [4611686018427387904, 4611686018427387904] has more than 2^63"),
        arguments(tensors(tensor("w", 1, 1L << 62)), "tensor 'w': long overflow"),
        arguments(tensors(tensor("w", 1, 0), tensor("w", 1, 0)), "two tensors are called 'w'"),
        arguments(
            tensors(tensor("w", 1, 1).packedFloats(4, 1).bytes(9, new byte[4])),
            "tensor 'w' has its elements in several parts"),
        arguments(tensors(tensor("w", 1, 1).float32(4, 1)), "elements that are not packed"),
        arguments(tensors(tensor("w", 1, new long[65])), "a tensor of more than 64 axes"),
        arguments(tensors(external("../other", "0", "4")), "leads out of the model's folder"),
        arguments(tensors(external("/etc/passwd", "0", "4")), "leads out of the model's folder"),
        arguments(tensors(external("data", "1", "4")), "tensor 'w' is not in the 4 bytes of data"),
        arguments(tensors(external("data", "-1", "4")), "tensor 'w' is not in the 4 bytes of data"),
        arguments(tensors(external("data", "x", "4")), "tensor 'w' is not in the 4 bytes of data"),
        arguments(
            tensors(external("data", "0", "3")), "data of f32[1] must have 4 bytes but has 3"));
  }

  private static ProtobufWriter tensors(ProtobufWriter... tensors) {
    ProtobufWriter graph = new ProtobufWriter();
    for (ProtobufWriter tensor : tensors) {
      graph.message(5, tensor);
    }
    return new ProtobufWriter().message(7, graph);
  }

  private static ProtobufWriter external(String location, String offset, String length) {
    return tensor("w", 1, 1)
        .message(13, new ProtobufWriter().string(1, "location").string(2, location))
        .message(13, new ProtobufWriter().string(1, "offset").string(2, offset))
        .message(13, new ProtobufWriter().string(1, "length").string(2, length))
        .varint(14, 1);
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void refusesDamagedFiles(ProtobufWriter model, String fault) throws IOException {
    Files.write(folder.resolve("data"), new byte[4]);
    Path file = Files.write(folder.resolve("m.onnx"), model.toByteArray());
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Onnx.read(file, arena))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageStartingWith(file + ": ")
          .hasMessageContaining(fault);
    }
  }

  @Test
  void namesFilesThatAreMissing() throws IOException {
    Path file =
        Files.write(folder.resolve("m.onnx"), tensors(external("data", "0", "4")).toByteArray());
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Onnx.read(folder.resolve("none"), arena))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("none");
      assertThatThrownBy(() -> Onnx.read(file, arena))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("data");
    }
  }

  /** Integers take more memory than the bytes that they are stored in. */
  @Test
  void refusesTensorsThatWouldTakeMuchMoreMemoryThanTheFile() throws IOException {
    ProtobufWriter large = tensor("w", 7, 100_000).packedVarints(7, new long[100_000]);
    Path file = Files.write(folder.resolve("m.onnx"), tensors(large).toByteArray());
    try (Arena arena = Arena.ofConfined()) {
      assertThatThrownBy(() -> Onnx.read(file, arena))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("tensor 'w' would take 800,000 bytes, and 100,");
    }
  }
}

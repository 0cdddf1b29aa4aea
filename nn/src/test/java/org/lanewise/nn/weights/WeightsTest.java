package org.lanewise.nn.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.io.StoredType;
import org.lanewise.nn.layers.Linear;

/** Weights in files of other element types. */
class WeightsTest {
  record Model(Linear layer) {
    Model() {
      this(linear(7, 3));
    }
  }

  @TempDir private Path folder;

  private final Weights weights = Weights.of(new Model()).initialize(1);

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16"})
  void areSavedInHalfTheBytesAndLoadedRounded(DType dtype) throws IOException {
    Path whole = folder.resolve("f32");
    Path half = folder.resolve("half");
    weights.save(whole);
    weights.save(half, dtype);
    assertThat(Files.size(whole) - Files.size(half)).isGreaterThan(weights.byteSize() / 2 - 8);
    Weights loaded = Weights.of(new Model()).load(half);
    for (String name : weights.layout().places().keySet()) {
      float[] rounded = weights.tensors().get(name).convert(dtype).toFloats();
      assertThat(loaded.toArray(name)).isEqualTo(rounded).isNotEqualTo(weights.toArray(name));
    }
    loaded.save(half, dtype);
    assertThat(Weights.of(new Model()).load(half).toArray("layer.weight"))
        .as("saved again")
        .isEqualTo(loaded.toArray("layer.weight"));
  }

  @ParameterizedTest
  @EnumSource(names = {"I32", "U8", "I64"})
  void areNotSavedAsIntegers(DType dtype) {
    Path file = folder.resolve("file");
    assertThatThrownBy(() -> weights.save(file, dtype))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be converted to " + dtype);
    assertThat(file).doesNotExist();
  }

  @Test
  void areLoadedFromAnyType() throws IOException {
    double[] doubles = new double[21];
    long[] longs = {1L << 40, -3, 0};
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = Math.sin(i);
    }
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    StoredTensor shape = StoredTensor.of(weights.tensors().get("layer.weight"));
    tensors.put(
        "layer.weight",
        new StoredTensor(StoredType.F64, shape.shape(), MemorySegment.ofArray(doubles)));
    tensors.put("layer.bias", StoredTensor.of(HostTensor.of(longs, 3)));
    Path file = folder.resolve("file");
    new SafeTensors(Map.of(), tensors).write(file);
    weights.load(file);
    float[] loaded = weights.toArray("layer.weight");
    for (int i = 0; i < doubles.length; i++) {
      assertThat(loaded[i]).isEqualTo((float) doubles[i]);
    }
    assertThat(weights.toArray("layer.bias")).containsExactly(0x1p40f, -3f, 0f);
  }

  @Test
  void otherShapesAreNamedWithTheirTypes() throws IOException {
    SequencedMap<String, HostTensor> tensors = weights.tensors();
    tensors.put("layer.bias", HostTensor.of(new long[4], 4));
    Path file = folder.resolve("file");
    SafeTensors.of(Map.of(), tensors).write(file);
    assertThatThrownBy(() -> weights.load(file))
        .isInstanceOfSatisfying(
            MismatchedWeightsException.class,
            refused ->
                assertThat(refused.mismatched())
                    .isEqualTo(List.of("layer.bias is i64[4] but the model has f32[3]")));
  }
}

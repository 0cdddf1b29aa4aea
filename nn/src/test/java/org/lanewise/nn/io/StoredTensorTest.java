package org.lanewise.nn.io;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

/** Tensors of all types of the format, at any address, and what they become. */
class StoredTensorTest {
  @TempDir private Path folder;

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static StoredTensor stored(StoredType type, ByteBuffer bytes) {
    return new StoredTensor(
        type, Shape.of(bytes.capacity() / type.byteSize()), MemorySegment.ofArray(bytes.array()));
  }

  private static final StoredTensor F64 =
      stored(
          StoredType.F64,
          bytes(48)
              .putDouble(0.1)
              .putDouble(1 + 0x1p-24) // half way from 1 to the next f32
              .putDouble(1 + 0x3p-24)
              .putDouble(Double.NaN)
              .putDouble(-1e300)
              .putDouble(0x1p-149 * 0.51));

  private static final StoredTensor F16 =
      stored(
          StoredType.F16,
          bytes(6).putShort((short) 0xc000).putShort((short) 1).putShort((short) 0x7c00));

  private static final StoredTensor BF16 =
      stored(StoredType.BF16, bytes(4).putShort((short) 0x3f80).putShort((short) 0x8000));

  private static final StoredTensor I64 =
      stored(
          StoredType.I64, bytes(24).putLong(-5).putLong((1L << 24) + 1).putLong(Integer.MAX_VALUE));

  private static final StoredTensor I16 =
      stored(StoredType.I16, bytes(4).putShort(Short.MIN_VALUE).putShort((short) 300));

  private static final StoredTensor I8 =
      stored(StoredType.I8, bytes(2).put((byte) -128).put((byte) 7));

  private static final StoredTensor U8 =
      stored(StoredType.U8, bytes(3).put((byte) 255).put((byte) 7));

  private static final StoredTensor BOOL =
      stored(StoredType.BOOL, bytes(3).put((byte) 0).put((byte) 1).put((byte) 2));

  /** In an order in which most of them are aligned to single bytes. */
  private static SequencedMap<String, StoredTensor> all() {
    SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("u8", U8);
    tensors.put("f64", F64);
    tensors.put("f16", F16);
    tensors.put("bool", BOOL);
    tensors.put("bf16", BF16);
    tensors.put("i64", I64);
    tensors.put("i8", I8);
    tensors.put("i16", I16);
    tensors.put("i32", stored(StoredType.I32, bytes(4).putInt(-7)));
    tensors.put("f32", stored(StoredType.F32, bytes(4).putFloat(2.5f)));
    return tensors;
  }

  private interface Check {
    void of(SafeTensors tensors) throws IOException;
  }

  /** Written, and then read and mapped. */
  private void check(Check check) throws IOException {
    Path file = folder.resolve("all.safetensors");
    new SafeTensors(Map.of(), all()).write(file);
    try (Arena arena = Arena.ofShared()) {
      check.of(SafeTensors.read(file, arena));
      check.of(SafeTensors.map(file, arena));
    }
  }

  @Test
  void allTypesAreReadAsTheyWereWritten() throws IOException {
    check(read -> {
      assertThat(read.tensors().keySet()).containsExactlyElementsOf(all().keySet());
      all()
          .forEach((name, tensor) -> {
            StoredTensor again = read.tensors().get(name);
            assertThat(again).hasToString(tensor.toString());
            assertThat(again.data().toArray(JAVA_BYTE)).isEqualTo(tensor.data().toArray(JAVA_BYTE));
          });
    });
  }

  @Test
  void allTypesBecomeTheNearestF32() throws IOException {
    check(read -> {
      assertThat(floats(read, "f64"))
          .containsExactly(
              0.1f, 1f, 1 + 0x1p-22f, Float.NaN, Float.NEGATIVE_INFINITY, Float.MIN_VALUE);
      assertThat(floats(read, "f16")).containsExactly(-2f, 0x1p-24f, Float.POSITIVE_INFINITY);
      assertThat(floats(read, "bf16")).containsExactly(1f, -0f);
      assertThat(floats(read, "i64")).containsExactly(-5f, 0x1p24f, 0x1p31f);
      assertThat(floats(read, "i32")).containsExactly(-7f);
      assertThat(floats(read, "i16")).containsExactly(-32768f, 300f);
      assertThat(floats(read, "i8")).containsExactly(-128f, 7f);
      assertThat(floats(read, "u8")).containsExactly(255f, 7f, 0f);
      assertThat(floats(read, "bool")).containsExactly(0f, 1f, 1f);
      assertThat(floats(read, "f32")).containsExactly(2.5f);
    });
  }

  private static float[] floats(SafeTensors tensors, String name) {
    return tensors.tensor(name, DType.F32).toFloats();
  }

  @Test
  void integersBecomeI32() throws IOException {
    check(read -> {
      assertThat(ints(read, "i64")).containsExactly(-5, (1 << 24) + 1, Integer.MAX_VALUE);
      assertThat(ints(read, "i32")).containsExactly(-7);
      assertThat(ints(read, "i16")).containsExactly(-32768, 300);
      assertThat(ints(read, "i8")).containsExactly(-128, 7);
      assertThat(ints(read, "u8")).containsExactly(255, 7, 0);
      assertThat(ints(read, "bool")).containsExactly(0, 1, 1);
      for (String name : List.of("f64", "f32", "f16", "bf16")) {
        assertThatThrownBy(() -> read.tensor(name, DType.I32))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("tensor '%s': %s".formatted(name, name))
            .hasMessageContaining("holds no integers");
      }
    });
  }

  private static int[] ints(SafeTensors tensors, String name) {
    return tensors.tensor(name, DType.I32).toInts();
  }

  @Test
  void integersBeyondI32AreRefusedByNameAndIndex() {
    for (long beyond : new long[] {1L << 31, -(1L << 31) - 1, Long.MAX_VALUE, 1L << 32}) {
      StoredTensor ids = stored(StoredType.I64, bytes(24).putLong(5).putLong(6).putLong(beyond));
      SafeTensors tensors = new SafeTensors(Map.of(), new LinkedHashMap<>(Map.of("ids", ids)));
      assertThatThrownBy(() -> tensors.tensor("ids", DType.I32))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("tensor 'ids': element 2 of i64[3] is %d, which is no i32", beyond);
      assertThatThrownBy(() -> tensors.tensor("x", DType.I32))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("there is no tensor 'x'");
    }
  }

  @Test
  void whatOpsTakeIsReadAsItIs() throws IOException {
    check(read -> {
      for (DType dtype : DType.values()) {
        HostTensor same = read.tensor(dtype.toString(), dtype);
        byte[] bytes = all().get(dtype.toString()).data().toArray(JAVA_BYTE);
        assertThat(same.data().toArray(JAVA_BYTE)).isEqualTo(bytes);
        assertThat(same.data().address() % dtype.byteSize()).isZero();
      }
      assertThatThrownBy(() -> read.tensor("i8", DType.U8))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("tensor 'i8': i8[2] cannot be converted to u8");
    });
  }

  @Test
  void shapesStayWhatTheyAre() {
    assertThatThrownBy(() -> U8.copyTo(HostTensor.zeros(TensorType.f32(1, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("u8[3] cannot become f32[1, 3]");
    assertThatThrownBy(() -> new StoredTensor(StoredType.F64, Shape.of(2), U8.data()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data of f64[2] must have 16 bytes but has 3");
  }

  /** More than is converted at once. */
  @Test
  void longTensorsAreConverted() {
    float[] floats = new float[100_001];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = i % 256;
    }
    HostTensor f32 = HostTensor.of(floats, floats.length);
    for (DType dtype : List.of(DType.F16, DType.BF16)) {
      HostTensor half = f32.convert(dtype);
      assertThat(StoredTensor.of(half).convert(DType.F32).toFloats()).isEqualTo(floats);
      assertThat(half.toFloats()).isEqualTo(floats);
    }
  }
}

package org.lanewise.nn.io;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.lanewise.kernels.op.DType;

/** An element type of the safetensors format, by the name that it has there. */
public enum StoredType {
  /** IEEE 754 binary64. */
  F64(8),
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16. */
  F16(2),
  /** The upper half of an f32. */
  BF16(2),
  /** Signed 64-bit integer. */
  I64(8),
  /** Signed 32-bit integer. */
  I32(4),
  /** Signed 16-bit integer. */
  I16(2),
  /** Signed 8-bit integer. */
  I8(1),
  /** Unsigned 8-bit integer. */
  U8(1),
  /** A byte that is 0 for false, and else true. */
  BOOL(1);

  private final int byteSize;

  StoredType(int byteSize) {
    this.byteSize = byteSize;
  }

  /** The type of which the elements of a tensor are stored. */
  public static StoredType of(DType dtype) {
    return valueOf(dtype.name());
  }

  /** The type that has a name in the format. */
  static Optional<StoredType> named(String name) {
    return Stream.of(values()).filter(type -> type.name().equals(name)).findAny();
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }

  /** The element type of tensors that is stored so, if there is one. */
  public Optional<DType> dtype() {
    return Stream.of(DType.values()).filter(dtype -> dtype.name().equals(name())).findAny();
  }

  /** As in {@code f32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

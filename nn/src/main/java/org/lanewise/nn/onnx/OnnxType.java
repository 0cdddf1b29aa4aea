package org.lanewise.nn.onnx;

import java.util.Optional;
import java.util.stream.Stream;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.io.StoredType;

/** The element types of the format that tensors can be stored in here, by their numbers there. */
enum OnnxType {
  FLOAT(1, StoredType.F32),
  UINT8(2, StoredType.U8),
  INT8(3, StoredType.I8),
  INT16(5, StoredType.I16),
  INT32(6, StoredType.I32),
  INT64(7, StoredType.I64),
  BOOL(9, StoredType.BOOL),
  FLOAT16(10, StoredType.F16),
  DOUBLE(11, StoredType.F64),
  BFLOAT16(16, StoredType.BF16);

  private final int number;
  private final StoredType stored;

  OnnxType(int number, StoredType stored) {
    this.number = number;
    this.stored = stored;
  }

  static OnnxType of(DType dtype) {
    StoredType wanted = StoredType.of(dtype);
    return Stream.of(values()).filter(type -> type.stored == wanted).findAny().orElseThrow();
  }

  /** The type of a number, if it is one of these. */
  static Optional<OnnxType> numbered(long number) {
    return Stream.of(values()).filter(type -> type.number == number).findAny();
  }

  int number() {
    return number;
  }

  StoredType stored() {
    return stored;
  }
}

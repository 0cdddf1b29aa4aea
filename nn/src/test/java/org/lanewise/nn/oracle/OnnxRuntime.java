package org.lanewise.nn.oracle;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;

/** A model file in ONNX Runtime, with one thread. */
public final class OnnxRuntime implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "test");

  private final OrtSession session;

  private OnnxRuntime(OrtSession session) {
    this.session = session;
  }

  /** Opens a model. */
  public static OnnxRuntime open(Path file) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new OnnxRuntime(ENVIRONMENT.createSession(file.toString(), options));
    }
  }

  /** What holds the model. */
  public OrtSession session() {
    return session;
  }

  /** What the model computes, by the names of its outputs. */
  public SequencedMap<String, HostTensor> run(Map<String, HostTensor> inputs) throws OrtException {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try {
      for (var input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(input.getValue()));
      }
      try (OrtSession.Result result = session.run(given)) {
        SequencedMap<String, HostTensor> outputs = new LinkedHashMap<>();
        for (var output : result) {
          outputs.put(output.getKey(), tensor((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(HostTensor tensor) throws OrtException {
    ByteBuffer data =
        ByteBuffer.allocateDirect((int) tensor.data().byteSize()).order(ByteOrder.nativeOrder());
    MemorySegment.ofBuffer(data).copyFrom(tensor.data());
    long[] shape = new long[tensor.type().shape().rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.type().shape().dimension(axis);
    }
    return OnnxTensor.createTensor(ENVIRONMENT, data, shape, type(tensor.type().dtype()));
  }

  private static OnnxJavaType type(DType dtype) {
    return switch (dtype) {
      case F32 -> OnnxJavaType.FLOAT;
      case I32 -> OnnxJavaType.INT32;
      case U8 -> OnnxJavaType.UINT8;
      case I64 -> OnnxJavaType.INT64;
      case F16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
    };
  }

  private static HostTensor tensor(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    DType dtype =
        switch (info.type) {
          case FLOAT -> DType.F32;
          case INT32 -> DType.I32;
          case UINT8 -> DType.U8;
          case INT64 -> DType.I64;
          case FLOAT16 -> DType.F16;
          case BFLOAT16 -> DType.BF16;
          default -> throw new AssertionError("unexpected output " + info);
        };
    HostTensor copy = HostTensor.zeros(TensorType.of(dtype, info.getShape()));
    MemorySegment.copy(
        MemorySegment.ofBuffer(tensor.getByteBuffer()),
        JAVA_BYTE,
        0,
        copy.data(),
        JAVA_BYTE,
        0,
        copy.data().byteSize());
    return copy;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}

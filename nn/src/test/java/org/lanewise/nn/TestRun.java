package org.lanewise.nn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.plan.Workspace;

/** A graph on a backend of its own, whose values tests write and read. */
public final class TestRun implements AutoCloseable {
  private final Backend backend;
  private final Plan plan;

  public TestRun(Graph graph, String device) {
    backend = open(device);
    Map<Value, Operand> kept = new HashMap<>();
    graph.parameters().values().forEach(value -> kept.put(value, allocate(value.type())));
    graph.states().values().forEach(value -> kept.put(value, allocate(value.type())));
    plan = Plan.bind(graph, backend, new Workspace(backend), kept);
  }

  /** Opens a backend. Where its device is missing, the test is skipped and says why. */
  private static Backend open(String device) {
    try {
      return Backends.open(device, 2);
    } catch (BackendUnavailableException missing) {
      return abort(missing.getMessage());
    }
  }

  private Operand allocate(TensorType type) {
    return new Operand(backend.allocate(type.byteSize()), 0, type);
  }

  public Plan plan() {
    return plan;
  }

  /** Writes elements, as what the type says. */
  public void write(Value value, double... elements) {
    Operand operand = plan.operand(value);
    HostTensor host = HostTensor.zeros(operand.type());
    MemorySegment data = host.data();
    for (int i = 0; i < elements.length; i++) {
      switch (operand.type().dtype()) {
        case F32 -> data.setAtIndex(JAVA_FLOAT, i, (float) elements[i]);
        case I32 -> data.setAtIndex(JAVA_INT, i, (int) elements[i]);
        case I64 -> data.setAtIndex(JAVA_LONG, i, (long) elements[i]);
        case U8 -> data.set(JAVA_BYTE, i, (byte) elements[i]);
        case F16, BF16 -> throw new IllegalArgumentException("no test writes " + value);
      }
    }
    operand.buffer().write(operand.offset(), data, 0, data.byteSize());
  }

  public void run() {
    plan.run();
  }

  public float[] read(Value value) {
    Operand operand = plan.operand(value);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment host = arena.allocate(operand.type().byteSize(), 4);
      operand.buffer().read(operand.offset(), host, 0, host.byteSize());
      return host.toArray(JAVA_FLOAT);
    }
  }

  @Override
  public void close() {
    plan.close();
    backend.close();
  }
}

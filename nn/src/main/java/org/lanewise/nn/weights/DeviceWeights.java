package org.lanewise.nn.weights;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;

/**
 * Weights where a device can use them: themselves where it works on the host's memory, or else a
 * copy that follows them, and that they follow.
 */
public final class DeviceWeights implements AutoCloseable {
  private final Elements elements;
  private final Buffer buffer;
  private final boolean isCopy;
  private long version;

  /**
   * Weights for a device.
   *
   * @throws IllegalStateException if they have no elements yet
   */
  public DeviceWeights(Weights weights, Backend backend) {
    elements = weights.elements();
    MemorySegment block = elements.memory();
    Buffer shared = backend.share(block).orElse(null);
    isCopy = shared == null;
    buffer = isCopy ? backend.allocate(block.byteSize()) : shared;
    version = -1;
    refresh();
    elements.addUser();
  }

  /** Whether the device has a copy. */
  public boolean isCopy() {
    return isCopy;
  }

  /** A parameter or state on the device. */
  public Operand operand(String name) {
    return elements.layout().operand(buffer, name);
  }

  /** The block on the device. */
  public Buffer buffer() {
    return buffer;
  }

  /** Copies the weights to the device if they have changed elsewhere. */
  public void refresh() {
    if (isCopy && version != elements.version()) {
      MemorySegment block = elements.memory();
      buffer.write(0, block, 0, block.byteSize());
    }
    version = elements.version();
  }

  /** Notes that the device has changed the weights. */
  public void changed() {
    if (isCopy) {
      elements.changedOn(this);
    } else {
      elements.changed();
    }
    version = elements.version();
  }

  /** Copies the device's elements to the host's memory. */
  void download(MemorySegment block) {
    buffer.read(0, block, 0, block.byteSize());
  }

  /** Brings the weights back from the device, if they are newer there, and frees its copy. */
  @Override
  public void close() {
    elements.memory();
    buffer.close();
    elements.removeUser();
  }
}

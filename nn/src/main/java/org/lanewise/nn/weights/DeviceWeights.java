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
  private final Weights weights;
  private final Buffer buffer;
  private final boolean isCopy;
  private long version;

  /**
   * Weights for a device.
   *
   * @throws IllegalStateException if they have no elements yet
   */
  public DeviceWeights(Weights weights, Backend backend) {
    this.weights = weights;
    MemorySegment block = weights.block();
    Buffer shared = backend.share(block).orElse(null);
    isCopy = shared == null;
    buffer = isCopy ? backend.allocate(block.byteSize()) : shared;
    version = -1;
    refresh();
    weights.addUser();
  }

  /** Whether the device has a copy. */
  public boolean isCopy() {
    return isCopy;
  }

  /** A parameter or state on the device. */
  public Operand operand(String name) {
    return weights.layout().operand(buffer, name);
  }

  /** The block on the device. */
  public Buffer buffer() {
    return buffer;
  }

  /** Copies the weights to the device if they have changed elsewhere. */
  public void refresh() {
    if (isCopy && version != weights.version()) {
      MemorySegment block = weights.block();
      buffer.write(0, block, 0, block.byteSize());
    }
    version = weights.version();
  }

  /** Notes that the device has changed the weights. */
  public void changed() {
    if (isCopy) {
      weights.changedOn(this);
    } else {
      weights.changed();
    }
    version = weights.version();
  }

  /** Copies the device's elements to the host's memory. */
  void download(MemorySegment block) {
    buffer.read(0, block, 0, block.byteSize());
  }

  /** Brings the weights back from the device, if they are newer there, and frees its copy. */
  @Override
  public void close() {
    weights.block();
    buffer.close();
    weights.removeUser();
  }
}

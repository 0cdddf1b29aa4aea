package org.lanewise.nn.weights;

import java.lang.foreign.MemorySegment;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.lanewise.kernels.op.TensorType;

/** Where the elements of weights are, who uses them, and who has the newest ones. */
final class Elements {
  private final SequencedMap<String, TensorType> types;
  private final AtomicInteger users = new AtomicInteger();
  private BlockLayout layout;
  private Block block;
  private long version;
  private DeviceWeights newest;

  /** No elements yet of tensors of these types. */
  Elements(SequencedMap<String, TensorType> types) {
    this.types = types;
    layout = new BlockLayout(types);
  }

  BlockLayout layout() {
    return layout;
  }

  boolean arePresent() {
    return block != null;
  }

  boolean areMapped() {
    return block != null && block.isMapped();
  }

  /** Moves the elements to another layout, unless they are in use or have it. */
  void arrange(BlockLayout next) {
    if (areMapped()) {
      requireUnused();
    } else if (next.places().equals(layout.places()) || users.get() > 0) {
      return;
    }
    layout = next;
    block = block == null ? null : block.moved(next);
  }

  /** Memory of these weights alone, in which elements are to be written. */
  Block allocated() {
    if (areMapped()) {
      requireUnused();
      layout = new BlockLayout(types);
      block = null;
    }
    if (block == null) {
      block = Block.allocate(layout);
    }
    return block;
  }

  /** The elements as they are now, in memory of these weights alone, to be changed. */
  Block own() {
    if (areMapped()) {
      arrange(new BlockLayout(types));
    }
    return current();
  }

  /** Uses the elements of a file. */
  void map(Block mapped) {
    requireUnused();
    block = mapped;
    layout = mapped.layout();
    changed();
  }

  private void requireUnused() {
    if (users.get() > 0) {
      throw new IllegalStateException(
          "weights cannot move to or from a mapped file while a session has them open");
    }
  }

  /**
   * The elements as they are now.
   *
   * @throws IllegalStateException if there are none yet
   */
  Block current() {
    if (block == null) {
      throw new IllegalStateException("the weights are neither initialized nor loaded");
    }
    if (newest != null) {
      newest.download(block.memory());
      newest = null;
    }
    return block;
  }

  /** The memory of {@link #current}. */
  MemorySegment memory() {
    return current().memory();
  }

  /** Counts the changes of the elements. */
  long version() {
    return version;
  }

  /** Notes that the elements in the host's memory have changed. */
  void changed() {
    newest = null;
    version++;
  }

  /** Notes that a device has newer elements than the host's memory. */
  void changedOn(DeviceWeights device) {
    changed();
    newest = device;
  }

  /** Notes that a session uses the weights. */
  void addUser() {
    users.incrementAndGet();
  }

  /** Notes that a session no longer does. */
  void removeUser() {
    users.decrementAndGet();
  }
}

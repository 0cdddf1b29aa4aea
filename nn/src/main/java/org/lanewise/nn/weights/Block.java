package org.lanewise.nn.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.io.StoredTensor;

/**
 * The elements of weights.
 *
 * @param memory native and aligned to 64 bytes
 * @param isMapped whether they are a file's, and so cannot be written
 */
record Block(BlockLayout layout, MemorySegment memory, boolean isMapped) {
  private static final long ALIGNMENT = 64;

  /** Zeros in new memory. */
  static Block allocate(BlockLayout layout) {
    MemorySegment memory = Arena.ofAuto().allocate(layout.byteSize(), ALIGNMENT);
    return new Block(layout, memory, false);
  }

  /**
   * Tensors where they lie in a mapped file; nothing if one of them lies there in another form.
   *
   * @param types of those that the weights have
   * @param bytes that the tensors are part of
   */
  static Optional<Block> mapped(
      SequencedMap<String, TensorType> types,
      MemorySegment bytes,
      Map<String, StoredTensor> tensors) {
    SequencedMap<String, BlockLayout.Place> places = new LinkedHashMap<>();
    for (var named : types.entrySet()) {
      StoredTensor tensor = tensors.get(named.getKey());
      long offset = tensor.data().address() - bytes.address();
      if (!tensor.isOf(named.getValue()) || offset % Float.BYTES != 0) {
        return Optional.empty();
      }
      places.put(named.getKey(), new BlockLayout.Place(offset, named.getValue()));
    }
    return Optional.of(new Block(new BlockLayout(places, bytes.byteSize()), bytes, true));
  }

  /** The elements of a tensor. */
  MemorySegment slice(String name) {
    BlockLayout.Place place = layout.place(name);
    return memory.asSlice(place.offset(), place.type().byteSize());
  }

  /** A copy with another layout of the same tensors. */
  Block moved(BlockLayout next) {
    Block moved = allocate(next);
    next.places().keySet().forEach(name -> moved.slice(name).copyFrom(slice(name)));
    return moved;
  }
}

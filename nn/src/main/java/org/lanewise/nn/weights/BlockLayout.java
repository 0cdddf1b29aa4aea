package org.lanewise.nn.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.TensorType;

/**
 * Where named tensors lie in a contiguous block: in order, each at the start of a cache line,
 * unless the block is a mapped file. Weights, gradients and what an optimizer keeps of each
 * parameter have the same layout, so that one op can update many parameters at once.
 */
public final class BlockLayout {
  private static final long ALIGNMENT = 64;

  private final SequencedMap<String, Place> places;
  private final long byteSize;

  /**
   * A tensor's place in a block.
   *
   * @param offset first byte
   */
  public record Place(long offset, TensorType type) {
    /** First byte after the tensor and the gap that follows it. */
    public long end() {
      return offset + Math.ceilDiv(type.byteSize(), ALIGNMENT) * ALIGNMENT;
    }
  }

  /** A layout of tensors in the order of the map. */
  public BlockLayout(Map<String, TensorType> types) {
    places = new LinkedHashMap<>();
    long offset = 0;
    for (var named : types.entrySet()) {
      Place place = new Place(offset, named.getValue());
      places.put(named.getKey(), place);
      offset = place.end();
    }
    byteSize = offset;
  }

  /** Of tensors in a block that something else has laid out. */
  BlockLayout(SequencedMap<String, Place> places, long byteSize) {
    this.places = new LinkedHashMap<>(places);
    this.byteSize = byteSize;
  }

  /** Bytes of a block, the gaps between the tensors included, and all of a mapped file. */
  public long byteSize() {
    return byteSize;
  }

  /** All places by name, in order. */
  public SequencedMap<String, Place> places() {
    return Collections.unmodifiableSequencedMap(places);
  }

  /**
   * A tensor's place.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Place place(String name) {
    Place place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException("there is no tensor '" + name + "'");
    }
    return place;
  }

  /** A tensor in a block that fills a buffer from its first byte. */
  public Operand operand(Buffer buffer, String name) {
    Place place = place(name);
    return new Operand(buffer, place.offset, place.type);
  }

  /** All tensors from one to another as one, with the gaps between them and after the last. */
  public Operand operand(Buffer buffer, String first, String last) {
    long from = place(first).offset;
    return new Operand(buffer, from, TensorType.f32((place(last).end() - from) / Float.BYTES));
  }
}

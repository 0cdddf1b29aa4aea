package org.lanewise.kernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a call that has many: each is checked as it is added, inputs first, so that it
 * holds what it must, and that an output overlaps with no other tensor.
 */
final class Tensors {
  private final List<Tensor> tensors = new ArrayList<>();

  private record Tensor(String name, MemorySegment memory, long elements) {}

  /** A tensor that is read. */
  Tensors input(String name, MemorySegment memory, long elements) {
    Checks.input(name, memory, elements);
    tensors.add(new Tensor(name, memory, elements));
    return this;
  }

  /** The same, or null. */
  Tensors optional(String name, MemorySegment memory, long elements) {
    return memory == null ? this : input(name, memory, elements);
  }

  /** A tensor that is written, and is no other one. */
  Tensors output(String name, MemorySegment memory, long elements) {
    return output(name, memory, elements, "");
  }

  /** A tensor that is written, and may be an input of the same size. */
  Tensors output(String name, MemorySegment memory, long elements, String mayBe) {
    Checks.output(name, memory, elements);
    for (Tensor other : tensors) {
      if (other.name.equals(mayBe)) {
        Checks.sameOrDisjoint(name, memory, mayBe, other.memory, elements);
      } else {
        Checks.disjoint(name, memory, elements, other.name, other.memory, other.elements);
      }
    }
    tensors.add(new Tensor(name, memory, elements));
    return this;
  }

  /** The memory of all. */
  MemorySegment[] memory() {
    return tensors.stream().map(Tensor::memory).toArray(MemorySegment[]::new);
  }
}

package org.lanewise.kernels.arrays;

import java.util.ArrayList;
import java.util.List;

/**
 * The tensors of a call that has many: each is checked as it is added, inputs first, so that it
 * holds what it must, and that an output is no other tensor.
 */
final class Tensors {
  private final List<Tensor> tensors = new ArrayList<>();

  private record Tensor(String name, Object array, int elements) {}

  /** A tensor that is read. */
  Tensors input(String name, Object array, int elements) {
    Checks.input(name, array, elements);
    tensors.add(new Tensor(name, array, elements));
    return this;
  }

  /** The same, or null. */
  Tensors optional(String name, Object array, int elements) {
    return array == null ? this : input(name, array, elements);
  }

  /** A tensor that is written, and is no other one. */
  Tensors output(String name, Object array, int elements) {
    return output(name, array, elements, "");
  }

  /** A tensor that is written, and may be an input of the same size. */
  Tensors output(String name, Object array, int elements, String mayBe) {
    Checks.output(name, array, elements);
    for (Tensor other : tensors) {
      if (!other.name.equals(mayBe)) {
        Checks.disjoint(name, array, elements, other.name, other.array, other.elements);
      }
    }
    tensors.add(new Tensor(name, array, elements));
    return this;
  }

  /** All arrays. */
  Object[] memory() {
    return tensors.stream().map(Tensor::array).toArray();
  }
}

package org.lanewise.nn.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedCollection;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Components;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Init;
import org.lanewise.nn.Operand;
import org.lanewise.nn.Streams;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;

/**
 * The parameters and states of a model. They have no memory until they are {@linkplain #initialize
 * initialized} or {@linkplain #load loaded}, so that a model of any size can be traced and
 * summarized.
 *
 * <p>Sessions on several threads may use the same weights as long as none of them trains; loading,
 * initializing and training need them alone.
 */
public final class Weights {
  private final Components components;
  private final SequencedMap<String, TensorType> types = new LinkedHashMap<>();
  private final Set<String> frozen = new LinkedHashSet<>();
  private final Elements elements;

  private Weights(Components components) {
    this.components = components;
    components.parameters().forEach((name, parameter) -> types.put(name, type(parameter)));
    components.states().forEach((name, state) -> types.put(name, type(state)));
    elements = new Elements(types);
  }

  private static TensorType type(Operand operand) {
    return TensorType.f32(operand.shape());
  }

  /**
   * The weights of a model.
   *
   * @param model a record of layers, see {@link Components}
   * @throws IllegalArgumentException if its components cannot be read
   */
  public static Weights of(Record model) {
    return new Weights(Components.of(model));
  }

  /** The parameters and states that these are. */
  public Components components() {
    return components;
  }

  /** Where each parameter lies in the block, and behind them each state. */
  public BlockLayout layout() {
    return elements.layout();
  }

  Elements elements() {
    return elements;
  }

  /**
   * Lets some parameters lie together at the beginning of the block, so that one op can update
   * them; the others follow in their order. Nothing that is computed depends on it. Weights that a
   * session has open stay where they are; {@linkplain #map mapped} ones become a copy.
   *
   * @param first names of parameters, in the order to have
   * @throws IllegalStateException if they are mapped and a session has them open
   */
  public void arrange(SequencedCollection<String> first) {
    SequencedMap<String, TensorType> arranged = new LinkedHashMap<>();
    first.forEach(name -> arranged.put(name, layout().place(name).type()));
    arranged.putAll(types);
    elements.arrange(new BlockLayout(arranged));
  }

  /** Number of elements of all parameters. */
  public long parameterCount() {
    return components.parameters().values().stream()
        .mapToLong(parameter -> parameter.shape().size())
        .sum();
  }

  /** Bytes of all parameters and states, the gaps that align them not counted. */
  public long byteSize() {
    return types.values().stream().mapToLong(TensorType::byteSize).sum();
  }

  // ---- Freezing -------------------------------------------------------------------------------

  /**
   * Keeps a part of the model as it is: its parameters get no gradient.
   *
   * @param path a parameter or a layer, as in {@code bert.embeddings}
   * @return these weights
   * @throws IllegalArgumentException if there is none
   */
  public Weights freeze(String path) {
    List<String> names =
        components.parameters().keySet().stream()
            .filter(name -> name.equals(path) || name.startsWith(path + "."))
            .toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there is no parameter or layer '" + path + "'");
    }
    frozen.addAll(names);
    return this;
  }

  /** Whether a parameter is trained. */
  public boolean isTrainable(String name) {
    return components.parameters().containsKey(name) && !frozen.contains(name);
  }

  // ---- Elements -------------------------------------------------------------------------------

  /**
   * Lets each parameter and state start as it says. What one starts with depends on the seed and on
   * its name alone.
   *
   * @return these weights
   */
  public Weights initialize(long seed) {
    Block block = elements.allocated();
    components.parameters().forEach((name, parameter) -> fill(block, name, parameter.init(), seed));
    components.states().forEach((name, state) -> fill(block, name, state.init(), seed));
    elements.changed();
    return this;
  }

  private void fill(Block block, String name, Init init, long seed) {
    init.fill(block.slice(name), types.get(name).shape(), seed, Streams.of(name));
  }

  /** Whether there are elements. */
  public boolean hasElements() {
    return elements.arePresent();
  }

  /** Whether the elements are those of a file, read when they are used. */
  public boolean isMapped() {
    return elements.areMapped();
  }

  /**
   * A copy of a tensor's elements, row-major.
   *
   * @throws IllegalArgumentException if there is none of that name
   * @throws IllegalStateException if there are no elements yet
   */
  public float[] toArray(String name) {
    return elements.current().slice(name).toArray(JAVA_FLOAT);
  }

  /** Copies of all parameters by name, each row-major. */
  public SequencedMap<String, float[]> parametersToArrays() {
    SequencedMap<String, float[]> arrays = new LinkedHashMap<>();
    components.parameters().keySet().forEach(name -> arrays.put(name, toArray(name)));
    return arrays;
  }

  // ---- Files ----------------------------------------------------------------------------------

  /** All parameters and states by name, as they lie in memory. */
  public SequencedMap<String, HostTensor> tensors() {
    Block block = elements.current();
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
    types.forEach((name, type) -> tensors.put(name, new HostTensor(type, block.slice(name))));
    return tensors;
  }

  /**
   * Saves all parameters and states as a safetensors file of f32, whole or not at all.
   *
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    save(file, Map.of());
  }

  /**
   * Saves all parameters and states as a safetensors file of f32, whole or not at all.
   *
   * @param metadata what the file says besides, such as the kind of the model; {@link
   *     SafeTensors#metadata} reads it
   * @throws IOException if writing fails
   */
  public void save(Path file, Map<String, String> metadata) throws IOException {
    SafeTensors.of(metadata, tensors()).write(file);
  }

  /**
   * Saves all parameters and states as elements of another type, rounded to the nearest.
   *
   * @param dtype f32, f16 or bf16
   * @throws IllegalArgumentException if it is another one
   * @throws IOException if writing fails
   */
  public void save(Path file, DType dtype) throws IOException {
    SequencedMap<String, HostTensor> tensors = tensors();
    tensors.replaceAll((_, tensor) -> tensor.convert(dtype));
    SafeTensors.of(Map.of(), tensors).write(file);
  }

  /**
   * Loads a file of all parameters and states, as {@link #save} writes it. They may be of any type
   * of the format, and become f32 by rounding to the nearest.
   *
   * <p>PyTorch stores with the running statistics of batch norm how many batches they are of, as
   * {@code num_batches_tracked}. Nothing that is computed here depends on it, so it may be there
   * and need not.
   *
   * @return these weights
   * @throws MalformedFileException if the file is damaged
   * @throws MismatchedWeightsException if its tensors are not exactly those of the model
   * @throws IOException if it cannot be read
   */
  public Weights load(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      return load(file, SafeTensors.read(file, arena).tensors(), this::isCountOfBatches);
    }
  }

  /** Whether a tensor counts the batches of running statistics that the model has. */
  private boolean isCountOfBatches(String name) {
    String layer = name.substring(0, name.lastIndexOf('.') + 1);
    return name.equals(layer + "num_batches_tracked")
        && components.states().containsKey(layer + "running_mean");
  }

  /**
   * Takes tensors over that come from a file.
   *
   * @param file what messages call it
   * @param tensors by name
   * @param ignored names that need not be in the model
   * @return these weights
   * @throws MismatchedWeightsException if the tensors are not those of the model
   */
  public Weights load(Path file, Map<String, StoredTensor> tensors, Predicate<String> ignored)
      throws MismatchedWeightsException {
    requireSame(file, tensors, ignored);
    Block block = elements.allocated();
    types.forEach(
        (name, type) -> tensors.get(name).copyTo(new HostTensor(type, block.slice(name))));
    elements.changed();
    return this;
  }

  /**
   * Uses tensors of a mapped file where they are, so that they take no memory of their own and are
   * read when they are used. Before a training changes mapped weights, they become a copy. Where
   * tensors are not f32 at multiples of 4 bytes, or the model has states, they are {@linkplain
   * #load(Path, Map, Predicate) loaded} instead; {@link #isMapped} tells.
   *
   * <p>The file must not be written to meanwhile; see {@link SafeTensors#map}.
   *
   * @param file what messages call it
   * @param bytes that all tensors are part of, native and aligned to 64 bytes
   * @param tensors by name
   * @param ignored names that need not be in the model
   * @return these weights
   * @throws MismatchedWeightsException if the tensors are not those of the model
   * @throws IllegalStateException if a session has these weights open
   */
  public Weights map(
      Path file, MemorySegment bytes, Map<String, StoredTensor> tensors, Predicate<String> ignored)
      throws MismatchedWeightsException {
    requireSame(file, tensors, ignored);
    Optional<Block> mapped =
        components.states().isEmpty() ? Block.mapped(types, bytes, tensors) : Optional.empty();
    if (mapped.isEmpty()) {
      return load(file, tensors, ignored);
    }
    elements.map(mapped.get());
    return this;
  }

  /**
   * Takes a part of the model over from weights that are that part's alone, such as those of a
   * pretrained encoder. They are copied.
   *
   * @param path of the part, as in {@code bert}
   * @param part initialized or loaded
   * @return these weights
   * @throws IllegalArgumentException if the tensors below the path are not those of the part
   * @throws IllegalStateException if these weights have no elements yet, or the part has none
   */
  public Weights load(String path, Weights part) {
    Map<String, TensorType> others = new LinkedHashMap<>();
    part.types.forEach((name, type) -> others.put(path + "." + name, type));
    Stream.concat(types.keySet().stream(), others.keySet().stream())
        .filter(name -> name.startsWith(path + "."))
        .filter(name -> !Objects.equals(types.get(name), others.get(name)))
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalArgumentException(
              "%s is %s in the model but %s in the part"
                  .formatted(name, described(types.get(name)), described(others.get(name))));
        });
    Block from = part.elements.current();
    Block to = elements.own();
    part.types.keySet().forEach(name -> to.slice(path + "." + name).copyFrom(from.slice(name)));
    elements.changed();
    return this;
  }

  private static Object described(TensorType type) {
    return type == null ? "missing" : type;
  }

  /**
   * Checks tensors that {@link #load(Path, Map, Predicate)} is to take over.
   *
   * @throws MismatchedWeightsException if they are not those of the model
   */
  public void requireSame(Path file, Map<String, StoredTensor> tensors, Predicate<String> ignored)
      throws MismatchedWeightsException {
    MismatchedWeightsException.unlessSame(file, types, tensors, ignored);
  }
}

package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.AttentionShape;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.op.Window;
import org.lanewise.kernels.parallel.WorkerPool;

/** Entry points on arrays give the bits of those on native memory. */
class ArraysTest {
  private static final String NATIVE = "org.lanewise.kernels.";
  private static final String ARRAYS = "org.lanewise.kernels.arrays.";

  /** A call of {@code type.method(pool, arguments)}; the same array twice is the same tensor. */
  record Case(String type, String method, Object... arguments) {
    String name() {
      return type + "." + method;
    }

    @Override
    public String toString() {
      return name() + numbers();
    }

    private List<Object> numbers() {
      return Arrays.stream(arguments).filter(a -> !a.getClass().isArray()).toList();
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
            Stream.of(1, 15, 64, 1000, 40_003)
                .flatMap(n ->
                    Stream.of(elements(n), images(n), BasicArrayCases.of(n))
                        .flatMap(cases -> cases)),
            Stream.of(1, 15, 500)
                .flatMap(rows ->
                    Stream.of(softmaxVariants(rows, 77), norms(rows, 77), losses(rows, 77))
                        .flatMap(cases -> cases)),
            groupNorms(3, 2, 6, 11),
            batchNorms(500, 77, 1),
            batchNorms(5, 7, 100),
            RecurrentArrayCases.of(3, 4, 20, false),
            RecurrentArrayCases.of(9, 5, 70, true))
        .flatMap(cases -> cases);
  }

  private static Stream<Case> softmaxVariants(int rows, int columns) {
    int size = rows * columns;
    return Stream.of(
        new Case("Softmax", "logSoftmax", rows, columns, floats(size, 1), floats(size, 2)),
        new Case(
            "Softmax",
            "softmaxBackward",
            rows,
            columns,
            true,
            floats(size, 1),
            floats(size, 2),
            floats(size, 3)),
        new Case(
            "Softmax",
            "logSoftmaxBackward",
            rows,
            columns,
            false,
            floats(size, 1),
            floats(size, 2),
            floats(size, 3)),
        new Case("Softmax", "causalSoftmax", 1, rows, columns, floats(size, 1), floats(size, 2)),
        new Case(
            "Softmax",
            "maskedSoftmax",
            1,
            rows,
            columns,
            floats(size, 1),
            labels(columns, 2),
            floats(size, 2)),
        new Case(
            "Softmax",
            "biasedSoftmax",
            rows,
            1,
            columns,
            floats(size, 1),
            floats(columns, 3),
            floats(size, 2)),
        new Case("Softmax", "softmaxOverAxis", 1, rows, columns, floats(size, 1), floats(size, 2)),
        new Case(
            "Softmax",
            "softmaxOverAxisBackward",
            1,
            rows,
            columns,
            true,
            floats(size, 1),
            floats(size, 2),
            floats(size, 3)));
  }

  private static Stream<Case> norms(int rows, int columns) {
    int size = rows * columns;
    return Stream.of(
        new Case(
            "Norms",
            "layerNorm",
            rows,
            columns,
            1e-5,
            floats(size, 1),
            floats(columns, 2),
            floats(columns, 3),
            floats(size, 4),
            floats(rows, 5),
            floats(rows, 6)),
        new Case(
            "Norms",
            "layerNormBackward",
            rows,
            columns,
            true,
            floats(size, 1),
            floats(columns, 2),
            floats(rows, 3),
            floats(rows, 4),
            floats(size, 5),
            floats(size, 6)),
        new Case(
            "Norms",
            "layerNormParameterGradients",
            rows,
            columns,
            true,
            floats(size, 1),
            floats(rows, 2),
            floats(rows, 3),
            floats(size, 4),
            floats(columns, 5),
            floats(columns, 6)),
        new Case(
            "Norms",
            "rmsNorm",
            rows,
            columns,
            1e-5,
            floats(size, 1),
            floats(columns, 2),
            floats(size, 3),
            floats(rows, 4)),
        new Case(
            "Norms",
            "rmsNormBackward",
            rows,
            columns,
            false,
            floats(size, 1),
            floats(columns, 2),
            floats(rows, 3),
            floats(size, 4),
            floats(size, 5)),
        new Case(
            "Norms",
            "rmsNormParameterGradients",
            rows,
            columns,
            false,
            floats(size, 1),
            floats(rows, 2),
            floats(size, 3),
            floats(columns, 4)));
  }

  /** Of [batch, channels, spatial]. */
  private static Stream<Case> groupNorms(int batch, int groups, int channels, int spatial) {
    int size = batch * channels * spatial;
    int rows = batch * groups;
    return Stream.of(
        new Case(
            "GroupNorm",
            "forward",
            batch,
            groups,
            channels,
            spatial,
            1e-5,
            floats(size, 1),
            floats(channels, 2),
            floats(channels, 3),
            floats(size, 4),
            floats(rows, 5),
            floats(rows, 6)),
        new Case(
            "GroupNorm",
            "backward",
            batch,
            groups,
            channels,
            spatial,
            true,
            floats(size, 1),
            floats(channels, 2),
            floats(rows, 3),
            floats(rows, 4),
            floats(size, 5),
            floats(size, 6)),
        new Case(
            "GroupNorm",
            "parameterGradients",
            batch,
            groups,
            channels,
            spatial,
            true,
            floats(size, 1),
            floats(rows, 2),
            floats(rows, 3),
            floats(size, 4),
            floats(channels, 5),
            floats(channels, 6)));
  }

  /** Of [batch, channels, spatial]. */
  private static Stream<Case> batchNorms(int batch, int channels, int spatial) {
    int size = batch * channels * spatial;
    return Stream.of(
        new Case(
            "Norms",
            "batchNormTraining",
            batch,
            channels,
            spatial,
            1e-5,
            0.1,
            floats(size, 1),
            floats(channels, 2),
            floats(channels, 3),
            floats(size, 4),
            floats(channels, 5),
            floats(channels, 6),
            floats(channels, 7),
            positive(channels, 8)),
        new Case(
            "Norms",
            "batchNormEvaluation",
            batch,
            channels,
            spatial,
            1e-5,
            floats(size, 1),
            floats(channels, 2),
            floats(channels, 3),
            floats(channels, 4),
            positive(channels, 5),
            floats(size, 6),
            floats(channels, 7)),
        new Case(
            "Norms",
            "batchNormBackward",
            batch,
            channels,
            spatial,
            true,
            true,
            false,
            floats(size, 1),
            floats(channels, 2),
            floats(channels, 3),
            floats(channels, 4),
            floats(size, 5),
            floats(size, 6),
            floats(channels, 7),
            floats(channels, 8)));
  }

  private static Stream<Case> losses(int rows, int columns) {
    int n = rows * columns;
    return Stream.of(
        new Case(
            "Losses",
            "softmaxCrossEntropy",
            Reduction.MEAN,
            rows,
            columns,
            0,
            0.1,
            floats(n, 1),
            labels(rows, columns),
            floats(2 * rows, 2),
            floats(rows, 3),
            floats(1, 4)),
        new Case(
            "Losses",
            "softmaxCrossEntropyBackward",
            Reduction.SUM,
            rows,
            columns,
            0,
            0.1,
            floats(n, 1),
            labels(rows, columns),
            floats(2 * rows, 2),
            floats(n, 3)),
        new Case(
            "Losses",
            "binaryCrossEntropy",
            Reduction.MEAN,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(1, 3)),
        new Case(
            "Losses",
            "binaryCrossEntropyBackward",
            Reduction.MEAN,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3)),
        new Case(
            "Losses", "huber", Reduction.MEAN, n, 0.5, floats(n, 1), floats(n, 2), floats(1, 3)),
        new Case(
            "Losses",
            "huberBackward",
            Reduction.SUM,
            n,
            0.5,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3)),
        new Case(
            "Losses", "squaredError", Reduction.SUM, n, floats(n, 1), floats(n, 2), floats(1, 3)),
        new Case(
            "Losses",
            "squaredErrorBackward",
            Reduction.SUM,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3)));
  }

  private static Stream<Case> elements(int n) {
    int columns = Math.min(n, 77);
    int rows = n / columns;
    int size = rows * columns;
    float[] inPlace = floats(size, 5);
    return Stream.of(
        new Case("Activations", "forward", Activation.TANH, n, floats(n, 1), floats(n, 2)),
        new Case(
            "Activations",
            "backward",
            Activation.SIGMOID,
            true,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3)),
        new Case("Functions", "exp", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "expm1", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "log", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "log1p", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "erf", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "sin", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "cos", n, floats(n, 1), floats(n, 2)),
        new Case("Functions", "rsqrt", n, floats(n, 1), floats(n, 2)),
        new Case("Softmax", "softmax", rows, columns, floats(size, 1), floats(size, 2)),
        new Case("Softmax", "softmax", rows, columns, inPlace, inPlace),
        new Case("Softmax", "logSumExp", rows, columns, floats(size, 1), floats(rows, 2)),
        new Case(
            "Losses",
            "crossEntropy",
            rows,
            columns,
            floats(size, 1),
            labels(rows, columns),
            floats(2 * rows, 2),
            floats(1, 3)),
        new Case(
            "Losses",
            "crossEntropyBackward",
            rows,
            columns,
            floats(size, 1),
            labels(rows, columns),
            floats(2 * rows, 2),
            floats(size, 3)),
        new Case("Losses", "meanSquaredError", n, floats(n, 1), floats(n, 2), floats(1, 3)),
        new Case("Losses", "meanSquaredErrorBackward", n, floats(n, 1), floats(n, 2), floats(n, 3)),
        new Case("Reductions", "columnSums", rows, columns, true, floats(size, 1), floats(n, 2)),
        new Case(
            "Optimizers",
            "sgd",
            new UpdateOp.Sgd(0.9, 0.1, false, 0.01),
            0.1,
            0.5,
            3,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3)),
        new Case(
            "Optimizers",
            "rmsProp",
            new UpdateOp.RmsProp(0.9, 1e-8, 0.01, 0.9, true),
            0.1,
            0.5,
            n,
            floats(n, 1),
            floats(n, 2),
            positive(n, 3),
            floats(n, 4),
            floats(n, 5)),
        new Case(
            "Optimizers",
            "adam",
            new UpdateOp.Adam(0.9, 0.999, 1e-8, 0.01, true, true),
            0.1,
            0.5,
            3,
            n,
            floats(n, 1),
            floats(n, 2),
            floats(n, 3),
            positive(n, 4),
            positive(n, 5)),
        attention("forward", size),
        attention("backward", size),
        new Case("Random", "uniform", 1, 2, -1, 3, n, floats(n, 1)),
        new Case("Random", "normal", 1, 2, -1, 3, n, floats(n, 1)));
  }

  /** Images of a width such that they have about n elements. */
  private static Stream<Case> images(int n) {
    int width = Math.min(n, 77);
    int height = Math.min(Math.max(1, n / width), 100);
    int plane = height * width;
    Window window = Window.of(1, 3).withPadding(0, 1);
    int[] indices = new int[3 * plane];
    Arrays.setAll(indices, i -> (i + 1) % plane);
    return Stream.of(
        new Case(
            "Convolution",
            "forward",
            window,
            1,
            2,
            3,
            height,
            width,
            4,
            floats(6 * plane, 1),
            floats(36, 2),
            floats(4, 3),
            floats(8 * plane, 4)),
        new Case(
            "Convolution",
            "forward",
            window,
            3,
            2,
            3,
            height,
            width,
            3,
            floats(6 * plane, 1),
            floats(9, 2),
            floats(3, 3),
            floats(6 * plane, 4)),
        new Case(
            "Convolution",
            "backwardInput",
            window,
            1,
            2,
            3,
            height,
            width,
            4,
            true,
            floats(8 * plane, 1),
            floats(36, 2),
            floats(6 * plane, 3)),
        new Case(
            "Convolution",
            "backwardInput",
            window,
            3,
            2,
            3,
            height,
            width,
            3,
            true,
            floats(6 * plane, 1),
            floats(9, 2),
            floats(6 * plane, 3)),
        new Case(
            "Convolution",
            "backwardWeight",
            window,
            1,
            2,
            3,
            height,
            width,
            4,
            true,
            floats(6 * plane, 1),
            floats(8 * plane, 2),
            floats(36, 3)),
        new Case(
            "Convolution",
            "backwardWeight",
            window,
            3,
            2,
            3,
            height,
            width,
            3,
            true,
            floats(6 * plane, 1),
            floats(6 * plane, 2),
            floats(9, 3)),
        new Case(
            "Convolution", "backwardBias", 2, 3, plane, true, floats(6 * plane, 1), floats(3, 2)),
        new Case(
            "Pooling",
            "max",
            window,
            3,
            height,
            width,
            floats(3 * plane, 1),
            floats(3 * plane, 2),
            new int[3 * plane]),
        new Case(
            "Pooling",
            "maxBackward",
            3,
            plane,
            plane,
            true,
            floats(3 * plane, 1),
            indices,
            floats(3 * plane, 2)),
        new Case(
            "Pooling",
            "average",
            window,
            false,
            3,
            height,
            width,
            floats(3 * plane, 1),
            floats(3 * plane, 2)),
        new Case(
            "Pooling",
            "averageBackward",
            window,
            false,
            3,
            height,
            width,
            true,
            floats(3 * plane, 1),
            floats(3 * plane, 2)));
  }

  /** Attention on a fused projection, of so many elements at most. */
  private static Case attention(String method, int size) {
    int length = Math.min(size / 3, 300);
    int headSize = length == 0 ? 0 : Math.min(size / 3 / length, 20);
    int elements = length * headSize;
    AttentionShape shape = AttentionShape.fused(1, 1, 1, length, headSize).withCausal();
    float[] qkv = floats(3 * elements, 1);
    int[] mask = labels(length, 4);
    float[] o = floats(elements, 2);
    float[] normalizers = floats(2 * length, 3);
    if (method.equals("forward")) {
      return new Case("Attention", method, shape, qkv, qkv, qkv, mask, o, normalizers);
    }
    float[] gradient = floats(3 * elements, 4);
    return new Case(
        "Attention",
        method,
        shape,
        qkv,
        qkv,
        qkv,
        mask,
        o,
        normalizers,
        floats(elements, 5),
        false,
        gradient,
        true,
        gradient,
        false,
        gradient);
  }

  static float[] floats(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static float[] positive(int size, long seed) {
    float[] values = floats(size, seed);
    for (int i = 0; i < size; i++) {
      values[i] = Math.abs(values[i]);
    }
    return values;
  }

  static int[] labels(int size, int classes) {
    return new SplittableRandom(size).ints(size, 0, classes).toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasTheBitsOfNativeMemory(Case c) throws ReflectiveOperationException {
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(2)) {
      Map<Object, MemorySegment> segments = new IdentityHashMap<>();
      Object[] onNative =
          Arrays.stream(c.arguments).map(argument -> segment(argument, arena, segments)).toArray();
      Object resultOnNative = call(NATIVE, c, pool, onNative);
      Object result = call(ARRAYS, c, pool, c.arguments);
      assertThat(result).isEqualTo(resultOnNative);
      segments.forEach((array, segment) -> {
        if (array instanceof float[] floats) {
          assertThat(floats).isEqualTo(segment.toArray(JAVA_FLOAT));
        } else if (array instanceof double[] doubles) {
          assertThat(doubles).isEqualTo(segment.toArray(JAVA_DOUBLE));
        } else {
          assertThat((int[]) array).isEqualTo(segment.toArray(JAVA_INT));
        }
      });
    }
  }

  /** The segment for an array, several of them for several, and any other argument as it is. */
  private static Object segment(Object argument, Arena arena, Map<Object, MemorySegment> segments) {
    return switch (argument) {
      case float[] floats ->
          segments.computeIfAbsent(floats, _ -> arena.allocateFrom(JAVA_FLOAT, floats));
      case double[] doubles ->
          segments.computeIfAbsent(doubles, _ -> arena.allocateFrom(JAVA_DOUBLE, doubles));
      case int[] ints -> segments.computeIfAbsent(ints, _ -> arena.allocateFrom(JAVA_INT, ints));
      case float[][] arrays ->
          Arrays.stream(arrays)
              .map(array -> (MemorySegment) segment(array, arena, segments))
              .toArray(MemorySegment[]::new);
      default -> argument;
    };
  }

  private static Object call(String packageName, Case c, WorkerPool pool, Object[] arguments)
      throws ReflectiveOperationException {
    List<Object> all = new ArrayList<>(List.of(arguments));
    List<Method> methods =
        Arrays.stream(Class.forName(packageName + c.type).getMethods())
            .filter(m -> m.getName().equals(c.method))
            .sorted(Comparator.comparing(ArraysTest::takesPool).reversed())
            .toList();
    assertThat(methods).as(packageName + c.name()).isNotEmpty();
    Method method = methods.getFirst();
    if (takesPool(method)) {
      all.addFirst(pool);
    }
    for (int i = 0; i < all.size(); i++) {
      all.set(i, convert(all.get(i), method.getParameterTypes()[i]));
    }
    try {
      return method.invoke(null, all.toArray());
    } catch (InvocationTargetException e) {
      throw new AssertionError(method + " failed", e.getCause());
    }
  }

  private static Object convert(Object argument, Class<?> type) {
    if (argument instanceof Number number) {
      return switch (type.getName()) {
        case "int" -> number.intValue();
        case "long" -> number.longValue();
        case "float" -> number.floatValue();
        default -> number.doubleValue();
      };
    }
    if (argument instanceof long[] sizes && type == int[].class) {
      return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
    }
    return argument;
  }

  private static boolean takesPool(Method method) {
    return method.getParameterCount() > 0 && method.getParameterTypes()[0] == WorkerPool.class;
  }

  @Test
  void coversAllEntryPoints() throws Exception {
    Path classes =
        Path.of(Softmax.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> covered = cases().map(Case::name).collect(Collectors.toCollection(TreeSet::new));
    assertThat(covered).isEqualTo(entryPoints(classes.resolve(ARRAYS.replace('.', '/'))));
  }

  private static Set<String> entryPoints(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".class") && !name.contains("-"))
          .map(name -> name.substring(0, name.length() - ".class".length()))
          .flatMap(name ->
              Arrays.stream(classOf(name).getMethods())
                  .filter(method -> Modifier.isStatic(method.getModifiers()))
                  .map(method -> name + "." + method.getName()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Class<?> classOf(String name) {
    try {
      return Class.forName(ARRAYS + name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Derives what Java has no generics for: from the hand-written kernels for f32 in native segments
 * those for arrays, and GEMM for f64. A compiled method that sees two kinds of memory is slow.
 *
 * <p>What differs beyond the rules below is written by hand in the target package, and is then not
 * derived: GEMM's {@code Memory}, the other kernels' {@code Scratch}, the entry points' {@code
 * Checks}.
 *
 * <p>Run by the build: {@code java Derive.java SOURCES TARGET}, where both are roots of packages.
 */
final class Derive {
  private static final String ROOT = "org.lanewise.kernels";
  private static final String HOST = ROOT + ".host";
  private static final String SIMD = ROOT + ".simd";
  private static final String SCALAR = ROOT + ".scalar";
  private static final String GEMM = SIMD + ".gemm";

  /** The packages of which there is one for arrays. */
  private static final List<String> FOR_ARRAYS =
      List.of(
          ROOT,
          HOST,
          SIMD,
          SIMD + ".activation",
          SIMD + ".attention",
          SIMD + ".convolution",
          SIMD + ".elementwise",
          SIMD + ".layout",
          SIMD + ".loss",
          SIMD + ".math",
          SIMD + ".norm",
          SIMD + ".optimizer",
          SIMD + ".random",
          SIMD + ".recurrent",
          SIMD + ".reduction",
          SIMD + ".softmax",
          SCALAR);

  /** Their classes that take no memory, or memory of several types. */
  private static final Map<String, Set<String>> NOT_FOR_ARRAYS =
      Map.of(
          ROOT,
          Set.of("Conversions", "Gemm", "PackedMatrix", "Permutations", "RandomStream"),
          HOST,
          Set.of("ConversionKernels", "HostKernels", "PermutationKernels", "ProductKernels"),
          SIMD,
          Set.of("Lanes", "VectorBits"),
          SIMD + ".layout",
          Set.of("SimdPermutationKernels"),
          SIMD + ".math",
          Set.of("VectorMath"),
          SCALAR,
          Set.of(
              "Erfc",
              "MathConstants",
              "MathFunction",
              "ScalarConversionKernels",
              "ScalarEpilogue",
              "ScalarGemm",
              "ScalarMath",
              "ScalarPermutationKernels",
              "ScalarPhiloxKernels",
              "ScalarProductKernels",
              "VirtualLanes"));

  /** Classes of GEMM's package for f32 that the others have of their own, or have not. */
  private static final Set<String> NOT_DERIVED_GEMM = Set.of("Memory", "SimdProductKernels");

  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String pattern, String replacement) {
      return new Rule(Pattern.compile(pattern, Pattern.DOTALL), replacement);
    }
  }

  /** float becomes double. */
  private static final List<Rule> F64 =
      List.of(
          Rule.of("\\bgemm\\.f32\\b", "gemm.f64"),
          Rule.of("\\bFloatVector\\b", "DoubleVector"),
          Rule.of("\\bFloat\\b", "Double"),
          Rule.of("\\bfloat\\b", "double"),
          Rule.of("(\\d)f\\b", "$1d"),
          Rule.of("\\bJAVA_FLOAT\\b", "JAVA_DOUBLE"),
          Rule.of("\\bFLOAT\\b", "DOUBLE"),
          Rule.of("\\bFLOATS\\b", "DOUBLES"),
          Rule.of("\\bF32\\b", "F64"));

  /** Classes of which there is one for f64 elements beside the one for f32. */
  private static final Map<String, String> ALSO_F64 =
      Map.of(
          ROOT,
          "Blas1",
          HOST,
          "BlasKernels",
          SIMD + ".elementwise",
          "SimdBlasKernels",
          SCALAR,
          "ScalarBlasKernels");

  /** It has a name of its own, and lanes of its own in the scratch memory. */
  private static final List<Rule> F64_NAMES =
      List.of(
          Rule.of("\\b(Blas1|(?:Simd|Scalar)?BlasKernels)\\b(?!})", "$1F64"),
          Rule.of("\\.sums\\b(?!\\()", ".sumsF64"));

  /** The twin of GEMM moves to a package of its own. */
  private static final Rule F64_TWIN =
      Rule.of(
          "package org.lanewise.kernels.scalar;\n",
          "package org.lanewise.kernels.scalar.f64;\n\n"
              + "import org.lanewise.kernels.scalar.ScalarEpilogue;\n");

  /** long offsets of GEMM become int ones. */
  private static final List<Rule> HEAP_GEMM =
      List.of(
          Rule.of("\\bgemm\\.(f32|f64)\\b", "gemm.$1heap"),
          Rule.of("\\blong\\b", "int"),
          Rule.of("(\\d)L\\b", "$1"));

  /** So do sizes and offsets of other kernels, which count elements where those counted bytes. */
  private static final List<Rule> ARRAYS =
      List.of(
          Rule.of("\\bgemm\\.f32\\b", "gemm.f32heap"),
          Rule.of("\\s\\* (Float|Double|Integer)\\.BYTES\\b", ""),
          Rule.of("\\bMemorySegment (labels|indices|lengths|mask|positions)\\b", "int[] $1"),
          Rule.of("\\blong\\b(?! (seed|stream|step)\\b)", "int"),
          Rule.of("\\bRangeTask\\b", "ArrayTask"));

  private static final List<Rule> IMPORTS =
      List.of(
          Rule.of("import [^;]*\\.(MemorySegment|(JAVA_)?(FLOAT|DOUBLE|INT)|ORDER);\n", ""),
          Rule.of("import [^;]*\\.parallel\\.ArrayTask;\n", ""));

  /** Casts between what are two types in the original. */
  private static final Rule CASTS =
      Rule.of("\n((public )?(final )?(class|interface) )", "\n@SuppressWarnings(\"cast\")\n$1");

  private final Path sources;
  private final Path target;
  private final Set<Path> written = new HashSet<>();

  private Derive(Path sources, Path target) {
    this.sources = sources;
    this.target = target;
  }

  public static void main(String[] arguments) throws IOException {
    Derive derive = new Derive(Path.of(arguments[0]), Path.of(arguments[1]));
    derive.gemm();
    derive.arrays();
    derive.deleteOthers();
  }

  private void gemm() throws IOException {
    for (String name : classes(GEMM + ".f32")) {
      if (!NOT_DERIVED_GEMM.contains(name)) {
        String f32 = read(GEMM + ".f32", name);
        String f64 = apply(F64, f32);
        write(GEMM + ".f64", name, f64);
        write(GEMM + ".f32heap", name, onHeap(apply(HEAP_GEMM, f32), "float"));
        write(GEMM + ".f64heap", name, onHeap(apply(HEAP_GEMM, f64), "double"));
      }
    }
    String twin = apply(F64, read(SCALAR, "ScalarGemm"));
    write(SCALAR + ".f64", "ScalarGemm", apply(List.of(F64_TWIN), twin));
  }

  private void arrays() throws IOException {
    Map<String, Set<String>> derived = new TreeMap<>();
    for (String folder : FOR_ARRAYS) {
      Set<String> names = classes(folder);
      names.removeAll(NOT_FOR_ARRAYS.getOrDefault(folder, Set.of()));
      derived.put(folder, names);
    }
    ALSO_F64.forEach((folder, name) -> derived.get(folder).add(name + "F64"));
    for (String folder : derived.keySet()) {
      Set<String> byHand = classes(folder + ".arrays");
      for (String name : derived.get(folder)) {
        if (!byHand.contains(name)) {
          boolean isF64 = name.equals(ALSO_F64.get(folder) + "F64");
          String original = isF64 ? f64(folder) : read(folder, name);
          if (isF64) {
            write(folder, name, original);
          }
          String text = onHeap(apply(ARRAYS, original), isF64 ? "double" : "float");
          text = text.replace("package " + folder + ";", "package " + folder + ".arrays;");
          write(folder + ".arrays", name, importOthers(folder, moveImports(text, derived)));
        }
      }
    }
  }

  /** The class for f64 beside one for f32. */
  private String f64(String folder) throws IOException {
    return apply(F64_NAMES, apply(F64, read(folder, ALSO_F64.get(folder))));
  }

  /** Names the derived classes where a text names those they come from. */
  private static String moveImports(String text, Map<String, Set<String>> derived) {
    Matcher name = Pattern.compile("\\b(org(?:\\.[a-z]+)+)\\.([A-Z]\\w*)").matcher(text);
    return name.replaceAll(match ->
        derived.getOrDefault(match.group(1), Set.of()).contains(match.group(2))
            ? match.group(1) + ".arrays." + match.group(2)
            : match.group());
  }

  /** Imports the classes of the original's package that are not derived. */
  private static String importOthers(String folder, String text) {
    for (String name : NOT_FOR_ARRAYS.getOrDefault(folder, Set.of())) {
      String other = folder + "." + name;
      if (Pattern.compile("(?<![.\\w])" + name + "\\b").matcher(text).find()
          && !text.contains("import " + other + ";")) {
        text = text.replaceFirst(";\n", ";\n\nimport " + other + ";\n");
      }
    }
    return text;
  }

  /** Segments become arrays. */
  private static String onHeap(String text, String type) {
    text = apply(IMPORTS, text);
    text =
        rewriteCalls(
            text, "\\.\\s*fromMemorySegment\\(", a -> ".fromArray(" + without(a, "ORDER") + ")");
    text =
        rewriteCalls(
            text, "\\.\\s*intoMemorySegment\\(", a -> ".intoArray(" + without(a, "ORDER") + ")");
    text =
        rewriteCalls(text, "\\.(get|getAtIndex)\\((?=\\s*\\w*[A-Z],)", a -> "[" + a.get(1) + "]");
    text =
        rewriteCalls(
            text,
            "\\.(set|setAtIndex)\\((?=\\s*\\w*[A-Z],)",
            a -> "[" + a.get(1) + "] = " + String.join(", ", a.subList(2, a.size())));
    return text.replaceAll("\\bMemorySegment\\b", type + "[]");
  }

  private static String without(List<String> arguments, String excluded) {
    return String.join(", ", arguments.stream().filter(a -> !a.equals(excluded)).toList());
  }

  /** Replaces calls that begin with {@code head}, which ends with the parenthesis. */
  private static String rewriteCalls(
      String text, String head, Function<List<String>, String> replacement) {
    StringBuilder result = new StringBuilder();
    Matcher matcher = Pattern.compile(head).matcher(text);
    int from = 0;
    while (matcher.find(from)) {
      List<String> arguments = new ArrayList<>();
      int end = splitArguments(text, matcher.end(), arguments);
      result.append(text, from, matcher.start());
      arguments.replaceAll(argument -> rewriteCalls(argument, head, replacement));
      result.append(replacement.apply(arguments));
      from = end;
    }
    return result.append(text, from, text.length()).toString();
  }

  /** Adds the arguments of a call, the first at {@code from}, and returns where the call ends. */
  private static int splitArguments(String text, int from, List<String> arguments) {
    int depth = 1;
    int begin = from;
    int at = from;
    for (; depth > 0; at++) {
      char c = text.charAt(at);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (depth == 0 || depth == 1 && c == ',') {
        arguments.add(text.substring(begin, at).strip());
        begin = at + 1;
      }
    }
    return at;
  }

  private static String apply(List<Rule> rules, String text) {
    for (Rule rule : rules) {
      text = rule.pattern.matcher(text).replaceAll(rule.replacement);
    }
    return text;
  }

  /** The classes written by hand in a package. */
  private Set<String> classes(String folder) throws IOException {
    Set<String> names = new HashSet<>();
    Path path = path(sources, folder);
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.list(path)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java") && !name.contains("-"))
            .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
      }
    }
    return names;
  }

  private static Path path(Path root, String folder) {
    return root.resolve(folder.replace('.', '/'));
  }

  private String read(String folder, String name) throws IOException {
    return Files.readString(path(sources, folder).resolve(name + ".java"));
  }

  private void write(String folder, String name, String text) throws IOException {
    Path file = path(target, folder).resolve(name + ".java");
    Files.createDirectories(file.getParent());
    text = "// Derived by src/main/derive/Derive.java.\n" + apply(List.of(CASTS), text);
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
    written.add(file);
  }

  /** Deletes what was derived from files that are no more. */
  private void deleteOthers() throws IOException {
    try (Stream<Path> files = Files.walk(target)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!written.contains(file)) {
          Files.delete(file);
        }
      }
    }
  }
}

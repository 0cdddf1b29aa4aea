import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Derives GEMM for f64, and for arrays, from the hand-written one for f32 in native segments.
 *
 * <p>Java's generics know neither primitive types nor a compiled method per type of memory, and a
 * compiled method that sees both kinds of memory is slow. What differs beyond the rules below, the
 * access to memory and its units, is in each package's own {@code Memory}.
 *
 * <p>Run by the build: {@code java DeriveGemm.java SOURCES TARGET}, where both are roots of
 * packages.
 */
final class DeriveGemm {
  private static final String GEMM = "org/lanewise/kernels/simd/gemm/";
  private static final String SCALAR = "org/lanewise/kernels/scalar/";

  private record Rule(Pattern pattern, String replacement) {
    static Rule of(String pattern, String replacement) {
      return new Rule(Pattern.compile(pattern, Pattern.DOTALL), replacement);
    }
  }

  /** float becomes double. */
  private static final List<Rule> F64 =
      List.of(
          Rule.of("\\bgemm\\.f32\\b", "gemm.f64"),
          Rule.of(
              "package org.lanewise.kernels.scalar;\n",
              "package org.lanewise.kernels.scalar.f64;\n\n"
                  + "import org.lanewise.kernels.scalar.ScalarEpilogue;\n"),
          Rule.of("\\bFloatVector\\b", "DoubleVector"),
          Rule.of("\\bFloat\\b", "Double"),
          Rule.of("\\bfloat\\b", "double"),
          Rule.of("(\\d)f\\b", "$1d"),
          Rule.of("\\bJAVA_FLOAT\\b", "JAVA_DOUBLE"),
          Rule.of("\\bFLOAT\\b", "DOUBLE"),
          Rule.of("\\bFLOATS\\b", "DOUBLES"),
          Rule.of("\\bF32\\b", "F64"));

  /** Segments become arrays, and long offsets int ones. */
  private static List<Rule> heap(String type, String vector, String element) {
    return List.of(
        Rule.of("\\bgemm\\.(f32|f64)\\b", "gemm.$1heap"),
        Rule.of("import [^;]*\\.(MemorySegment|FLOAT|DOUBLE|ORDER);\n", ""),
        Rule.of(vector + "\\s*\\.fromMemorySegment\\((.*?),\\s*ORDER\\)", vector + ".fromArray($1)"),
        Rule.of("\\.intoMemorySegment\\((.*?),\\s*ORDER\\)", ".intoArray($1)"),
        Rule.of("(\\w+)\\.get\\(\\s*" + element + ",\\s*([^()]*)\\)", "$1[$2]"),
        Rule.of("(\\w+)\\.set\\(\\s*" + element + ",\\s*([^,]*),\\s*(.*?)\\);", "$1[$2] = $3;"),
        Rule.of("\\bMemorySegment\\b", type + "[]"),
        Rule.of("\\blong\\b", "int"),
        Rule.of("(\\d)L\\b", "$1"));
  }

  /** Casts between what are two types in the original. */
  private static final Rule CASTS =
      Rule.of("\n((public )?(final )?(class|interface) )", "\n@SuppressWarnings(\"cast\")\n$1");

  private DeriveGemm() {}

  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments[0]);
    Path target = Path.of(arguments[1]);
    deleteOrphans(sources, target);
    List<Rule> heapOfFloats = heap("float", "FloatVector", "FLOAT");
    List<Rule> heapOfDoubles = heap("double", "DoubleVector", "DOUBLE");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(sources.resolve(GEMM + "f32"))) {
      for (Path file : files) {
        if (!file.endsWith("Memory.java")) {
          String f32 = Files.readString(file);
          String f64 = apply(F64, f32);
          write(target, GEMM + "f64", file, f64);
          write(target, GEMM + "f32heap", file, apply(heapOfFloats, f32));
          write(target, GEMM + "f64heap", file, apply(heapOfDoubles, f64));
        }
      }
    }
    Path twin = sources.resolve(SCALAR + "ScalarGemm.java");
    write(target, SCALAR + "f64", twin, apply(F64, Files.readString(twin)));
  }

  /** Deletes what was derived from files that are no more. */
  private static void deleteOrphans(Path sources, Path target) throws IOException {
    for (String derived : List.of("f64", "f32heap", "f64heap")) {
      Path folder = target.resolve(GEMM + derived);
      if (Files.exists(folder)) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
          for (Path file : files) {
            if (!Files.exists(sources.resolve(GEMM + "f32").resolve(file.getFileName()))) {
              Files.delete(file);
            }
          }
        }
      }
    }
  }

  private static String apply(List<Rule> rules, String text) {
    for (Rule rule : rules) {
      text = rule.pattern.matcher(text).replaceAll(rule.replacement);
    }
    return text;
  }

  private static void write(Path target, String folder, Path source, String text)
      throws IOException {
    Path file = target.resolve(folder).resolve(source.getFileName());
    Files.createDirectories(file.getParent());
    text = apply(List.of(CASTS), text);
    String head = "// Derived from " + source.getFileName() + " in gemm/f32 or scalar by DeriveGemm.\n";
    if (!Files.exists(file) || !Files.readString(file).equals(head + text)) {
      Files.writeString(file, head + text);
    }
  }
}

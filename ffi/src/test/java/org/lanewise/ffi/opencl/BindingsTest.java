package org.lanewise.ffi.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.lanewise.ffi.opencl.bindings.OpenCLConstants;

/** The bindings hold what the wrapper uses and nothing else, and are what the lists say. */
class BindingsTest {
  private static final Path LISTS = Path.of("bindings");
  private static final Path SOURCES = Path.of("src/main/java/org/lanewise/ffi/opencl");

  @Test
  void functionsAreThoseThatAreUsed() throws IOException {
    assertThat(list("functions.txt")).isEqualTo(used("OpenCL\\.(cl\\w+)\\("));
  }

  @Test
  void constantsAreThoseThatAreUsed() throws IOException {
    Set<String> used = used("OpenCLConstants\\.(CL_\\w+)\\(");
    used.removeAll(list("statuses.txt"));
    assertThat(list("constants.txt")).isEqualTo(used);
  }

  @Test
  void generatedConstantsAreThoseOfTheLists() throws IOException {
    Set<String> listed = list("constants.txt");
    listed.addAll(list("statuses.txt"));
    assertThat(
            Stream.of(OpenCLConstants.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toSet()))
        .isEqualTo(listed);
  }

  @Test
  void generatedFunctionsAreThoseOfTheList() throws IOException {
    String generated = Files.readString(SOURCES.resolve("bindings/OpenCL.java"));
    assertThat(matches(Pattern.compile("public static \\w+ (cl\\w+)\\("), generated))
        .isEqualTo(list("functions.txt"));
  }

  @Test
  void everyStatusHasAName() {
    assertThat(Status.name(-11)).isEqualTo("CL_BUILD_PROGRAM_FAILURE");
    assertThat(Status.name(-5)).isEqualTo("CL_OUT_OF_RESOURCES");
    assertThat(Status.name(-12345)).isEqualTo("an unknown status");
  }

  private static Set<String> list(String file) throws IOException {
    return new TreeSet<>(Files.readAllLines(LISTS.resolve(file)));
  }

  private static Set<String> used(String expression) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        names.addAll(matches(Pattern.compile(expression), Files.readString(file)));
      }
    }
    return names;
  }

  private static Set<String> matches(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(() -> new TreeSet<String>()));
  }
}

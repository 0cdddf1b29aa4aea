package org.lanewise.samples;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the direction of dependencies. It stands in this module because this one sees all the
 * libraries.
 */
class ArchitectureTest {
  private static final JavaClasses LANEWISE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.lanewise");

  /** The packages of the left side may use, beside the JDK and themselves, the right side alone. */
  static Stream<Arguments> uses() {
    return Stream.of(
        arguments("org.lanewise.kernels..", List.of()),
        arguments("org.lanewise.kernels.op..", List.of()),
        arguments("org.lanewise.ffi..", List.of("org.lanewise.kernels..")),
        arguments("org.lanewise.nn..", List.of("org.lanewise.kernels..", "tools.jackson.core..")),
        arguments(
            "org.lanewise.cli..",
            List.of(
                "org.lanewise.kernels..", "org.lanewise.ffi..", "org.lanewise.nn..", "picocli..")));
  }

  @ParameterizedTest
  @MethodSource("uses")
  void usesOnly(String user, List<String> used) {
    onlyUses(user, used).check(LANEWISE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.lanewise.kernels.host..",
        "org.lanewise.kernels.simd..",
        "org.lanewise.kernels.scalar.."
      })
  void kernelsDoNotKnowWhoRunsThem(String kernels) {
    noClasses()
        .that()
        .resideInAPackage(kernels)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.lanewise.kernels.backend..")
        .check(LANEWISE);
  }

  @Test
  void nothingUsesTheApplications() {
    noClasses()
        .that()
        .resideOutsideOfPackages("org.lanewise.samples..", "org.lanewise.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.lanewise.samples..", "org.lanewise.bench..")
        .check(LANEWISE);
  }

  /** What it would cost, and only on a newer JDK, stands in the package comment of simd. */
  @Test
  void vectorsAreReinterpretedByShape() {
    noClasses().should().callMethodWhere(target(nameStartingWith("reinterpretAs"))).check(LANEWISE);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.lanewise.(**)").should().beFreeOfCycles().check(LANEWISE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.lanewise.kernels",
        "org.lanewise.kernels.simd",
        "org.lanewise.kernels.scalar",
        "org.lanewise.kernels.op",
        "org.lanewise.kernels.backend",
        "org.lanewise.nn",
        "org.lanewise.samples"
      })
  void seesEveryLayer(String name) {
    assertThat(LANEWISE.containPackage(name))
        .as("classes of %s are on the class path", name)
        .isTrue();
  }

  @Test
  void aRuleSeesABreach() {
    ArchRule samplesUseNothing = onlyUses("org.lanewise.samples..", List.of());
    assertThat(samplesUseNothing.evaluate(LANEWISE).getFailureReport().getDetails())
        .anyMatch(breach -> breach.contains("org.lanewise.nn."));
  }

  private static ArchRule onlyUses(String user, List<String> used) {
    Stream<String> always = Stream.of(user, "java..", "javax..", "jdk..");
    return classes()
        .that()
        .resideInAPackage(user)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(Stream.concat(always, used.stream()).toArray(String[]::new));
  }
}

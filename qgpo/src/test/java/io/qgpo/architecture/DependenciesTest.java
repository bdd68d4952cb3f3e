package io.qgpo.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may use which: ARCHITECTURE.md's arrows. */
class DependenciesTest {
  private static final String ROOT = "io.qgpo.";
  private static final String TENSOR = "tensor";
  private static final String AUTOGRAD = "autograd..";
  private static final String JACKSON = "com.fasterxml.jackson..";

  /** In the JDK: metadata of images are XML trees. */
  private static final String JDK_XML = "org.w3c.dom..";

  /**
   * For each package, what it may use besides itself and the JDK. Names of this project's packages
   * are without {@code io.qgpo}; two dots at the end take in the packages below.
   */
  private static final Map<String, List<String>> MAY_USE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("tensor", List.of()),
              Map.entry("tensor.cpu", List.of(TENSOR)),
              Map.entry("tensor.simd", List.of(TENSOR, "tensor.cpu", "jdk.incubator.vector")),
              Map.entry("tensor.io", List.of()),
              Map.entry("tensor.kernel", List.of(TENSOR, "tensor.cpu", "tensor.plugin")),
              Map.entry("tensor.plugin", List.of()),
              Map.entry("autograd", List.of(TENSOR)),
              Map.entry("autograd.op", List.of(TENSOR, "autograd")),
              Map.entry("autograd.nn", List.of(TENSOR, "autograd", "autograd.op")),
              Map.entry("autograd.optim", List.of(TENSOR, "autograd", "autograd.nn")),
              Map.entry("cuda", List.of(TENSOR, "tensor.cpu", "tensor.kernel", "jcuda..")),
              Map.entry("diffusion", List.of(TENSOR, AUTOGRAD)),
              Map.entry("exact", List.of(TENSOR, "diffusion")),
              Map.entry("data", List.of()),
              Map.entry(
                  "data.io",
                  List.of("data", "tensor.io", "io.jhdf..", "de.siegmar.fastcsv..", JACKSON)),
              Map.entry("env", List.of("data")),
              Map.entry("env.antmaze", List.of("env", "env.mujoco")),
              Map.entry("env.film", List.of("env", JDK_XML)),
              Map.entry("env.maze2d", List.of("env", "data")),
              Map.entry("env.mujoco", List.of("env", "data")),
              Map.entry("env.locomotion", List.of("env", "env.mujoco")),
              Map.entry(
                  "env.catalog",
                  List.of("env", "env.antmaze", "env.locomotion", "env.maze2d", "tensor.plugin")),
              Map.entry("run.tensorboard", List.of("com.google.protobuf..")),
              Map.entry(
                  "run",
                  List.of(
                      TENSOR,
                      "tensor.cpu",
                      "tensor.io",
                      "run.tensorboard",
                      "algorithm",
                      "data",
                      "data.io",
                      "env",
                      "env.catalog",
                      "env.maze2d",
                      JACKSON)),
              Map.entry(
                  "algorithm",
                  List.of(TENSOR, "tensor.io", AUTOGRAD, "diffusion", "data", JACKSON)),
              Map.entry(
                  "export",
                  List.of(
                      "algorithm",
                      "diffusion",
                      "data",
                      "run",
                      "tensor.io",
                      "com.google.protobuf..")),
              Map.entry("api", List.of(TENSOR, "algorithm", "data", "data.io", "run")),
              Map.entry(
                  "serve",
                  List.of(
                      TENSOR,
                      "run",
                      JACKSON,
                      "com.sun.net.httpserver..",
                      "io.prometheus.metrics..",
                      "org.slf4j..")),
              Map.entry(
                  "verify",
                  List.of(
                      TENSOR,
                      "tensor.io",
                      AUTOGRAD,
                      "diffusion",
                      "exact",
                      "data",
                      "algorithm",
                      "report")),
              Map.entry("launch", List.of()),
              Map.entry("help", List.of("algorithm", "org.commonmark..", "picocli..")),
              Map.entry(
                  "report",
                  List.of("tensor.io", "algorithm", "data", "run", JACKSON, "org.knowm.xchart..")),
              Map.entry(
                  "toy",
                  List.of(
                      TENSOR,
                      "tensor.io",
                      AUTOGRAD,
                      "diffusion",
                      "exact",
                      "algorithm",
                      "run",
                      "report",
                      JACKSON)),
              Map.entry(
                  "cli",
                  List.of(
                      TENSOR,
                      "tensor.cpu",
                      "tensor.io",
                      "tensor.kernel",
                      AUTOGRAD,
                      "diffusion",
                      "data",
                      "data.io",
                      "env",
                      "env.catalog",
                      "env.film",
                      "env.maze2d",
                      "env.mujoco",
                      "run",
                      "report",
                      "export",
                      "serve",
                      "verify",
                      "toy",
                      "help",
                      "algorithm",
                      "launch",
                      JACKSON,
                      "picocli.."))));

  private static JavaClasses project;

  @BeforeAll
  static void readClasses() {
    project =
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages(ROOT.substring(0, ROOT.length() - 1));
  }

  static Iterable<String> packages() {
    return MAY_USE.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatItMay(String name) {
    List<String> allowed =
        new ArrayList<>(List.of("java..", "javax..", "com.sun.management", ROOT + name));
    for (String other : MAY_USE.get(name)) {
      boolean ours = MAY_USE.containsKey(other.replace("..", ""));
      allowed.add(ours ? ROOT + other : other);
    }
    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(new String[0]))
        .check(project);
  }

  @Test
  void everyPackageIsInTheTable() {
    TreeSet<String> found = new TreeSet<>();
    project.forEach(type -> found.add(type.getPackageName().substring(ROOT.length())));
    assertEquals(MAY_USE.keySet(), found);
  }

  @Test
  void onlyTheSimdBackendTouchesTheIncubator() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "tensor.simd")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jdk.incubator..")
        .check(project);
  }

  /** Files from outside must never become objects of their own choice: SECURITY.md. */
  @Test
  void nothingReadsSerialisedObjects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(java.io.ObjectInputStream.class, java.beans.XMLDecoder.class)
        .check(project);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(project);
  }
}

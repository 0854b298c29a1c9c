// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of CONTRIBUTING.md that a compiler does not know. */
@AnalyzeClasses(packages = "org.cardatabridge", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule simulatorUsesNothingElseOfOursAndNoCamel =
      noClasses()
          .that()
          .resideInAPackage("..simulator..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are Camel's, or ours and not of the simulator",
                  c ->
                      c.getPackageName().startsWith("org.apache.camel")
                          || c.getPackageName().startsWith("org.cardatabridge")
                              && !c.getPackageName().startsWith("org.cardatabridge.simulator")));

  @ArchTest
  static final ArchRule onlyTheCommandsUseTheSimulator =
      noClasses()
          .that()
          .resideOutsideOfPackages("..simulator..", "..cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..simulator..");

  @ArchTest
  static final ArchRule domainPackagesKnowNoCommands =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..auth..",
              "..disk..",
              "..stream..",
              "..decode..",
              "..meaning..",
              "..evcc..",
              "..homie..",
              "..journal..",
              "..recording..",
              "..mqtt..",
              "..homeassistant..",
              "..sql..",
              "..kafka..",
              "..archive..",
              "..push..",
              "..derived..",
              "..notify..",
              "..api..",
              "..web..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..cli..");

  @ArchTest
  static final ArchRule meaningsKnowEventsOnly =
      noClasses()
          .that()
          .resideInAPackage("..meaning..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "are ours, but for CarEvent and their own",
                  c ->
                      c.getPackageName().startsWith("org.cardatabridge.")
                          && !c.getPackageName().equals("org.cardatabridge.meaning")));

  /** Whole, synced and for its owner alone: {@code PrivateFile}. The export's files only grow. */
  @ArchTest
  static final ArchRule filesAreMadeDurableInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackages("..disk..", "..archive..")
          .should()
          .callMethod(java.nio.channels.FileChannel.class, "force", boolean.class);

  @ArchTest
  static final ArchRule noPackageIsCalledUtil =
      noClasses().should().resideInAnyPackage("..util..", "..utils..", "..helper..", "..common..");

  @ArchTest
  static final ArchRule nothingManages =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  @ArchTest
  static final ArchRule staticsAreConstants = fields().that().areStatic().should().beFinal();

  @ArchTest
  static final ArchRule timeIsInjected =
      noClasses()
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.LocalDateTime.class, "now");

  @ArchTest
  static final ArchRule onlyCommandsWriteToTheTerminal =
      noClasses()
          .that()
          .resideOutsideOfPackages("..cli..")
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule classesAreFinalOrMeantForExtension =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .areNotInterfaces()
          .and()
          .areNotEnums()
          .and()
          .arePublic()
          .and()
          .doNotHaveModifier(com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT)
          .should()
          .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL);
}

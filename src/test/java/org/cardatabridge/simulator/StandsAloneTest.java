// SPDX-License-Identifier: Apache-2.0
package org.cardatabridge.simulator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class StandsAloneTest {

  @Test
  void theSimulatorUsesNothingElseOfOursAndNoCamel() {
    noClasses()
        .that()
        .resideInAPackage("org.cardatabridge.simulator..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.apache.camel..")
                .or(
                    resideInAPackage("org.cardatabridge..")
                        .and(
                            DescribedPredicate.not(
                                resideInAPackage("org.cardatabridge.simulator..")))))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.cardatabridge.simulator"));
  }
}

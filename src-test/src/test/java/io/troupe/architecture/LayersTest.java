package io.troupe.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which package may use what. */
@AnalyzeClasses(packages = "io.troupe", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
    @ArchTest
    static final ArchRule CLIENT_BYTES_STAY_AT_THE_CLIENT_PORT = noClasses()
            .that()
            .resideOutsideOfPackage("io.troupe.app.clientport..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..")
            .because("the coordinator knows no client protocol; translate in app.clientport");

    @ArchTest
    static final ArchRule ZOOKEEPERS_BYTES_STAY_WHERE_THEY_ARE_TRANSLATED = noClasses()
            .that()
            .resideOutsideOfPackages("io.troupe.app.clientport..", "io.troupe.app.zookeeper..", "io.troupe.app.shell..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.jute..", "org.apache.zookeeper..")
            .because(
                    "nothing else knows them; translate requests in app.clientport, files in app.zookeeper; app.shell is a"
                            + " client");

    @ArchTest
    static final ArchRule THE_LIBRARY_KNOWS_NO_PROCESS = noClasses()
            .that()
            .resideOutsideOfPackage("io.troupe.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.troupe.app..", "picocli..", "ch.qos.logback..")
            .because("the library is used without the process; hand in what it needs");

    @ArchTest
    static final ArchRule ONLY_MAIN_ENDS_THE_JVM = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.troupe.app.Main")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .because("a command answers a status and is given what it needs");

    @ArchTest
    static final ArchRule TIME_AND_CHANCE_COME_FROM_THE_ENVIRONMENT = noClasses()
            .that()
            .resideOutsideOfPackage("io.troupe.env.system..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
            .because(
                    "simulation replays a seed only when time and chance are arguments; use env.Clock and env.Entropy");

    @ArchTest
    static final ArchRule ACTORS_NAME_THEIR_LOGGER = classes()
            .that()
            .areAssignableTo(AbstractBehavior.class)
            .should()
            .callMethodWhere(target(name("setLoggerName")).and(target(owner(type(ActorContext.class)))))
            .because("Akka may take one of its own classes for the actor's, whose level cuts what the actor tells");

    @ArchTest
    static final ArchRule APPLICATIONS_NEED_NO_SERVER = noClasses()
            .that()
            .resideInAPackage("io.troupe.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages(
                            "io.troupe.client..", "io.troupe.request..", "io.troupe.ensemble..", "io.troupe.env..")))
            .because("an Akka application uses it without a node; say what is shared in client.protocol");

    @ArchTest
    static final ArchRule RECIPES_ARE_WRITTEN_AS_BY_A_USER = noClasses()
            .that()
            .resideInAPackage("io.troupe.recipes..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages("io.troupe.recipes..", "io.troupe.client", "io.troupe.request..")))
            .because("what they need any application may need; let io.troupe.client offer it");

    @ArchTest
    static final ArchRule EXTENSIONS_OF_AKKA_ARE_WRITTEN_AS_BY_A_USER = noClasses()
            .that()
            .resideInAPackage("io.troupe.akka..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages(
                            "io.troupe.akka..", "io.troupe.recipes", "io.troupe.client", "io.troupe.request..")))
            .because("what they need any application may need; let io.troupe.client or io.troupe.recipes offer it");

    @ArchTest
    static final ArchRule EDGES_SPEAK_TO_THE_FRONTEND = noClasses()
            .that()
            .resideInAPackage("io.troupe.actorport..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages(
                            "io.troupe.actorport..",
                            "io.troupe.client.protocol..",
                            "io.troupe.edge..",
                            "io.troupe.request..",
                            "io.troupe.ensemble..")))
            .because("an edge knows the node as any other edge does; use edge.Frontend");

    @ArchTest
    static final ArchRule OPERATORS_SPEAK_TO_THE_FRONTEND = noClasses()
            .that()
            .resideInAnyPackage("io.troupe.app.console..", "io.troupe.app.metrics..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages(
                            "io.troupe.app.console..",
                            "io.troupe.app.metrics..",
                            "io.troupe.app.audit..",
                            "io.troupe.app.tls..",
                            "io.troupe.app.clientport",
                            "io.troupe.app.clientport.auth..",
                            "io.troupe.edge..",
                            "io.troupe.ensemble..",
                            "io.troupe.env..",
                            "io.troupe.metrics..",
                            "io.troupe.node..",
                            "io.troupe.overview..",
                            "io.troupe.request..")))
            .because("HTTP is an edge as any other; use edge.Frontend, and count in io.troupe.metrics");

    @ArchTest
    static final ArchRule HTTP_STAYS_IN_THE_CONSOLE = noClasses()
            .that()
            .resideOutsideOfPackage("io.troupe.app.console..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jetty..")
            .because("what is asked by HTTP is a route of app.console");

    @ArchTest
    static final ArchRule THE_SHELL_IS_A_CLIENT = noClasses()
            .that()
            .resideInAPackage("io.troupe.app.shell..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.troupe..")
                    .and(resideOutsideOfPackages("io.troupe.app.shell..", "io.troupe.env..")))
            .because(
                    "it works with any server that speaks ZooKeeper's protocol; what it needs to know it asks the server");

    @ArchTest
    static final ArchRule METRICS_ARE_COUNTED_WITHOUT_A_LIBRARY = noClasses()
            .that()
            .resideOutsideOfPackage("io.troupe.app.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..")
            .because("counting costs nothing but the count; app.metrics reads it when somebody asks");

    @ArchTest
    static final ArchRule STATIC_FIELDS_ARE_FINAL = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("io.troupe..")
            .should()
            .beFinal()
            .because("state has an owner; give it to an actor");
}

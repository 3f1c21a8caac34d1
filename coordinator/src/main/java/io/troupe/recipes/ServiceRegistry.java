package io.troupe.recipes;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import io.troupe.client.CoordinatorException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Who gives which service, and where: Curator's {@code ServiceDiscovery}. Thread-safe. */
public final class ServiceRegistry {
    private final Recipes recipes;
    private final String path;

    ServiceRegistry(Recipes recipes, String path) {
        this.recipes = recipes;
        this.path = path;
    }

    /** Tells clients of an instance. */
    public Registration register(ServiceInstance instance) {
        return new Registration(recipes, path + "/" + instance.name() + "/" + instance.id(), instance);
    }

    /**
     * Tells clients of an instance, and whether it is well: enabled once it is for the first time, and as long as it is.
     *
     * @param period between two questions, and how long an answer may take
     * @param health asked whether the instance is well
     */
    public Registration register(ServiceInstance instance, Duration period, Supplier<CompletionStage<Boolean>> health) {
        Registration registration = register(instance.withEnabled(false));
        registration.check(period, health);
        return registration;
    }

    /** The names of the services, as far as the session's node knows. */
    public CompletionStage<List<String>> names() {
        CompletionStage<List<String>> listed = recipes.session()
                .getChildren(path)
                .thenApply(children -> children.names().stream().sorted().toList());
        return Failures.recover(
                listed,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(List.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private Group group(String name) {
        return recipes.group(path + "/" + name);
    }

    private static List<ServiceInstance> instances(List<Member> members) {
        return members.stream()
                .map(member -> ServiceJson.read(member.data().toArray()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** All instances of a service, by their ids, those that are not to be used as well. */
    public CompletionStage<List<ServiceInstance>> instances(String name) {
        return group(name).members().thenApply(ServiceRegistry::instances);
    }

    /** All instances of a service, and who they are after each change; several changes may be told as one. */
    public Source<List<ServiceInstance>, NotUsed> changes(String name) {
        return group(name).changes().map(ServiceRegistry::instances);
    }

    /** Chooses among the instances of a service that are to be used. */
    public Balancer balancer(String name, Balancing how) {
        return new Balancer(recipes, name, changes(name), how);
    }
}

package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.Done;
import io.troupe.recipes.Group;
import io.troupe.recipes.Lease;
import io.troupe.recipes.Member;
import io.troupe.recipes.Registration;
import io.troupe.recipes.ServiceInstance;
import io.troupe.recipes.ServiceRegistry;
import io.troupe.sim.LeaseBook.Held;
import io.troupe.sim.LeaseBook.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Applications give a service each, under names that stay; all follow who does, and in the end know it. */
final class MemberWork {
    static final String SERVICES = "/services";
    static final String WORKER = "worker";
    static final String INSTANCES = SERVICES + "/" + WORKER;

    private static final int PORT = 8_080;

    private final RecipeWork work;
    private final List<Follower> followers = new ArrayList<>();

    MemberWork(RecipeWork work) {
        this.work = work;
    }

    /** What one session has been told last. */
    private static final class Follower {
        private final AppSession at;
        private Map<String, Member> members = Map.of();
        private Map<String, Boolean> enabled = Map.of();

        Follower(AppSession at) {
            this.at = at;
        }

        /** What is wrong with who they are now, if anything is: nobody comes back whom another has followed. */
        Optional<String> told(List<Member> now) {
            Map<String, Member> before = members;
            members = new TreeMap<>();
            now.forEach(member -> members.put(member.id(), member));
            return now.stream()
                    .filter(member -> before.containsKey(member.id())
                            && before.get(member.id()).token() > member.token())
                    .findFirst()
                    .map(member -> "%s was told of %s after its successor".formatted(at, member));
        }

        void toldOf(List<ServiceInstance> now) {
            enabled = new TreeMap<>();
            now.forEach(instance -> enabled.put(instance.id(), instance.enabled()));
        }
    }

    void begin(AppSession at) {
        ServiceRegistry services = at.recipes().services(SERVICES);
        register(at, services);
        Follower follower = new Follower(at);
        followers.add(follower);
        Group group = at.recipes().group(INSTANCES);
        ended(
                at,
                group.changes().runForeach(members -> follower.told(members).ifPresent(at.world()::fail), at.system()));
        ended(at, services.changes(WORKER).runForeach(follower::toldOf, at.system()));
    }

    private static void ended(AppSession at, CompletionStage<Done> end) {
        // Akka's stages run what is given no executor in threads outside of the actor system.
        end.whenCompleteAsync(
                (done, failure) -> {
                    if (failure != null) {
                        at.failed("following " + INSTANCES, failure);
                    }
                },
                at.system().executionContext());
    }

    /** Under the application's name: whatever an earlier process of it has left must go first. */
    private void register(AppSession at, ServiceRegistry services) {
        String id = "a" + at.application();
        Registration registration = services.register(ServiceInstance.of(WORKER, id, "host-" + id, PORT));
        CompletionStage<Lease> registered = registration.registered();
        registered.whenComplete((lease, failure) -> {
            if (failure == null) {
                work.locks()
                        .granted(
                                at,
                                lease.path(),
                                new Held(
                                        Kind.ALONE,
                                        at.toString(),
                                        lease.path(),
                                        lease.token(),
                                        lease::isHeld,
                                        at::isOver));
                tell(at, registration);
            } else {
                at.failed("registering at " + INSTANCES, failure);
            }
        });
    }

    private void tell(AppSession at, Registration registration) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "register");
        CompletionStage<Done> told = registration.setEnabled(at.random().nextBoolean());
        told.whenComplete((done, failure) -> {
            if (failure != null) {
                at.failed("telling at " + INSTANCES, failure);
            }
            doing.ended(failure == null);
            work.next(at, () -> tell(at, registration));
        });
    }

    /** In what those who live and follow differ from the tree in the end, if they do. */
    Optional<String> wrong(Map<String, TreeDump.Znode> znodes) {
        Map<String, Boolean> enabled = new TreeMap<>();
        Map<String, Long> tokens = new TreeMap<>();
        znodes.forEach((path, znode) -> {
            if (path.startsWith(INSTANCES + "/")) {
                String id = path.substring(INSTANCES.length() + 1);
                enabled.put(id, text(znode.data()).contains("\"enabled\":true"));
                tokens.put(id, znode.stat().czxid());
            }
        });
        for (Follower each : followers) {
            Map<String, Long> known = new TreeMap<>();
            each.members.forEach((id, member) -> known.put(id, member.token()));
            if (!each.at.isOver() && !(each.enabled.equals(enabled) && known.equals(tokens))) {
                return Optional.of("the instances are %s (%s), but %s knows %s (%s)"
                        .formatted(enabled, tokens, each.at, each.enabled, known));
            }
        }
        return Optional.empty();
    }

    private static String text(byte @Nullable [] data) {
        return data == null ? "" : new String(data, UTF_8);
    }
}

package io.troupe.recipes;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.troupe.client.CoordinatorException;
import io.troupe.client.ReadResult;
import io.troupe.client.Session;
import io.troupe.client.WatchMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who is there: Curator's {@code GroupMember}, whose members' znodes have their ids for names. Thread-safe. */
public final class Group {
    private final Recipes recipes;
    private final Session session;
    private final String path;

    Group(Recipes recipes, String path) {
        this.recipes = recipes;
        this.session = recipes.session();
        this.path = path;
    }

    /**
     * Joins.
     *
     * @param id of no other member
     * @param data told to the others
     */
    public Membership join(String id, byte[] data) {
        return new Membership(recipes, path + "/" + id, data);
    }

    /** A member as an actor: joins at its start, until it is told {@link Release}, is stopped, or the session is over. */
    public Behavior<Release> member(String id, byte[] data, ActorRef<? super Standing> listener) {
        return PresenceActor.create(session, path + "/" + id, data.clone(), listener::tell)
                .narrow();
    }

    /** All members, by their ids, as far as the session's node knows. */
    public CompletionStage<List<Member>> members() {
        CompletionStage<List<Member>> members = session.getChildren(path).thenCompose(children -> {
            List<String> ids = children.names().stream().sorted().toList();
            return ids.isEmpty()
                    ? CompletableFuture.completedFuture(List.of())
                    : session.readAll(ids.stream().map(id -> path + "/" + id).toList(), List.of())
                            .thenApply(results -> members(ids, results));
        });
        return Failures.recover(
                members,
                failure -> failure instanceof CoordinatorException.NoNode
                        ? CompletableFuture.completedFuture(List.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private static List<Member> members(List<String> ids, List<ReadResult> results) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (results.get(i) instanceof ReadResult.Data read) {
                members.add(new Member(
                        ids.get(i),
                        ByteString.fromArray(read.data().bytes()),
                        read.data().stat().czxid()));
            }
        }
        return List.copyOf(members);
    }

    /** All members, and who they are after each change; several changes may be told as one. */
    public Source<List<Member>, NotUsed> changes() {
        return new Following(recipes).changes(path, WatchMode.RECURSIVE, this::members);
    }
}

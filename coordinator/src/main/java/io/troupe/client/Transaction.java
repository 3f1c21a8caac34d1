package io.troupe.client;

import io.troupe.client.protocol.Answer;
import io.troupe.client.protocol.Ask;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Writes that are made all or not at all, in one step of the ensemble. Made by {@link Session#transaction}; for one thread. */
public final class Transaction {
    private static final int ANY = -1;
    private static final long NO_TTL = -1;

    private final Session session;
    private final List<Ask.Write> writes = new ArrayList<>();

    /**
     * What one of its writes came to.
     *
     * @param path of a creation; else null
     * @param stat of a creation or a setting; else null
     */
    public record Result(@Nullable String path, @Nullable Stat stat) {}

    Transaction(Session session) {
        this.session = session;
    }

    /** Creates a znode that everybody may access. */
    public Transaction create(String path, byte[] data, CreateMode mode) {
        return create(path, data, mode, Acl.OPEN);
    }

    /** Creates a znode, of a mode without a time to live. */
    public Transaction create(String path, byte[] data, CreateMode mode, List<Acl> acl) {
        writes.add(new Ask.Create(
                Objects.requireNonNull(path), Objects.requireNonNull(data), acl, Objects.requireNonNull(mode), NO_TTL));
        return this;
    }

    /** Deletes a znode of any version. */
    public Transaction delete(String path) {
        return delete(path, ANY);
    }

    /** Deletes a znode of this version. */
    public Transaction delete(String path, int version) {
        writes.add(new Ask.Delete(Objects.requireNonNull(path), version));
        return this;
    }

    /** Sets the data of a znode of any version. */
    public Transaction setData(String path, byte[] data) {
        return setData(path, data, ANY);
    }

    /** Sets the data of a znode of this version. */
    public Transaction setData(String path, byte[] data, int version) {
        writes.add(new Ask.SetData(Objects.requireNonNull(path), Objects.requireNonNull(data), version));
        return this;
    }

    /** Fails the transaction unless the znode is there and has this version; -1 for any. */
    public Transaction check(String path, int version) {
        writes.add(new Ask.Check(Objects.requireNonNull(path), version));
        return this;
    }

    /** Makes them. One result for each, in their order; or {@link CoordinatorException.TransactionRefused}. */
    public CompletionStage<List<Result>> commit() {
        List<Ask.Write> made = List.copyOf(writes);
        return session.ask(new Ask.Multi(made), "a transaction of " + made.size(), answer -> read(made, answer));
    }

    private static List<Result> read(List<Ask.Write> made, Answer answer) {
        List<Answer> answers = ((Answer.Many) answer).answers();
        List<Result> results = new ArrayList<>();
        for (Answer one : answers) {
            if (one instanceof Answer.Failed failed && failed.code() != ErrorCode.OK.code()) {
                int index = results.size();
                throw new CoordinatorException.TransactionRefused(
                        index,
                        CoordinatorException.of(
                                failed.code(),
                                made.get(index).getClass().getSimpleName() + " " + path(made.get(index))));
            }
            results.add(result(one));
        }
        return List.copyOf(results);
    }

    private static String path(Ask.Write write) {
        if (write instanceof Ask.Create create) {
            return create.path();
        } else if (write instanceof Ask.Delete delete) {
            return delete.path();
        } else if (write instanceof Ask.SetData set) {
            return set.path();
        }
        return ((Ask.Check) write).path();
    }

    private static Result result(Answer answer) {
        if (answer instanceof Answer.Created created) {
            return new Result(created.path(), created.stat());
        }
        return new Result(null, answer instanceof Answer.Found found ? found.stat() : null);
    }
}

package io.troupe.app.backup;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.request.Acl;
import io.troupe.tree.state.EphemeralOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a backup back into an ensemble that runs: the tree is compared with the backup, what differs is changed by ordinary requests, and
 * it is compared again, until nothing differs (decision 052). Each transaction is all or nothing, the whole is not. A step names the version
 * that was seen, so nothing that a client writes meanwhile is overwritten unseen: it shows in the next comparison.
 */
public final class Restoration {
    /** Clients that write all the time could have it go on for ever. */
    private static final int MOST_ROUNDS = 8;

    private static final int MOST_STEPS = 200;
    private static final int MOST_BYTES = 256 << 10;

    private final HttpNode node;
    private final BackupTaker taker;
    private final Progress progress;
    private final Path temporary;

    /**
     * Of one ensemble.
     *
     * @param node any that serves
     * @param temporary file for what the live tree holds; it goes again
     */
    public Restoration(HttpNode node, Path temporary, Progress progress) {
        this.node = node;
        this.taker = new BackupTaker(node, progress);
        this.temporary = temporary;
        this.progress = progress;
    }

    /**
     * How it ended.
     *
     * @param rounds comparisons that found something to change
     * @param changes steps taken
     * @param last what was found last: nothing to change any more, if all went well
     * @param trouble why steps were refused in the last round; empty where none was
     */
    public record Ending(int rounds, int changes, TreeDifference last, String trouble) {}

    /** What there is to change now. */
    public TreeDifference look(Backup backup, String prefix) throws IOException, BackupException {
        return TreeDifference.between(backup.tree(), taker.takeInto(temporary).tree(), prefix);
    }

    /**
     * Changes until nothing differs.
     *
     * @throws BackupException when the ensemble refuses something that it will refuse again
     */
    public Ending restore(Backup backup, String prefix) throws IOException, BackupException {
        int taken = 0;
        String trouble = "";
        for (int round = 0; ; round++) {
            TreeDifference difference = look(backup, prefix);
            List<Change> changes = difference.changes();
            if (changes.isEmpty() || round == MOST_ROUNDS) {
                return new Ending(round, taken, difference, trouble);
            }
            trouble = "";
            int done = 0;
            for (List<Change> transaction : transactions(changes)) {
                progress.show("Restoring", done, changes.size());
                HttpNode.Outcome outcome = send(transaction);
                if (outcome.refusedForGood()) {
                    throw new BackupException("stopped after " + (taken + done) + " changes, which stay: "
                            + outcome.told() + ". Repeat the command once that is settled");
                }
                if (!outcome.done()) {
                    trouble = outcome.told();
                    break;
                }
                done += transaction.size();
            }
            taken += done;
            progress.end();
        }
    }

    /** An access control list changes alone: no transaction of ZooKeeper's has it. */
    static List<List<Change>> transactions(List<Change> changes) {
        List<List<Change>> transactions = new ArrayList<>();
        List<Change> current = new ArrayList<>();
        long bytes = 0;
        for (Change change : changes) {
            boolean alone = change instanceof Change.SetAcl;
            if (!current.isEmpty() && (alone || current.size() == MOST_STEPS || bytes + change.bytes() > MOST_BYTES)) {
                transactions.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            if (alone) {
                transactions.add(List.of(change));
            } else {
                current.add(change);
                bytes += change.bytes() + change.path().length();
            }
        }
        if (!current.isEmpty()) {
            transactions.add(current);
        }
        return transactions;
    }

    private HttpNode.Outcome send(List<Change> transaction) throws IOException, BackupException {
        if (transaction.get(0) instanceof Change.SetAcl set) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.set("acl", acl(set.acl()));
            return node.setAcl(set.path(), set.aversion(), body);
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode operations = body.putArray("operations");
        transaction.forEach(change -> operations.add(operation(change)));
        return node.multi(body);
    }

    private static ObjectNode operation(Change change) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        operation.put("path", change.path());
        if (change instanceof Change.Create create) {
            operation.put("op", "create");
            putData(operation, create.data());
            operation.set("acl", acl(create.acl()));
            if (create.owner() == EphemeralOwner.CONTAINER) {
                operation.put("mode", "container");
            } else if (EphemeralOwner.isTtl(create.owner())) {
                operation.put("mode", "persistent-with-ttl");
                operation.put("ttlMillis", EphemeralOwner.ttlMillis(create.owner()));
            }
        } else if (change instanceof Change.SetData set) {
            operation.put("op", "set");
            operation.put("version", set.version());
            putData(operation, set.data());
        } else if (change instanceof Change.Delete delete) {
            operation.put("op", "delete");
            operation.put("version", delete.version());
        } else {
            throw new IllegalStateException("no part of a transaction: " + change);
        }
        return operation;
    }

    private static void putData(ObjectNode operation, byte @Nullable [] data) {
        operation.put("encoding", "base64");
        operation.put("data", data == null ? null : Base64.getEncoder().encodeToString(data));
    }

    private static ArrayNode acl(List<Acl> acl) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (Acl entry : acl) {
            entries.addObject()
                    .put("scheme", entry.who().scheme())
                    .put("id", entry.who().id())
                    .put("permissions", permissions(entry.perms()));
        }
        return entries;
    }

    private static String permissions(int bits) {
        StringBuilder letters = new StringBuilder();
        int[] each = {Acl.CREATE, Acl.DELETE, Acl.READ, Acl.WRITE, Acl.ADMIN};
        for (int i = 0; i < each.length; i++) {
            if ((bits & each[i]) != 0) {
                letters.append("cdrwa".charAt(i));
            }
        }
        return letters.toString();
    }
}

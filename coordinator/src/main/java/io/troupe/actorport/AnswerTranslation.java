package io.troupe.actorport;

import io.troupe.client.protocol.Answer;
import io.troupe.request.Acl;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Result;
import io.troupe.request.Stat;
import java.util.List;
import java.util.Objects;

/** What the node answers in the words of its clients. */
final class AnswerTranslation {
    private static final int ENVELOPE = 128;
    private static final int STAT = 64;
    private static final byte[] NONE = {};
    /** Only creations by an opcode that actor systems do not use come without. */
    private static final Stat UNKNOWN = new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private AnswerTranslation() {}

    /** The answer. */
    static Answer of(Result result, Identification.Client client) {
        if (result instanceof Result.Failed failed) {
            return new Answer.Failed(failed.error().code());
        } else if (result instanceof Result.Created created) {
            return new Answer.Created(created.path(), Objects.requireNonNullElse(created.stat(), UNKNOWN));
        } else if (result instanceof Result.Found found) {
            return new Answer.Found(found.stat());
        } else if (result instanceof Result.Data data) {
            return new Answer.Data(data.data() == null ? NONE : data.data(), data.stat());
        } else if (result instanceof Result.Children children) {
            return new Answer.Children(children.names(), children.stat());
        } else if (result instanceof Result.AclFound found) {
            return new Answer.AclFound(found.acl(), found.stat());
        } else if (result instanceof Result.Many many) {
            return new Answer.Many(
                    many.results().stream().map(one -> of(one, client)).toList());
        }
        return small(result, client);
    }

    private static Answer small(Result result, Identification.Client client) {
        if (result instanceof Result.Count count) {
            return new Answer.Count(count.total());
        } else if (result instanceof Result.Paths paths) {
            return new Answer.Paths(paths.paths());
        } else if (result instanceof Result.Who who) {
            return new Answer.Who(client.shown(who.identities()));
        } else if (result instanceof Result.Resumed resumed) {
            return new Answer.Resumed(resumed.complete());
        } else if (result instanceof Result.Done
                || result instanceof Result.Synced
                || result instanceof Result.WatchAdded) {
            return new Answer.Done();
        }
        return new Answer.Failed(ErrorCode.UNIMPLEMENTED.code());
    }

    /** About what an answer holds until it is taken. */
    static long bytes(Result result) {
        long bytes = ENVELOPE;
        if (result instanceof Result.Data data) {
            bytes += data.data() == null ? 0 : data.data().length;
        } else if (result instanceof Result.Children children) {
            bytes += texts(children.names());
        } else if (result instanceof Result.Paths paths) {
            bytes += texts(paths.paths());
        } else if (result instanceof Result.AclFound found) {
            for (Acl entry : found.acl()) {
                bytes += length(entry.who());
            }
        } else if (result instanceof Result.Many many) {
            for (Result one : many.results()) {
                bytes += bytes(one);
            }
        }
        return bytes + STAT;
    }

    private static long length(Identity identity) {
        return (long) ENVELOPE + identity.scheme().length() + identity.id().length();
    }

    private static long texts(List<String> texts) {
        long bytes = 0;
        for (String text : texts) {
            bytes += text.length();
            bytes += Integer.BYTES;
        }
        return bytes;
    }
}

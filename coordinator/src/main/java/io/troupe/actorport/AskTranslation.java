package io.troupe.actorport;

import io.troupe.client.protocol.Ask;
import io.troupe.edge.ReadOperation;
import io.troupe.ensemble.Member;
import io.troupe.ensemble.MemberLine;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.ErrorCode;
import io.troupe.request.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What clients ask for in the words of the node; makes the checks that need no tree. */
final class AskTranslation {
    /** 40 bits of milliseconds. */
    private static final long MAX_TTL_MILLIS = 1_099_511_627_775L;

    private static final long NO_TTL = -1;
    private static final int PERSISTENT = 4;
    private static final int RECURSIVE = 5;

    private final boolean ttlNodes;
    private final boolean reconfig;

    AskTranslation(ActorPortSettings settings) {
        this.ttlNodes = settings.ttlNodes();
        this.reconfig = settings.reconfig();
    }

    /** What is to be replicated, null for what is answered here. */
    @Nullable
    Operation write(Ask ask, Identification.Client client) {
        if (ask instanceof Ask.Check) {
            return null;
        } else if (ask instanceof Ask.Write one) {
            Operation.Sub sub = sub(one, client);
            return sub instanceof Operation.Refused ? null : sub;
        } else if (ask instanceof Ask.Multi multi) {
            return new Operation.Multi(
                    multi.writes().stream().map(write -> sub(write, client)).toList());
        } else if (ask instanceof Ask.SetAcl set) {
            return new Operation.SetAcl(set.path(), client.resolve(set.acl()), set.version());
        } else if (ask instanceof Ask.CloseSession) {
            return new Operation.CloseSession(0, 0);
        }
        return ask instanceof Ask.Reconfigure wish && reconfig ? reconfigure(wish) : null;
    }

    /** What cannot be read is refused by the leader, in its turn. */
    private static Operation reconfigure(Ask.Reconfigure wish) {
        List<String> all = wish.members();
        try {
            return new Operation.Reconfigure(
                    members(wish.joining()), wish.leaving(), all == null ? null : members(all), wish.version(), true);
        } catch (IllegalArgumentException unreadable) {
            return new Operation.Reconfigure(List.of(), List.of(), null, wish.version(), false);
        }
    }

    private static List<Member> members(List<String> lines) {
        return lines.stream().map(MemberLine::parse).toList();
    }

    private Operation.Sub sub(Ask.Write ask, Identification.Client client) {
        if (ask instanceof Ask.Create create) {
            return create(create, client);
        } else if (ask instanceof Ask.Delete delete) {
            return new Operation.Delete(delete.path(), delete.version());
        } else if (ask instanceof Ask.SetData set) {
            return new Operation.SetData(set.path(), set.data(), set.version());
        } else if (ask instanceof Ask.Check check) {
            return new Operation.Check(check.path(), check.version());
        }
        return new Operation.Refused(ErrorCode.UNIMPLEMENTED);
    }

    private Operation.Sub create(Ask.Create create, Identification.Client client) {
        CreateMode mode = create.mode();
        if (mode.ttl() && !ttlNodes) {
            return new Operation.Refused(ErrorCode.UNIMPLEMENTED);
        }
        if (mode.ttl() && (create.ttlMillis() <= 0 || create.ttlMillis() > MAX_TTL_MILLIS)) {
            return new Operation.Refused(ErrorCode.BAD_ARGUMENTS);
        }
        return new Operation.Create(
                create.path(),
                create.data(),
                client.resolve(create.acl()),
                mode,
                true,
                mode.ttl() ? create.ttlMillis() : NO_TTL);
    }

    /** What is answered here; a refusal for what is not. */
    ReadOperation read(Ask ask, Identification.Client client) {
        if (ask instanceof Ask.Ping) {
            return new ReadOperation.Ping();
        } else if (ask instanceof Ask.Exists exists) {
            return new ReadOperation.Exists(exists.path(), false);
        } else if (ask instanceof Ask.Read one) {
            return one(one);
        } else if (ask instanceof Ask.MultiRead multi) {
            List<ReadOperation.Sub> reads = new ArrayList<>();
            multi.reads().forEach(read -> reads.add(one(read)));
            return new ReadOperation.MultiRead(reads);
        } else if (ask instanceof Ask.GetAcl get) {
            return new ReadOperation.GetAcl(get.path());
        } else if (ask instanceof Ask.GetEphemerals get) {
            return new ReadOperation.GetEphemerals(get.prefix());
        } else if (ask instanceof Ask.CountDescendants count) {
            return new ReadOperation.GetAllChildrenNumber(count.path());
        } else if (ask instanceof Ask.WhoAmI) {
            return new ReadOperation.WhoAmI();
        } else if (ask instanceof Ask.Sync sync) {
            return new ReadOperation.Sync(sync.path());
        } else if (ask instanceof Ask.AddWatch add) {
            return new ReadOperation.AddWatch(add.path(), add.recursive() ? 1 : 0);
        } else if (ask instanceof Ask.RemoveWatch remove) {
            return new ReadOperation.RemoveWatches(remove.path(), remove.recursive() ? RECURSIVE : PERSISTENT);
        } else if (ask instanceof Ask.ResumeWatches resume) {
            return new ReadOperation.ResumeWatches(resume.since(), resume.paths(), resume.recursive());
        }
        return new ReadOperation.Refused(refusal(ask, client));
    }

    private ErrorCode refusal(Ask ask, Identification.Client client) {
        if (ask instanceof Ask.Reconfigure) {
            return ErrorCode.RECONFIG_DISABLED;
        }
        return ask instanceof Ask.Create create && create(create, client) instanceof Operation.Refused refused
                ? refused.error()
                : ErrorCode.UNIMPLEMENTED;
    }

    private static ReadOperation.Sub one(Ask.Read read) {
        if (read instanceof Ask.GetData get) {
            return new ReadOperation.GetData(get.path(), false);
        }
        return new ReadOperation.GetChildren(((Ask.GetChildren) read).path(), false, true);
    }

    /** About the bytes of what must be handed on to the leader; 0 for what is answered here. */
    static long bytes(Ask ask) {
        if (ask instanceof Ask.Multi multi) {
            return multi.writes().stream().mapToLong(AskTranslation::bytes).sum();
        } else if (ask instanceof Ask.Create create) {
            return (long) create.path().length() + create.data().length + bytes(create.acl());
        } else if (ask instanceof Ask.SetData set) {
            return (long) set.path().length() + set.data().length;
        } else if (ask instanceof Ask.SetAcl set) {
            return set.path().length() + bytes(set.acl());
        } else if (ask instanceof Ask.Delete delete) {
            return delete.path().length();
        }
        return ask instanceof Ask.Check check ? check.path().length() : wish(ask);
    }

    private static long wish(Ask ask) {
        if (!(ask instanceof Ask.Reconfigure wish)) {
            return 0;
        }
        List<String> all = wish.members();
        return Stream.concat(wish.joining().stream(), all == null ? Stream.empty() : all.stream())
                        .mapToLong(String::length)
                        .sum()
                + (long) Integer.BYTES * wish.leaving().size();
    }

    private static long bytes(List<Acl> acl) {
        return acl.stream()
                .mapToLong(entry ->
                        entry.who().scheme().length() + (long) entry.who().id().length())
                .sum();
    }
}

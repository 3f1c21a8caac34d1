package io.troupe.app.audit;

import io.troupe.edge.Audit;
import io.troupe.edge.ReadOperation;
import io.troupe.ensemble.Zxid;
import io.troupe.node.AuditSettings;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import io.troupe.request.Operation;
import io.troupe.request.Request;
import io.troupe.request.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Records what clients of the client port and of the actor port do, as far as the settings want it. Thread-safe. */
public final class ClientAudit implements Audit {
    private static final Set<ErrorCode> REFUSED_ACCESS =
            Set.of(ErrorCode.NO_AUTH, ErrorCode.AUTH_FAILED, ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH);

    private final AuditTrail trail;
    private final boolean everything;
    private final Function<List<Identity>, List<Identity>> names;

    /**
     * Records to {@code trail}.
     *
     * @param names what identities are called where they are shown: without what proves them
     */
    public ClientAudit(AuditTrail trail, AuditSettings.Level level, Function<List<Identity>, List<Identity>> names) {
        this.trail = trail;
        this.everything = level == AuditSettings.Level.ALL;
        this.names = names;
    }

    @Override
    public void connected(Client client, long sessionId) {
        if (everything) {
            record(client, sessionId, new RequestWords.Subject("connect", ""), client.identities(), ErrorCode.OK);
        }
    }

    @Override
    public void decided(Client client, Request request, Result result) {
        ErrorCode error = RequestWords.error(result);
        if (wanted(request.operation(), error)) {
            for (RequestWords.Subject subject : RequestWords.subjects(request.operation(), result)) {
                record(client, request.sessionId(), subject, request.identities(), error);
            }
        }
    }

    @Override
    public void denied(Client client, long sessionId, ReadOperation operation, List<Identity> who, ErrorCode error) {
        record(client, sessionId, RequestWords.subject(operation), who, error);
    }

    @Override
    public void authenticated(String address, String scheme, List<Identity> identities, boolean proven) {
        trail.record(() -> {
            Map<String, String> fields = new LinkedHashMap<>(whose(address, identities));
            fields.put("operation", "authenticate");
            fields.put("scheme", scheme);
            fields.put("result", proven ? "success" : "failure");
            return fields;
        });
    }

    @Override
    public void expired(long sessionId) {
        if (everything) {
            trail.record(
                    () -> Map.of("session", Zxid.hex(sessionId), "operation", "expireSession", "result", "success"));
        }
    }

    private Map<String, String> whose(String address, List<Identity> identities) {
        return Map.of(
                "ip",
                address,
                "user",
                names.apply(identities).stream()
                        .map(identity -> identity.id().isEmpty() ? identity.scheme() : identity.id())
                        .distinct()
                        .collect(Collectors.joining(",")));
    }

    private boolean wanted(Operation operation, ErrorCode error) {
        boolean opens = operation.ofSession() && !(operation instanceof Operation.CloseSession);
        return (everything && !opens)
                || REFUSED_ACCESS.contains(error)
                || operation instanceof Operation.SetAcl
                || operation instanceof Operation.ChangeMembers
                || operation instanceof Operation.Reconfigure;
    }

    private void record(
            Client client, long sessionId, RequestWords.Subject subject, List<Identity> who, ErrorCode error) {
        trail.record(() -> {
            Map<String, String> fields = subject.fields();
            fields.putAll(whose(client.address(), who));
            fields.put("session", Zxid.hex(sessionId));
            fields.put("result", error == ErrorCode.OK ? "success" : "failure");
            fields.put("error", error == ErrorCode.OK ? "" : error.name().toLowerCase(Locale.ROOT));
            return fields;
        });
    }
}

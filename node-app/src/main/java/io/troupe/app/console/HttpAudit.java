package io.troupe.app.console;

import io.troupe.app.audit.AuditTrail;
import io.troupe.app.audit.RequestWords;
import io.troupe.request.Operation;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Records what is changed over HTTP, and what is refused for who asks. Thread-safe. */
final class HttpAudit {
    /** Statuses of answers to those who may not. */
    private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

    private final @Nullable AuditTrail trail;

    /** {@code trail}: null where nothing is recorded. */
    HttpAudit(@Nullable AuditTrail trail) {
        this.trail = trail;
    }

    /** A request has come. */
    Entry begin(Request request) {
        return new Entry(request);
    }

    /** One request, by one thread after the other. */
    final class Entry {
        private final Request request;
        private volatile @Nullable Caller caller;
        private volatile Access access = Access.OPEN;
        private volatile List<RequestWords.Subject> subjects = List.of();

        private Entry(Request request) {
            this.request = request;
        }

        /** Its caller may ask. */
        void admitted(Caller who, Access asked) {
            caller = who;
            access = asked;
        }

        /** It is about the tree. */
        void asks(Operation operation) {
            List<RequestWords.Subject> parts = new ArrayList<>();
            if (operation instanceof Operation.Multi multi) {
                multi.ops().forEach(part -> parts.add(RequestWords.subject(part)));
            } else {
                parts.add(RequestWords.subject(operation));
            }
            subjects = parts;
        }

        /** It is answered; {@code problem} says what was wrong, if anything was. */
        void end(@Nullable Problem problem) {
            boolean refused = problem != null && REFUSED.contains(problem.status());
            if (trail == null || !(refused || access == Access.WRITE || access == Access.ADMIN)) {
                return;
            }
            if (subjects.isEmpty()) {
                String znode = Request.extractQueryParameters(request).getValue("path");
                record(
                        trail,
                        Map.of(
                                "operation",
                                "http " + request.getMethod() + " " + path(),
                                "znode",
                                znode == null ? "" : znode),
                        problem);
            }
            for (RequestWords.Subject subject : subjects) {
                record(trail, subject.fields(), problem);
            }
        }

        private String path() {
            String path = request.getHttpURI().getDecodedPath();
            return path == null ? "/" : path;
        }

        private void record(AuditTrail to, Map<String, String> subject, @Nullable Problem problem) {
            String ip = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer
                    ? peer.getAddress().getHostAddress()
                    : "";
            Caller who = caller;
            Map<String, String> fields = new LinkedHashMap<>(subject);
            fields.put("ip", ip);
            fields.put(
                    "user",
                    who == null ? AccessRule.claimed(request.getHeaders().get(HttpHeader.AUTHORIZATION)) : who.name());
            fields.put("result", problem == null ? "success" : "failure");
            fields.put("error", problem == null ? "" : problem.cause());
            to.record(() -> fields);
        }
    }
}

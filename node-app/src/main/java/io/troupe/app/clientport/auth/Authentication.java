package io.troupe.app.clientport.auth;

import io.troupe.app.clientport.auth.AuthenticationProvider.Outcome;
import io.troupe.edge.Audit;
import io.troupe.request.ErrorCode;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who one client has proven to be: its auth packets and SASL tokens, and the identities they have given it. Identities
 * are only ever added (contract 4.4). For the thread of the client's connection alone.
 */
public final class Authentication implements Audit.Client {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    /** They travel with each of the client's writes, and a message between nodes has room for the greatest request and them. */
    private static final int MOST_IDENTITY_CHARACTERS = 65_536;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final Authenticators authenticators;
    private final InetAddress address;
    private List<X509Certificate> certificates = List.of();
    private List<Identity> identities;
    private @Nullable SaslExchange exchange;
    private boolean busy;

    Authentication(Authenticators authenticators, InetAddress address, List<Identity> identities) {
        this.authenticators = authenticators;
        this.address = address;
        this.identities = identities;
    }

    /** Who keeps book of what this client does. */
    public Audit audit() {
        return authenticators.audit();
    }

    @Override
    public String address() {
        return address.getHostAddress();
    }

    /** All identities at this moment, in the order they were proven. */
    @Override
    public List<Identity> identities() {
        return identities;
    }

    /** Whether the client has proven what a client must before anything else is done for it. */
    public boolean suffices() {
        Set<String> required = authenticators.requiredSchemes();
        return required.isEmpty() || identities.stream().anyMatch(i -> required.contains(i.scheme()));
    }

    /** Whether a SASL step is under way; until it is answered nothing more of the client may be looked at. */
    public boolean busy() {
        return busy;
    }

    /** Takes the verified chain of certificates that the client has shown, its own first. */
    public AuthReply certificates(List<X509Certificate> shown) {
        certificates = List.copyOf(shown);
        return packet(authenticators.certificateScheme(), null);
    }

    /** Takes an auth packet. */
    public AuthReply packet(@Nullable String scheme, byte @Nullable [] data) {
        Outcome outcome = scheme == null
                ? new Outcome.Refused()
                : authenticators
                        .providers()
                        .of(scheme)
                        .map(provider ->
                                provider.authenticate(new AuthenticationProvider.Peer(address, certificates), data))
                        .orElseGet(Outcome.Refused::new);
        if (outcome instanceof Outcome.Proven proven) {
            if (tooMuch(proven)) {
                told(String.valueOf(scheme), false);
                return new AuthReply.Refused(
                        ErrorCode.AUTH_FAILED,
                        "has identities of more than " + MOST_IDENTITY_CHARACTERS + " characters in all");
            }
            add(proven.identities());
            told(String.valueOf(scheme), true);
            return new AuthReply.Accepted(null);
        }
        told(String.valueOf(scheme), false);
        if (outcome instanceof Outcome.WrongServer wrong) {
            return new AuthReply.Cut(printable(wrong.reason()));
        }
        return new AuthReply.Refused(
                ErrorCode.AUTH_FAILED, "failed to authenticate with scheme " + printable(String.valueOf(scheme)));
    }

    private boolean tooMuch(Outcome.Proven proven) {
        return characters(identities) + characters(proven.identities()) > MOST_IDENTITY_CHARACTERS;
    }

    private void told(String scheme, boolean proven) {
        audit().authenticated(address.getHostAddress(), printable(scheme), identities, proven);
    }

    private static long characters(List<Identity> identities) {
        return identities.stream().mapToLong(i -> i.id().length()).sum();
    }

    /** Who a client with these identities is in the words of {@code whoAmI} (contract 2.7). */
    public List<Identity> shown(List<Identity> held) {
        return authenticators.shown(held);
    }

    /**
     * Takes a SASL token. A server without SASL answers without a token, at once; otherwise the step is done by {@code
     * worker}, for it may block, and answered in the connection's own thread.
     *
     * @param worker its threads never run {@code answer}
     * @param own the connection's thread
     */
    public void sasl(byte @Nullable [] token, Executor worker, Executor own, Consumer<AuthReply> answer) {
        Optional<SaslMechanism> mechanism = authenticators.sasl();
        if (mechanism.isEmpty()) {
            answer.accept(new AuthReply.Accepted(null));
            return;
        }
        busy = true;
        SaslExchange current = exchange;
        worker.execute(() -> {
            SaslOutcome outcome = step(mechanism.get(), current, token == null ? new byte[0] : token);
            own.execute(() -> {
                busy = false;
                exchange = outcome.exchange();
                answer.accept(reply(outcome));
            });
        });
    }

    /** One of the two is null. */
    private record SaslOutcome(
            @Nullable SaslExchange exchange,
            SaslExchange.@Nullable Step step,
            @Nullable SaslException failure) {}

    private static SaslOutcome step(SaslMechanism mechanism, @Nullable SaslExchange begun, byte[] token) {
        SaslExchange current = begun;
        try {
            if (current == null) {
                current = mechanism.begin();
            }
            return new SaslOutcome(current, current.step(token), null);
        } catch (SaslException e) {
            return new SaslOutcome(current, null, e);
        }
    }

    private AuthReply reply(SaslOutcome outcome) {
        SaslExchange.Step step = outcome.step();
        if (step != null) {
            if (step.provenId() != null) {
                add(authenticators.ofSasl(step.provenId()));
                told(SaslProvider.SCHEME, true);
            }
            return new AuthReply.Accepted(step.token());
        }
        told(SaslProvider.SCHEME, false);
        String reason = "failed to log in by SASL ("
                + printable(
                        outcome.failure() == null
                                ? ""
                                : String.valueOf(outcome.failure().getMessage())) + ")";
        boolean demanded = authenticators.requiredSchemes().contains(SaslProvider.SCHEME);
        if (authenticators.keepsFailedSaslClients() && !demanded) {
            LOG.info("client {}: {}; it stays connected as nobody in particular", address, reason);
            return new AuthReply.Accepted(null);
        }
        return new AuthReply.Refused(
                demanded ? ErrorCode.SESSION_CLOSED_REQUIRE_SASL_AUTH : ErrorCode.AUTH_FAILED, reason);
    }

    private void add(Collection<Identity> proven) {
        Set<Identity> all = new LinkedHashSet<>(identities);
        all.addAll(proven);
        identities = List.copyOf(all);
    }

    /** Clients choose these words; a line of the log is one line all the same. */
    private static String printable(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }
}

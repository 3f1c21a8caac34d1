package io.troupe.app.console;

import io.troupe.env.Clock;
import io.troupe.node.HttpSettings.User;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges names and passwords. Judging one takes a tenth of a second of a processor, by intention; so who was right is remembered, by
 * a keyed hash that is worth nothing outside this process, and who guesses is made to wait. Thread-safe.
 */
final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

    /** Wrong passwords that an address may send in a minute. */
    static final int MOST_FAILURES = 10;

    private static final long WINDOW_MILLIS = TimeUnit.MINUTES.toMillis(1);
    private static final int MOST_ADDRESSES = 1_000;
    private static final String MAC = "HmacSHA256";

    /** Of nobody: a name that does not exist takes as long as one that does. */
    private static final String NOBODY =
            "pbkdf2-sha512$210000$AAAAAAAAAAAAAAAAAAAAAA==$" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private final List<User> users;
    private final Clock clock;
    private final byte[] key = new byte[32];
    /** By user: the keyed hash of the password that was right. */
    private final Map<String, byte[]> known = new ConcurrentHashMap<>();

    private final Map<InetAddress, Failures> failures = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Failures> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private record Failures(int count, long sinceMillis) {}

    Logins(List<User> users, Clock clock) {
        this.users = users;
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    /**
     * The user with this name, if this is his password.
     *
     * @throws Problem when too many wrong ones came from this address
     */
    Optional<User> verify(InetAddress from, String name, String password) {
        Optional<User> user = users.stream().filter(u -> u.name().equals(name)).findFirst();
        byte[] shown = keyed(name, password);
        byte[] right = known.get(name);
        if (user.isPresent() && right != null && MessageDigest.isEqual(right, shown)) {
            return user;
        }
        return slowly(from, user, password, shown);
    }

    /** One at a time, so that guesses of many take no more than one processor. */
    private synchronized Optional<User> slowly(InetAddress from, Optional<User> user, String password, byte[] shown) {
        refuseGuessers(from);
        String hash = user.map(u -> u.passwordHash().text()).orElse(NOBODY);
        boolean matches = PasswordHash.matches(hash, password.toCharArray());
        if (user.isPresent() && matches) {
            known.put(user.get().name(), shown);
            failures.remove(from);
            return user;
        }
        count(from);
        return Optional.empty();
    }

    private void refuseGuessers(InetAddress from) {
        Failures so = failures.get(from);
        if (so != null && so.count >= MOST_FAILURES) {
            long waitMillis = so.sinceMillis + WINDOW_MILLIS - clock.monotonicMillis();
            if (waitMillis > 0) {
                throw Problem.of(
                                429,
                                "too-many-failures",
                                "Too many wrong passwords",
                                MOST_FAILURES + " logins from " + from.getHostAddress()
                                        + " failed within a minute; wait, then use the right password")
                        .with("Retry-After", Long.toString(waitMillis / 1_000 + 1));
            }
            failures.remove(from);
        }
    }

    private void count(InetAddress from) {
        long now = clock.monotonicMillis();
        Failures so = failures.get(from);
        Failures next = so == null || now - so.sinceMillis > WINDOW_MILLIS
                ? new Failures(1, now)
                : new Failures(so.count + 1, so.sinceMillis);
        failures.put(from, next);
        if (next.count == MOST_FAILURES) {
            LOG.warn(
                    "HTTP: {} logins from {} failed within a minute; it must wait now",
                    MOST_FAILURES,
                    from.getHostAddress());
        }
    }

    private byte[] keyed(String name, String password) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            mac.update(name.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + MAC, e);
        }
    }
}

package io.troupe.app.clientport;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.troupe.app.clientport.auth.AuthConfiguration;
import io.troupe.app.clientport.auth.Authenticators;
import io.troupe.metrics.Metrics;
import io.troupe.node.AuthSettings;
import io.troupe.node.ClientLoad;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A client port in front of a {@link FakeNode}, and what it logs. */
final class PortFixture implements AutoCloseable {
    /** The password of the super user is "admin". */
    static final AuthSettings AUTH =
            AuthConfiguration.of("troupe.super-digest = \"super:xQJmxLMiHGwaqBvst5y6rkB6HQs=\"");

    final FakeNode node = new FakeNode();
    final Metrics metrics = new Metrics();
    final TestClock clock = new TestClock();

    /** What the lot comes to; 0 is the least there is. */
    final AtomicLong lot = new AtomicLong();

    final ClientPort port;
    private final Lines log = new Lines();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ClientPort.class.getPackageName());

    PortFixture() throws IOException {
        this(settings -> settings);
    }

    PortFixture(UnaryOperator<ClientPortSettings> change) throws IOException {
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        port = ClientPort.start(
                change.apply(settings(ClientPortSettings.Limits.DEFAULT)), node, clock, lot::get, metrics);
    }

    static ClientPortSettings settings(ClientPortSettings.Limits limits) {
        return new ClientPortSettings(
                "127.0.0.1",
                0,
                null,
                1,
                Duration.ofSeconds(4),
                Duration.ofSeconds(40),
                60,
                Set.of("*"),
                false,
                true,
                false,
                Authenticators.of(AUTH, List.of()),
                ".",
                limits,
                ClientLoad.DEFAULT,
                new ClientPortSettings.ShownConfiguration(2000, 10, 5, 25520));
    }

    /** Settings that a test changes in a few places. */
    private static final class Changed {
        private final ClientPortSettings from;
        private int port;
        private ClientPortSettings.@Nullable Secure secure;
        private int eventLoops;
        private int connectionsPerAddress;
        private boolean localSessionsUpgrade;
        private Set<String> words;
        private Authenticators authenticators;
        private ClientLoad load;

        Changed(ClientPortSettings from) {
            this.from = from;
            this.port = from.port();
            this.secure = from.secure();
            this.eventLoops = from.eventLoops();
            this.connectionsPerAddress = from.maxConnectionsPerAddress();
            this.localSessionsUpgrade = from.localSessionsUpgrade();
            this.words = from.fourLetterWords();
            this.authenticators = from.authenticators();
            this.load = from.load();
        }

        ClientPortSettings settings() {
            return new ClientPortSettings(
                    from.host(),
                    port,
                    secure,
                    eventLoops,
                    from.minSessionTimeout(),
                    from.maxSessionTimeout(),
                    connectionsPerAddress,
                    words,
                    from.ttlEnabled(),
                    from.reconfigEnabled(),
                    localSessionsUpgrade,
                    authenticators,
                    from.dataDir(),
                    from.limits(),
                    load,
                    from.shownConfiguration());
        }
    }

    private static ClientPortSettings changed(ClientPortSettings s, Consumer<Changed> change) {
        Changed changed = new Changed(s);
        change.accept(changed);
        return changed.settings();
    }

    static ClientPortSettings withWords(ClientPortSettings s, Set<String> words) {
        return changed(s, c -> c.words = words);
    }

    static ClientPortSettings withAuthenticators(ClientPortSettings s, Authenticators authenticators) {
        return changed(s, c -> c.authenticators = authenticators);
    }

    static ClientPortSettings withTls(
            ClientPortSettings s, int port, ClientPortSettings.Secure secure, Authenticators authenticators) {
        return changed(s, c -> {
            c.port = port;
            c.secure = secure;
            c.authenticators = authenticators;
        });
    }

    static ClientPortSettings withConnectionsPerAddress(ClientPortSettings s, int most) {
        return changed(s, c -> c.connectionsPerAddress = most);
    }

    static ClientPortSettings withUpgrades(ClientPortSettings s) {
        return changed(s, c -> c.localSessionsUpgrade = true);
    }

    static ClientPortSettings withEventLoops(ClientPortSettings s, int eventLoops) {
        return changed(s, c -> c.eventLoops = eventLoops);
    }

    static ClientPortSettings withLoad(ClientPortSettings s, ClientLoad load) {
        return changed(s, c -> c.load = load);
    }

    InetSocketAddress address() {
        return port.address();
    }

    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    RawClient open() throws IOException {
        return RawClient.open(address());
    }

    /** What was logged about one client. */
    List<String> logged(RawClient client) {
        String name = ":" + client.socket.getLocalPort() + ":";
        return log.lines.stream().filter(line -> line.contains(name)).toList();
    }

    /** Every line, with the stack trace's first line when there is one. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : " " + event.getThrowableProxy().getClassName()));
        }
    }

    @Override
    public void close() {
        port.close();
        node.close();
        logger.detachAppender(log);
    }
}

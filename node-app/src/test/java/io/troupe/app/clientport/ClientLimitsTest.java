package io.troupe.app.clientport;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.node.ClientLoad;
import io.troupe.node.ClientLoad.ConnectRate;
import io.troupe.node.ClientLoad.Connections;
import io.troupe.node.ClientLoad.Dropping;
import io.troupe.node.ClientLoad.Weights;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients of the client port and those that are actor systems count together. */
class ClientLimitsTest {
    private static final int UNLIMITED = 0;

    private static ClientLimits limits(int perAddress, int ofAll, int tokens) {
        ClientLoad usual = ClientLoad.DEFAULT;
        ClientPortSettings settings = ClientPortSettings.of("127.0.0.1", 0);
        ClientLoad load = new ClientLoad(
                new Connections(ofAll, 10, false, Duration.ofSeconds(10)),
                new ConnectRate(tokens, Duration.ofHours(1), 1, new Weights(2, 1), Dropping.NEVER),
                usual.requests(),
                usual.bounds());
        return ClientLimits.of(
                new ClientPortSettings(
                        settings.host(),
                        settings.port(),
                        null,
                        1,
                        settings.minSessionTimeout(),
                        settings.maxSessionTimeout(),
                        perAddress,
                        settings.fourLetterWords(),
                        false,
                        false,
                        false,
                        settings.authenticators(),
                        ".",
                        settings.limits(),
                        load,
                        settings.shownConfiguration()),
                new TestClock(),
                () -> 0);
    }

    @Test
    void anAddressHoldsSoManyOfBothKinds() throws Exception {
        ClientLimits limits = limits(2, UNLIMITED, UNLIMITED);

        assertThat(limits.addresses().refusal(InetAddress.getByName("10.0.0.1")))
                .isNull();
        assertThat(limits.refusal("10.0.0.1", false)).isEmpty();
        assertThat(limits.refusal("10.0.0.1", false))
                .hasValueSatisfying(why -> assertThat(why).contains("its address holds 2 connections"));
        assertThat(limits.refusal("10.0.0.2", false)).isEmpty();

        limits.release("10.0.0.1");
        assertThat(limits.refusal("10.0.0.1", false)).isEmpty();
    }

    @Test
    void whoTellsANameCountsByIt() {
        ClientLimits limits = limits(1, UNLIMITED, UNLIMITED);

        assertThat(List.of("app-1", "app-2", "fe80::1", ""))
                .allSatisfy(host -> assertThat(limits.refusal(host, false)).isEmpty());
        assertThat(limits.refusal("app-1", false)).isPresent();
        limits.release("app-1");
        assertThat(limits.refusal("app-1", false)).isEmpty();
    }

    @Test
    void thereAreOnlySoManyOfAll() throws Exception {
        ClientLimits limits = limits(UNLIMITED, 2, UNLIMITED);

        assertThat(limits.refusal("10.0.0.1", false)).isEmpty();
        assertThat(limits.refusal("10.0.0.2", false)).isEmpty();
        assertThat(limits.addresses().refusal(InetAddress.getByName("10.0.0.3")))
                .contains("there are 2 connections");
        limits.release("10.0.0.2");
        assertThat(limits.addresses().refusal(InetAddress.getByName("10.0.0.3")))
                .isNull();
    }

    @Test
    void whoComesWhenTheTokensAreGoneHoldsNothing() {
        ClientLimits limits = limits(1, UNLIMITED, 3);

        assertThat(limits.refusal("10.0.0.1", false)).isEmpty();
        assertThat(limits.refusal("10.0.0.2", false))
                .hasValueSatisfying(why -> assertThat(why).contains("too many others"));
        // To go on with a session costs less.
        assertThat(limits.refusal("10.0.0.2", true)).isEmpty();
    }
}

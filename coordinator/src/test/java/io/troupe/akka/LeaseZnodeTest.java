package io.troupe.akka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of leases as names of znodes. */
class LeaseZnodeTest {
    private static String path(String lease) {
        return LeaseZnode.of("/akka/leases", lease, "owner").path();
    }

    @Test
    void anyNameIsThatOfOneZnode() {
        assertThat(path("orders-akka-sbr")).isEqualTo("/akka/leases/orders-akka-sbr");
        assertThat(path("app-singleton-akka://app/system/jobs"))
                .isEqualTo("/akka/leases/app-singleton-akka%3A%2F%2Fapp%2Fsystem%2Fjobs");
        List<String> names = List.of(".", "..", "%2E", "a/b", "a%2Fb", "a b", "a+b", "ä", "\u0000", "\ud83d\ude00");
        assertThat(names.stream().map(LeaseZnodeTest::path))
                .doesNotHaveDuplicates()
                .allMatch(path -> path.matches("/akka/leases/[A-Za-z0-9%*_+.-]+"))
                .noneMatch(path -> path.endsWith("/.") || path.endsWith("/.."));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> path("")).hasMessageContaining("without a name");
        assertThatThrownBy(() -> LeaseZnode.of("akka", "a", "b")).hasMessageContaining("must be like /akka/leases");
        assertThatThrownBy(() -> LeaseZnode.of("/akka/", "a", "b")).hasMessageContaining("must be like /akka/leases");
    }
}

package io.troupe.app.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import io.troupe.node.NodeSettings;
import io.troupe.node.NodeSettingsReader;
import io.troupe.node.PeerSecurity;
import io.troupe.node.ProcessSettings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests say of the servers what the servers' own configuration says. */
class KubernetesManifestTest {
    private static final List<JsonNode> DOCUMENTS = new ArrayList<>();

    @BeforeAll
    static void load() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        try (Reader text = Files.newBufferedReader(Path.of("packaging", "kubernetes", "troupe.yaml"))) {
            new Yaml(new SafeConstructor(new LoaderOptions()))
                    .loadAll(text)
                    .forEach(document -> DOCUMENTS.add(mapper.valueToTree(document)));
        }
    }

    private static JsonNode spec(String kind, String name) {
        return document(kind, name).path("spec");
    }

    private static JsonNode document(String kind, String name) {
        return DOCUMENTS.stream()
                .filter(each -> each.path("kind").asText().equals(kind)
                        && each.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode container() {
        return spec("StatefulSet", "troupe").at("/template/spec/containers/0");
    }

    private static ProcessSettings settingsOf(int pod) {
        String text =
                document("ConfigMap", "troupe").at("/data/application.conf").asText();
        // What a container has in its environment stands behind the file, as the server reads it.
        return NodeSettingsReader.read(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.parseMap(Map.of("POD_NAME", "troupe-" + pod)))
                .resolve()
                .withoutPath("POD_NAME"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void eachPodIsAVoterThatTheOthersFindByItsName(int pod) {
        ProcessSettings settings = settingsOf(pod);
        NodeSettings node = settings.node();
        JsonNode set = spec("StatefulSet", "troupe");

        assertThat(node.host())
                .isEqualTo("troupe-" + pod + "." + set.path("serviceName").asText());
        assertThat(node.seeds()).hasSize(set.path("replicas").asInt());
        assertThat(node.seeds().get(pod).host()).isEqualTo(node.host());
        assertThat(settings.peers()).isInstanceOf(PeerSecurity.SharedSecret.class);
    }

    @Test
    void portsAndPlacesAreThoseOfTheConfiguration() {
        ProcessSettings settings = settingsOf(0);
        Map<String, Integer> ports = new HashMap<>();
        container()
                .path("ports")
                .forEach(port -> ports.put(
                        port.path("name").asText(), port.path("containerPort").asInt()));
        List<String> paths = container().path("volumeMounts").findValuesAsText("mountPath");

        assertThat(ports)
                .containsEntry("clients", settings.node().clientPort())
                .containsEntry("peers", settings.node().peerPort())
                .containsEntry("http", settings.http().port());
        assertThat(paths).anyMatch(settings.node().dataDir()::startsWith);
        assertThat(settings.peers())
                .isInstanceOfSatisfying(
                        PeerSecurity.SharedSecret.class,
                        shared -> assertThat(paths)
                                .anyMatch(path ->
                                        path.endsWith("-peers") && shared.file().startsWith(path)));
    }

    @Test
    void probesAskForHealthWhereThePodIsReached() {
        assertThat(settingsOf(0).http().host()).isEqualTo("0.0.0.0");
        assertThat(container().at("/readinessProbe/httpGet/path").asText()).isEqualTo("/readyz");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container().path(probe).at("/httpGet/port").asText()).isEqualTo("http");
        }
        assertThat(container().at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
    }

    @Test
    void serversFindEachOtherBeforeTheyServeAndLeaveOneAtATime() {
        assertThat(spec("Service", "troupe-peers")
                        .path("publishNotReadyAddresses")
                        .asBoolean())
                .isTrue();
        assertThat(spec("StatefulSet", "troupe").path("podManagementPolicy").asText())
                .isEqualTo("Parallel");
        assertThat(spec("PodDisruptionBudget", "troupe").path("maxUnavailable").asInt())
                .isEqualTo(1);
    }
}

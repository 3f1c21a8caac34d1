package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.troupe.app.config.PropertiesFile.Entry;
import io.troupe.node.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ZooKeeper's own configuration (contract section 6), turned into ours: what has a counterpart takes effect, with ZooKeeper's
 * defaults, what has none is listed in one warning. A property may also be given as {@code -Dzookeeper.<key>}; the file wins.
 */
final class ZooKeeperConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperConfiguration.class);
    private static final String DATA = "troupe";
    /** A node alone has peers no more than ZooKeeper's has, but a port for them, which nobody outside this host reaches. */
    private static final int PEER_PORT_OFFSET = 10_000;

    private static final int HIGHEST_PORT = 65_535;

    /** Keys that are more than a value of one of ours. */
    private static final Set<String> ELSEWHERE = Set.of(
            "dataDir",
            "dynamicConfigFile",
            "quorumListenOnAllIPs",
            "version",
            "sessionRequireClientSASLAuth",
            "enforce.auth.enabled",
            "enforce.auth.schemes");

    /** Keys that mean the same here, with what makes a value of theirs one of ours. */
    private static final Map<String, Counterpart> COUNTERPARTS = counterparts();

    private final Map<String, Entry> given = new LinkedHashMap<>();
    private final List<ServerLine> servers = new ArrayList<>();
    private final File file;
    private Config result = ConfigFactory.empty();

    private interface Translation {
        /** Ours of theirs, null where theirs is a way of saying "the default". */
        @Nullable
        Object of(String value);
    }

    /**
     * @param otherwise ZooKeeper's default where ours is another, null where they agree
     */
    private record Counterpart(
            String key, Translation translation, @Nullable String otherwise) {}

    private ZooKeeperConfiguration(File file) {
        this.file = file;
    }

    private static Map<String, Counterpart> counterparts() {
        Map<String, Counterpart> known = new LinkedHashMap<>();
        known.put("tickTime", new Counterpart("troupe.tick", v -> v + "ms", "3000"));
        known.put("clientPort", new Counterpart("troupe.client-port", v -> v, null));
        known.put("clientPortAddress", new Counterpart("troupe.client-bind-host", v -> v, "0.0.0.0"));
        known.put(
                "minSessionTimeout",
                new Counterpart("troupe.min-session-timeout", ZooKeeperConfiguration::millis, null));
        known.put(
                "maxSessionTimeout",
                new Counterpart("troupe.max-session-timeout", ZooKeeperConfiguration::millis, null));
        known.put("maxClientCnxns", new Counterpart("troupe.connections-per-address", v -> v, "60"));
        known.put("snapCount", new Counterpart("troupe.snapshot-every", v -> v, "100000"));
        known.put("preAllocSize", new Counterpart("troupe.advanced.log.preallocate", v -> v + " KiB", null));
        known.put("autopurge.snapRetainCount", new Counterpart("troupe.advanced.snapshot.keep", v -> v, null));
        known.put("4lw.commands.whitelist", new Counterpart("troupe.four-letter-words", v -> v, "srvr"));
        known.put("extendedTypesEnabled", new Counterpart("troupe.ttl-nodes", ZooKeeperConfiguration::flag, "false"));
        known.put("enforceQuota", new Counterpart("troupe.enforce-quota", ZooKeeperConfiguration::flag, "false"));
        known.put("reconfigEnabled", new Counterpart("troupe.reconfig", ZooKeeperConfiguration::flag, "false"));
        known.put("standaloneEnabled", new Counterpart("troupe.standalone", ZooKeeperConfiguration::flag, "true"));
        known.put("jute.maxbuffer", new Counterpart("troupe.max-request-size", v -> v, null));
        known.put("DigestAuthenticationProvider.superDigest", new Counterpart("troupe.super-digest", v -> v, null));
        known.put(
                "DigestAuthenticationProvider.enabled",
                new Counterpart("troupe.auth.digest-enabled", ZooKeeperConfiguration::flag, null));
        known.put(
                "DigestAuthenticationProvider.digestAlg",
                new Counterpart("troupe.auth.digest-algorithm", v -> v, null));
        known.put("X509AuthenticationProvider.superUser", new Counterpart("troupe.auth.x509-super-user", v -> v, null));
        known.put("ensembleAuthName", new Counterpart("troupe.auth.ensemble-names", v -> v, null));
        known.put("skipACL", new Counterpart("troupe.auth.skip-acl", ZooKeeperConfiguration::flag, null));
        known.put("sasl.serverconfig", new Counterpart("troupe.auth.sasl.section", v -> v, null));
        known.put(
                "allowSaslFailedClients",
                new Counterpart("troupe.auth.sasl.allow-failed-clients", ZooKeeperConfiguration::flag, null));
        known.put(
                "kerberos.removeHostFromPrincipal",
                new Counterpart("troupe.auth.sasl.remove-host", ZooKeeperConfiguration::flag, null));
        known.put(
                "kerberos.removeRealmFromPrincipal",
                new Counterpart("troupe.auth.sasl.remove-realm", ZooKeeperConfiguration::flag, null));
        known.put(
                "znode.container.checkIntervalMs",
                new Counterpart("troupe.advanced.heartbeat.reap-every", v -> v + "ms", null));
        return known;
    }

    private static @Nullable Object millis(String value) {
        return value.equals("-1") ? null : value + "ms";
    }

    private static Object flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> value;
        };
    }

    /** Whether a file is written in this format: by its name. */
    static boolean isOne(File file) {
        return file.getName().endsWith(".cfg");
    }

    /**
     * Reads a file.
     *
     * @return the keys of {@code reference.conf} that it sets, each with the place it was set at
     * @throws ConfigurationException naming file, line and remedy
     */
    static Config read(File file) {
        return new ZooKeeperConfiguration(file).read();
    }

    private Config read() {
        given.putAll(PropertiesFile.read(file).entries());
        readDynamicFile();
        given.forEach((key, entry) -> {
            if (key.startsWith("server.")) {
                servers.add(ServerLine.parse(key, entry));
            }
        });
        COUNTERPARTS.forEach(this::translate);
        requiredSchemes();
        authentication();
        Path data = dataDirectory();
        set("troupe.data-dir", data.resolve(DATA).toString(), place("dataDir"));
        ensemble(data);
        warnOfTheRest();
        return result;
    }

    private void readDynamicFile() {
        Entry dynamic = given.get("dynamicConfigFile");
        if (dynamic == null) {
            return;
        }
        given.forEach((key, entry) -> {
            if (key.startsWith("server.")) {
                throw new ConfigurationException(entry.place() + ": " + key
                        + " stands beside dynamicConfigFile; list the servers in one of the two files");
            }
        });
        File named = new File(dynamic.value());
        if (!named.isFile()) {
            throw new ConfigurationException(
                    dynamic.place() + ": dynamicConfigFile = " + dynamic.value() + " is no file");
        }
        PropertiesFile.read(named).entries().forEach(given::putIfAbsent);
    }

    private void translate(String key, Counterpart ours) {
        Entry entry = value(key);
        if (entry == null && ours.otherwise() != null) {
            entry = new Entry(ours.otherwise(), "ZooKeeper's default of " + key);
        }
        Object value = entry == null ? null : ours.translation().of(entry.value());
        if (entry != null && value != null) {
            set(ours.key(), value, entry.place());
        }
    }

    /** The file wins over system properties, as in ZooKeeper, which makes the former the latter. */
    private @Nullable Entry value(String key) {
        for (String spelling : List.of(key, "zookeeper." + key)) {
            if (given.containsKey(spelling)) {
                return given.get(spelling);
            }
        }
        for (String spelling : List.of("zookeeper." + key, key)) {
            String property = System.getProperty(spelling);
            if (property != null) {
                return new Entry(property, "-D" + spelling);
            }
        }
        return null;
    }

    /** Two spellings of one demand (contract 4.4). */
    private void requiredSchemes() {
        Entry sasl = value("sessionRequireClientSASLAuth");
        Entry enabled = value("enforce.auth.enabled");
        Entry schemes = value("enforce.auth.schemes");
        if (sasl != null && flag(sasl.value()).equals(true)) {
            set("troupe.required-auth-schemes", "sasl", sasl.place());
        } else if (enabled != null && flag(enabled.value()).equals(true)) {
            if (schemes == null || schemes.value().isBlank()) {
                throw new ConfigurationException(
                        enabled.place() + ": enforce.auth.enabled needs enforce.auth.schemes, such as digest");
            }
            set("troupe.required-auth-schemes", schemes.value(), schemes.place());
        }
    }

    private void authentication() {
        AuthenticationKeys keys = new AuthenticationKeys(given);
        List<String> providers = keys.providers();
        if (!providers.isEmpty()) {
            set("troupe.auth.providers", providers, keys.place());
        }
        List<Entry> users = keys.superUsers();
        if (!users.isEmpty()) {
            set(
                    "troupe.auth.sasl.super-users",
                    users.stream().map(Entry::value).toList(),
                    users.get(0).place());
        }
    }

    private String place(String key) {
        Entry entry = given.get(key);
        return entry == null ? file.toString() : entry.place();
    }

    private void set(String key, Object value, String place) {
        result = result.withValue(key, ConfigValueFactory.fromAnyRef(value, place));
    }

    private Path dataDirectory() {
        Entry entry = given.get("dataDir");
        if (entry == null) {
            throw new ConfigurationException(file + ": dataDir is missing; name the directory for the node's data");
        }
        Path data = Path.of(entry.value());
        for (String key : List.of("dataDir", "dataLogDir")) {
            Entry written = given.get(key);
            if (written != null && holdsData(Path.of(written.value()).resolve("version-2"))) {
                throw new ConfigurationException(written.place() + ": " + key + " = " + written.value()
                        + " holds data of ZooKeeper, which cannot be read yet; name another directory to start empty");
            }
        }
        return data;
    }

    private static boolean holdsData(Path directory) {
        String[] names =
                directory.toFile().list((dir, name) -> name.startsWith("snapshot.") || name.startsWith("log."));
        return names != null && names.length > 0;
    }

    // ---- the ensemble ----

    private void ensemble(Path data) {
        for (ServerLine server : servers) {
            if (server.observer()) {
                throw new ConfigurationException(
                        place("server." + server.id()) + ": there are no observers yet; list voters only");
            }
        }
        if (servers.size() < 2) {
            ServerLine alone = servers.isEmpty() ? null : servers.get(0);
            alone(alone);
        } else {
            servers.sort(Comparator.comparingInt(ServerLine::id));
            for (int i = 0; i < servers.size(); i++) {
                if (servers.get(i).id() != i + 1) {
                    throw new ConfigurationException(
                            place("server." + servers.get(i).id()) + ": server."
                                    + servers.get(i).id() + " is number " + (i + 1) + " of " + servers.size()
                                    + "; number the servers from 1 without a gap");
                }
            }
            member(servers.get(myId(data) - 1));
        }
    }

    private void alone(@Nullable ServerLine line) {
        if (line != null && line.clientPort() > 0) {
            clientPort(line);
        }
        int peerPort = alonePeerPort();
        seeds(List.of("127.0.0.1:" + peerPort), file.toString());
        set("troupe.host", "127.0.0.1", file.toString());
        set("troupe.peer-port", peerPort, file.toString());
    }

    private int alonePeerPort() {
        String clientPort = result.hasPath("troupe.client-port") ? result.getString("troupe.client-port") : "";
        if (!clientPort.matches("\\d{1,5}") || Integer.parseInt(clientPort) > HIGHEST_PORT) {
            throw new ConfigurationException(place("clientPort") + ": clientPort = \"" + clientPort
                    + "\"; name the port for clients, 1 to " + HIGHEST_PORT);
        }
        int port = Integer.parseInt(clientPort);
        return port + PEER_PORT_OFFSET <= HIGHEST_PORT ? port + PEER_PORT_OFFSET : port - PEER_PORT_OFFSET;
    }

    private void member(ServerLine self) {
        String place = place("server." + self.id());
        seeds(servers.stream().map(s -> s.host() + ":" + s.peerPort()).toList(), place);
        set("troupe.host", self.host(), place);
        set("troupe.peer-port", self.peerPort(), place);
        if (given.containsKey("quorumListenOnAllIPs")
                && flag(given.get("quorumListenOnAllIPs").value()).equals(true)) {
            set("troupe.bind-host", "0.0.0.0", place("quorumListenOnAllIPs"));
        }
        if (self.clientPort() > 0) {
            clientPort(self);
        }
    }

    private void clientPort(ServerLine line) {
        String place = place("server." + line.id());
        Entry port = given.get("clientPort");
        if (port != null && !port.value().equals(Integer.toString(line.clientPort()))) {
            throw new ConfigurationException(port.place() + ": clientPort = " + port.value() + ", but server."
                    + line.id() + " says " + line.clientPort() + "; remove one of the two");
        }
        set("troupe.client-port", line.clientPort(), place);
        if (line.clientHost() != null) {
            set("troupe.client-bind-host", line.clientHost(), place);
        }
    }

    private void seeds(List<String> addresses, String place) {
        set(
                "akka.cluster.seed-nodes",
                addresses.stream().map(address -> "akka://troupe@" + address).toList(),
                place);
    }

    private int myId(Path data) {
        Path idFile = data.resolve("myid");
        String written;
        try {
            written = Files.readString(idFile).strip().lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ConfigurationException(
                    idFile + " cannot be read; write this server's number, 1 to " + servers.size() + ", into it");
        }
        if (!written.matches("\\d{1,3}")
                || Integer.parseInt(written) < 1
                || Integer.parseInt(written) > servers.size()) {
            throw new ConfigurationException(
                    idFile + ": \"" + written + "\" is none of the servers 1 to " + servers.size());
        }
        return Integer.parseInt(written);
    }

    private void warnOfTheRest() {
        TreeSet<String> rest = new TreeSet<>(given.keySet());
        rest.removeIf(key -> COUNTERPARTS.containsKey(key)
                || COUNTERPARTS.containsKey(key.replaceFirst("^zookeeper\\.", ""))
                || key.startsWith("server.")
                || AuthenticationKeys.isOne(key)
                || ELSEWHERE.contains(key));
        if (!rest.isEmpty()) {
            LOG.warn("{}: nothing here corresponds to {}; ignored", file, String.join(", ", rest));
        }
    }
}

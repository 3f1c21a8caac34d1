package io.troupe.app.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import io.troupe.node.ConfigurationException;
import io.troupe.snapshot.ImportFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    private static final String SECURE_PORT = "troupe.secure-client-port";

    private final File file;
    private final Written written;
    private final Translation translation;
    private final List<ServerLine> servers = new ArrayList<>();

    private ZooKeeperConfiguration(File file) {
        this.file = file;
        this.written = new Written(withDynamicFile(PropertiesFile.read(file)), System.getProperties(), true);
        this.translation = new Translation(written);
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
        translation.counterparts(true);
        attempt(this::dataDirectory);
        attempt(() -> {
            for (Entry entry : written.beginningWith("server.")) {
                servers.add(ServerLine.parse(entry));
            }
            ensemble();
        });
        written.find(Kind.FILE, "version");
        written.find(Kind.FILE, "dynamicConfigFile");
        Config result = translation.finish();
        List<String> rest = written.rest();
        if (!rest.isEmpty()) {
            LOG.warn("{}: nothing here corresponds to {}; ignored", file, String.join(", ", rest));
        }
        return result;
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (ConfigurationException e) {
            translation.problem(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Entry> withDynamicFile(Map<String, Entry> entries) {
        Entry dynamic = entries.get("dynamicConfigFile");
        if (dynamic == null) {
            return entries;
        }
        entries.forEach((key, entry) -> {
            if (key.matches("(server|group|weight)\\..*")) {
                throw new ConfigurationException(entry.place() + ": " + key
                        + " stands beside dynamicConfigFile; list the servers in one of the two files");
            }
        });
        File named = new File(dynamic.value());
        if (!named.isFile()) {
            throw new ConfigurationException(dynamic.shown() + " is no file; name the file that lists the servers");
        }
        PropertiesFile.read(named).forEach(entries::putIfAbsent);
        return entries;
    }

    private void dataDirectory() {
        Entry entry = written.find(Kind.FILE, "dataDir");
        if (entry == null) {
            throw new ConfigurationException(file + ": dataDir is missing; name the directory for the node's data");
        }
        Entry logDirectory = written.find(Kind.FILE, "dataLogDir");
        if (logDirectory != null && !Path.of(logDirectory.value()).equals(Path.of(entry.value()))) {
            LOG.warn(
                    "{}: nothing is written there; the log shares {} with the snapshots",
                    logDirectory.shown(),
                    entry.value());
        }
        Path ours = Path.of(entry.value()).resolve(DATA);
        for (Entry directory : new @Nullable Entry[] {entry, logDirectory}) {
            if (directory != null && holdsData(Path.of(directory.value()).resolve("version-2")) && !isUsed(ours)) {
                String sources = logDirectory == null ? entry.value() : entry.value() + " " + logDirectory.value();
                throw new ConfigurationException(directory.shown()
                        + " holds data of ZooKeeper; to begin with it, stop ZooKeeper and run: troupe import " + sources
                        + " --to " + ours + "; to start empty, name another directory");
            }
        }
        translation.set("troupe.data-dir", ours.toString(), entry.shown());
    }

    /** By a node, or by an import for one. */
    private static boolean isUsed(Path directory) {
        String[] names = directory.toFile().list((dir, name) -> name.equals("node.meta") || ImportFile.isOne(name));
        return names != null && names.length > 0;
    }

    private static boolean holdsData(Path directory) {
        String[] names =
                directory.toFile().list((dir, name) -> name.startsWith("snapshot.") || name.startsWith("log."));
        return names != null && names.length > 0;
    }

    // ---- the ensemble ----

    private void ensemble() {
        Entry onAll = written.find(Kind.FILE, "quorumListenOnAllIPs");
        Entry peerType = written.find(Kind.FILE, "peerType");
        if (peerType != null && !peerType.value().matches("(?i)participant|observer")) {
            throw new ConfigurationException(peerType.shown() + ": write participant or observer");
        }
        List<ServerLine> observers =
                servers.stream().filter(ServerLine::observer).toList();
        if (servers.size() < 2 && observers.isEmpty()) {
            alone(servers.isEmpty() ? null : servers.get(0));
            return;
        }
        if (observers.size() == servers.size()) {
            throw new ConfigurationException(
                    observers.get(0).entry().shown() + ": observers need somebody who votes; list a participant");
        }
        servers.sort(Comparator.comparingInt(ServerLine::id));
        for (int i = 1; i < servers.size(); i++) {
            if (servers.get(i).id() == servers.get(i - 1).id()) {
                throw new ConfigurationException(
                        servers.get(i).entry().shown() + ": there is another server with this number; remove one");
            }
        }
        member(myId());
        if (translation.isTrue(onAll) && onAll != null) {
            translation.set("troupe.bind-host", "0.0.0.0", onAll.shown());
        }
    }

    private void alone(@Nullable ServerLine line) {
        if (line != null && line.clientPort() > 0) {
            clientPort(line);
        }
        withoutPlaintext();
        Config soFar = translation.soFar();
        if (!soFar.hasPath("troupe.client-port")) {
            if (written.find(Kind.FILE, "clientPort") == null) {
                throw new ConfigurationException(
                        file + ": clientPort is missing; name the port for clients, 1 to " + HIGHEST_PORT);
            }
            return;
        }
        ConfigValue clients =
                soFar.getValue(soFar.getInt("troupe.client-port") == 0 ? SECURE_PORT : "troupe.client-port");
        int port = Integer.parseInt(String.valueOf(clients.unwrapped()));
        int peerPort = port + PEER_PORT_OFFSET <= HIGHEST_PORT ? port + PEER_PORT_OFFSET : port - PEER_PORT_OFFSET;
        seeds(List.of("127.0.0.1:" + peerPort), file.toString());
        translation.set("troupe.host", "127.0.0.1", file.toString());
        translation.set(
                "troupe.peer-port",
                peerPort,
                clients.origin().description() + " (" + PEER_PORT_OFFSET
                        + (peerPort > port ? " above it)" : " below it)"));
    }

    private void member(int id) {
        for (int i = 0; i < servers.size(); i++) {
            ServerLine server = servers.get(i);
            if (server.anyHost() && server.id() == id) {
                servers.set(i, named(server));
                translation.set("troupe.bind-host", "0.0.0.0", server.entry().shown());
            } else if (server.anyHost()) {
                throw new ConfigurationException(server.entry().shown() + ": only this server's own line, server." + id
                        + ", may name no host; write the host's name");
            }
        }
        ServerLine self = servers.stream().filter(s -> s.id() == id).findFirst().orElseThrow();
        String origin = self.entry().shown();
        // Observers join through those who vote, and are listed as soon as they have.
        List<ServerLine> voters = servers.stream().filter(s -> !s.observer()).toList();
        seeds(voters.stream().map(s -> s.host() + ":" + s.peerPort()).toList(), origin);
        translation.set("troupe.seed-ids", voters.stream().map(ServerLine::id).toList(), origin);
        warnOfOtherRole(self);
        if (self.observer()) {
            translation.set("troupe.id", id, origin);
        }
        if (self.electionPort() > 0) {
            translation.set("troupe.election-port", self.electionPort(), origin);
        }
        translation.set("troupe.client-host", self.clientHost() == null ? "0.0.0.0" : self.clientHost(), origin);
        translation.set("troupe.host", self.host(), origin);
        translation.set("troupe.peer-port", self.peerPort(), origin);
        if (self.clientPort() > 0) {
            clientPort(self);
        }
        withoutPlaintext();
    }

    /** Where clients have the port for TLS alone. */
    private void withoutPlaintext() {
        Config soFar = translation.soFar();
        Entry secure = written.find(Kind.FILE, "secureClientPort");
        if (secure != null
                && soFar.hasPath(SECURE_PORT)
                && !soFar.hasPath("troupe.client-port")
                && written.find(Kind.FILE, "clientPort") == null) {
            translation.set("troupe.client-port", 0, secure.shown());
        }
    }

    private void warnOfOtherRole(ServerLine self) {
        Entry peerType = written.find(Kind.FILE, "peerType");
        if (peerType != null && peerType.value().equalsIgnoreCase("observer") != self.observer()) {
            LOG.warn("{}: the list of servers says otherwise, and counts", peerType.shown());
        }
    }

    private ServerLine named(ServerLine self) {
        String given = System.getProperty("troupe.host");
        if (given != null) {
            return self.withHost(given);
        }
        String found = OwnName.amongst(servers.stream()
                .filter(s -> s.id() != self.id())
                .map(ServerLine::host)
                .toList());
        LOG.info(
                "{}: the other servers are taken to know this one as {}; if their lines say another name, give that as -Dtroupe.host=NAME",
                self.entry().shown(),
                found);
        return self.withHost(found);
    }

    private void clientPort(ServerLine line) {
        Entry port = written.find(Kind.FILE, "clientPort");
        if (port != null && !port.value().equals(Integer.toString(line.clientPort()))) {
            throw new ConfigurationException(port.shown() + ", but server." + line.id() + " says " + line.clientPort()
                    + "; remove one of the two");
        }
        translation.set("troupe.client-port", line.clientPort(), line.entry().shown());
        if (line.clientHost() != null) {
            translation.set(
                    "troupe.client-bind-host", line.clientHost(), line.entry().shown());
        }
    }

    private void seeds(List<String> addresses, String place) {
        translation.set(
                "akka.cluster.seed-nodes",
                addresses.stream().map(address -> "akka://troupe@" + address).toList(),
                place);
    }

    private int myId() {
        Entry data = written.find(Kind.FILE, "dataDir");
        Path idFile = Path.of(data == null ? "" : data.value()).resolve("myid");
        String numbers = servers.stream().map(s -> Integer.toString(s.id())).collect(Collectors.joining(", "));
        String id;
        try {
            id = Files.readString(idFile).strip().lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new ConfigurationException(
                    idFile + " cannot be read; write this server's number, one of " + numbers + ", into it");
        }
        return servers.stream()
                .map(ServerLine::id)
                .filter(listed -> id.replaceFirst("^0+", "").equals(Integer.toString(listed)))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException(idFile + ": \"" + id
                        + "\" is none of the listed servers' numbers, " + numbers + "; correct it or the list"));
    }
}

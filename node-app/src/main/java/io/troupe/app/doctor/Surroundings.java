package io.troupe.app.doctor;

import io.troupe.node.HttpSettings;
import io.troupe.node.TlsSettings.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All that examinations look at outside the configuration. Nothing here changes anything but a probe file, which goes again. */
public interface Surroundings {
    /** The text of a file, as those of {@code /proc}; empty where it cannot be read. */
    Optional<String> text(String path);

    /** Who may do what with a file; empty where it does not exist or the file system does not know. */
    Optional<Set<PosixFilePermission>> permissions(Path file);

    /** The file system that a directory is on, or its nearest ancestor that exists. */
    Volume volume(Path directory) throws IOException;

    /**
     * A file system.
     *
     * @param directory that was found, without symbolic links
     * @param usable bytes that can still be written
     */
    record Volume(Path directory, long usable, boolean writable) {}

    /** Appends and syncs a small block so many times in a directory that exists, each in microseconds. */
    List<Long> syncMicros(Path directory, int times) throws IOException;

    /** Bytes of the newest snapshot in a data directory; 0 where there is none. */
    long snapshotBytes(Path directory);

    /** What trying to connect came to. */
    Reach connect(String host, int port);

    /** How far a connection gets. */
    enum Reach {
        /** Somebody listens. */
        OPEN,
        /** The host is there, and nobody listens. */
        REFUSED,
        /** Nothing came back. */
        SILENT
    }

    /** Why a port cannot be listened on; empty when it can. */
    Optional<String> listenProblem(String host, int port);

    /** The process that listens on a port, where it can be seen. */
    Optional<Holder> holder(int port);

    /** A process. */
    record Holder(long pid, String command) {
        /** Whether it is a node of Troupe. */
        boolean isNode() {
            return command.contains("io.troupe.app.Main server");
        }
    }

    /** The address of a host name; empty where it has none. */
    Optional<String> resolve(String host);

    /** Whether an address is one of this host. */
    boolean isLocal(String address);

    /** What a server answers to a word of four letters; empty for none. */
    Optional<String> word(String host, int port, String word);

    /** What {@code http://host:port/path} answers; empty where nobody does. */
    Optional<Answer> http(String host, int port, String path);

    /** What the node of these settings on this host answers, through TLS where it has that; empty where it does not. */
    Optional<Answer> node(HttpSettings http, String path);

    /**
     * An answer over HTTP.
     *
     * @param aheadMillis by how much the server's clock is ahead of this one, to half a second; empty where it did not tell
     */
    record Answer(int status, String body, Optional<Long> aheadMillis) {}

    /** When the certificates in a store end, by subject. */
    List<Validity> certificates(Store store);

    /** One certificate. */
    record Validity(String subject, Instant until) {}

    /** The time. */
    Instant now();

    /** Greatest heap of a Java machine that is started like this one, in bytes. */
    long maxHeapBytes();

    /** Version of Java: 17, 21. */
    int javaVersion();

    /** The same in words. */
    String javaName();
}

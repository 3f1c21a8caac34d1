package io.troupe.app.doctor;

import io.troupe.node.ConfigurationException;
import io.troupe.node.PeerSecurity;
import io.troupe.node.ProcessSettings;
import io.troupe.node.TlsSettings;
import io.troupe.node.TlsSettings.Store;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Certificates that end, and secrets that others can read. */
final class SecretsCheck implements Check {
    private static final String CERTIFICATES = "certificates";
    private static final String FILES = "secrets";
    private static final Duration SOON = Duration.ofDays(30);

    @Override
    public List<Finding> examine(Subject subject, Surroundings around) {
        ProcessSettings settings = subject.settings();
        List<Finding> findings = new ArrayList<>();
        Set<String> secret = new LinkedHashSet<>();
        if (holdsSecrets(settings)) {
            secret.add(subject.configuration().toString());
        }
        List<Store> stores = new ArrayList<>();
        if (settings.encrypts()) {
            collect(settings.tls(), stores, secret);
        }
        TlsSettings http = settings.http().tls();
        if (http != null) {
            collect(http, stores, secret);
        }
        if (settings.peers() instanceof PeerSecurity.Certificates certificates) {
            collect(certificates.tls(), stores, secret);
        } else if (settings.peers() instanceof PeerSecurity.SharedSecret shared) {
            secret.add(shared.file());
        }
        for (Store store : stores) {
            findings.addAll(validity(store, around));
        }
        for (String file : secret) {
            readers(file, around).ifPresent(findings::add);
        }
        return findings;
    }

    private static boolean holdsSecrets(ProcessSettings settings) {
        return !settings.http().users().isEmpty()
                || !settings.auth().superDigest().isEmpty()
                || !settings.tls().keyStore().password().text().isEmpty();
    }

    private static void collect(TlsSettings tls, List<Store> stores, Set<String> secret) {
        stores.add(tls.keyStore());
        secret.add(tls.keyStore().file());
        if (tls.asksForCertificates() && !tls.trustStore().file().isEmpty()) {
            stores.add(tls.trustStore());
        }
        for (Store store : List.of(tls.keyStore(), tls.trustStore())) {
            if (!store.passwordFile().isEmpty()) {
                secret.add(store.passwordFile());
            }
        }
    }

    private static List<Finding> validity(Store store, Surroundings around) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (Surroundings.Validity certificate : around.certificates(store)) {
                findings.add(validity(store, certificate, around.now()));
            }
        } catch (ConfigurationException e) {
            findings.add(
                    Finding.fail(CERTIFICATES, String.valueOf(e.getMessage()), "the node does not start like this"));
        }
        return findings;
    }

    private static Finding validity(Store store, Surroundings.Validity certificate, Instant now) {
        long days = Duration.between(now, certificate.until()).toDays();
        String seen = certificate.subject() + " in " + store.file() + ", until " + certificate.until();
        String advice = "put a new one into the file: nodes take it up without a restart, docs/tls.md";
        if (certificate.until().isBefore(now)) {
            return Finding.fail(CERTIFICATES, seen + ": it has ended", advice);
        }
        return now.plus(SOON).isAfter(certificate.until())
                ? Finding.warn(CERTIFICATES, seen + ": in " + days + " days", advice)
                : Finding.ok(CERTIFICATES, seen);
    }

    private static Optional<Finding> readers(String file, Surroundings around) {
        return around.permissions(Path.of(file))
                .map(permissions -> permissions.contains(PosixFilePermission.OTHERS_READ)
                                || permissions.contains(PosixFilePermission.OTHERS_WRITE)
                        ? Finding.warn(
                                FILES,
                                "everybody on this host can read " + file,
                                "chmod o= " + file + "; it belongs to the user of the node")
                        : Finding.ok(FILES, file + " is not for everybody"));
    }
}

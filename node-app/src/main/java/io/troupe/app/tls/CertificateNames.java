package io.troupe.app.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Names of which a certificate must bear one. */
final class CertificateNames {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String ANY_BELOW = "*.";

    private final List<String> accepted;

    /** Accepts every certificate where there are none. */
    CertificateNames(List<String> accepted) {
        this.accepted =
                accepted.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    boolean accept(X509Certificate certificate) {
        return accepted.isEmpty() || namesOf(certificate).stream().anyMatch(this::accepts);
    }

    private boolean accepts(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return accepted.stream()
                .anyMatch(wanted -> wanted.equals(lower)
                        || (wanted.startsWith(ANY_BELOW) && lower.endsWith(wanted.substring(ANY_BELOW.length() - 1))));
    }

    private static List<String> namesOf(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    int kind = (Integer) alternative.get(0);
                    if (kind == DNS_NAME || kind == IP_ADDRESS) {
                        names.add(String.valueOf(alternative.get(1)));
                    }
                }
            }
            for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    names.add(String.valueOf(part.getValue()));
                }
            }
        } catch (CertificateParsingException | InvalidNameException unreadable) {
            // It bears the names that could be read.
            return names;
        }
        return names;
    }
}

package io.troupe.app.clientport.auth;

import io.troupe.node.AuthSettings;
import io.troupe.node.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;

/**
 * What this server offers clients that log in by SASL (contract 4.4): GSSAPI where its own login gave it a principal,
 * DIGEST-MD5 over the users of its JAAS section otherwise. Immutable; exchanges may go on in several threads.
 */
public final class SaslMechanism {
    private static final String USER_PREFIX = "user_";

    /** Holds users and nothing that would need a login. Named in ZooKeeper's files, its class is not needed here. */
    private static final String USERS_ONLY = "org.apache.zookeeper.server.auth.DigestLoginModule";

    private static final String DIGEST_MD5 = "DIGEST-MD5";
    private static final String DIGEST_SERVICE = "zookeeper";
    private static final String DIGEST_HOST = "zk-sasl-md5";
    private static final String GSSAPI = "GSSAPI";

    private final String name;
    private final String service;
    private final String host;
    private final CallbackHandler callbacks;
    private final @Nullable Subject subject;

    private SaslMechanism(
            String name, String service, String host, CallbackHandler callbacks, @Nullable Subject subject) {
        this.name = name;
        this.service = service;
        this.host = host;
        this.callbacks = callbacks;
        this.subject = subject;
    }

    /**
     * What a section of the JAAS configuration makes possible.
     *
     * @throws ConfigurationException when its login fails or it holds neither users nor a principal
     */
    public static SaslMechanism of(AuthSettings.Sasl settings, List<AppConfigurationEntry> section) {
        Subject subject = login(settings.section(), section);
        if (!subject.getPrincipals().isEmpty()) {
            return gssapi(settings, subject);
        }
        Map<String, String> users = users(section);
        if (users.isEmpty()) {
            throw new ConfigurationException("section " + settings.section()
                    + " of the JAAS configuration names no user; write user_<name>=\"<password>\" into it");
        }
        return new SaslMechanism(DIGEST_MD5, DIGEST_SERVICE, DIGEST_HOST, SaslCallbacks.ofUsers(users), null);
    }

    private static Subject login(String name, List<AppConfigurationEntry> section) {
        Subject subject = new Subject();
        if (section.stream().allMatch(module -> module.getLoginModuleName().equals(USERS_ONLY))) {
            return subject;
        }
        try {
            new LoginContext(name, subject, null, new OneSection(section)).login();
            return subject;
        } catch (LoginException e) {
            throw new ConfigurationException("the login of section " + name + " of the JAAS configuration failed ("
                    + e.getMessage() + "); correct the section, or the keytab and krb5.conf it relies on");
        }
    }

    private static SaslMechanism gssapi(AuthSettings.Sasl settings, Subject subject) {
        KerberosPrincipal own = subject.getPrincipals(KerberosPrincipal.class).stream()
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("the login of section " + settings.section()
                        + " of the JAAS configuration gave no Kerberos principal; use Krb5LoginModule"));
        String primary = own.getName().substring(0, own.getName().lastIndexOf('@'));
        int slash = primary.indexOf('/');
        if (slash < 0) {
            throw new ConfigurationException("the principal " + own.getName() + " of section " + settings.section()
                    + " of the JAAS configuration names no host; use one of the form zookeeper/host@REALM");
        }
        KerberosNames names = new KerberosNames(
                own.getRealm(),
                KerberosRules.parse(settings.authToLocal()),
                settings.removeHost(),
                settings.removeRealm());
        return new SaslMechanism(
                GSSAPI,
                primary.substring(0, slash),
                primary.substring(slash + 1),
                SaslCallbacks.ofPrincipals(names),
                subject);
    }

    private static Map<String, String> users(List<AppConfigurationEntry> section) {
        Map<String, String> users = new LinkedHashMap<>();
        for (AppConfigurationEntry module : section) {
            module.getOptions().forEach((key, value) -> {
                if (key.startsWith(USER_PREFIX)) {
                    users.put(key.substring(USER_PREFIX.length()), String.valueOf(value));
                }
            });
        }
        return users;
    }

    /** {@code GSSAPI} or {@code DIGEST-MD5}. */
    public String name() {
        return name;
    }

    /** The exchange with one client. */
    SaslExchange begin() throws SaslException {
        return new SaslExchange(subject, () -> {
            SaslServer server = Sasl.createSaslServer(name, service, host, Map.of(), callbacks);
            if (server == null) {
                throw new SaslException("this Java platform offers no " + name);
            }
            return server;
        });
    }

    /** A configuration that holds what was read, so that no second reading differs. */
    private static final class OneSection extends Configuration {
        private final List<AppConfigurationEntry> section;

        OneSection(List<AppConfigurationEntry> section) {
            this.section = List.copyOf(section);
        }

        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
            return section.toArray(AppConfigurationEntry[]::new);
        }
    }
}

package io.troupe.client;

import io.troupe.actorport.Identification;
import io.troupe.request.Acl;
import io.troupe.request.Identity;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever gives {@code user:password} is {@code digest:user}, unless the password is wrong. */
final class Passwords implements Identification {
    @Override
    public Client of(@Nullable InetAddress address) {
        List<Identity> identities = new ArrayList<>();
        if (address != null) {
            identities.add(new Identity("ip", address.getHostAddress()));
        }
        return new Client() {
            @Override
            public List<Identity> identities() {
                return List.copyOf(identities);
            }

            @Override
            public boolean prove(String scheme, byte[] data) {
                String text = new String(data, StandardCharsets.UTF_8);
                if (!scheme.equals("digest") || text.endsWith(":wrong")) {
                    return false;
                }
                identities.add(new Identity("digest", text.substring(0, text.indexOf(':'))));
                return true;
            }

            @Override
            public boolean suffices() {
                return true;
            }

            @Override
            public List<Acl> resolve(List<Acl> requested) {
                return requested;
            }

            @Override
            public List<Identity> shown(List<Identity> held) {
                return held;
            }
        };
    }
}

package io.troupe.membership;

import io.troupe.ensemble.Member;

/** Where an entry of the seed list, {@code id=host:port}, says that a node is. */
record SeedPlace(String host, int port) {
    static SeedPlace parse(String seed) {
        String place = seed.substring(seed.indexOf('=') + 1);
        int colon = place.lastIndexOf(':');
        return new SeedPlace(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
    }

    boolean isOf(Member member) {
        return port == member.peerPort() && host.equalsIgnoreCase(member.host());
    }
}

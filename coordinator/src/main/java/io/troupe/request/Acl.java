package io.troupe.request;

import java.util.List;
import java.util.Objects;

/**
 * One entry of an access control list (contract 4.1).
 *
 * @param perms sum of {@link #READ}, {@link #WRITE}, {@link #CREATE}, {@link #DELETE}, {@link #ADMIN}; not validated
 */
public record Acl(int perms, Identity who) {
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int CREATE = 4;
    public static final int DELETE = 8;
    public static final int ADMIN = 16;
    public static final int ALL = 31;

    /** {@code world:anyone:cdrwa}. */
    public static final List<Acl> OPEN = List.of(new Acl(ALL, Identity.ANYONE));

    /** {@code world:anyone:r}. */
    public static final List<Acl> READ_ONLY = List.of(new Acl(READ, Identity.ANYONE));

    public Acl {
        Objects.requireNonNull(who);
    }
}

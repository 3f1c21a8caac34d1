/** Keys and certificates, and what TLS is spoken with them: with clients (contract 6.4), and between nodes. */
@NullMarked
package io.troupe.app.tls;

import org.jspecify.annotations.NullMarked;

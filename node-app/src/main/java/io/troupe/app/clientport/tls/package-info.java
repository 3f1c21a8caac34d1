/** Keys and certificates of the client port, and what TLS is spoken with them (contract 6.4). */
@NullMarked
package io.troupe.app.clientport.tls;

import org.jspecify.annotations.NullMarked;

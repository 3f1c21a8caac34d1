/** Who a client is and which access control entries it may write (contract 4.3, 4.4). */
@NullMarked
package io.troupe.app.clientport.auth;

import org.jspecify.annotations.NullMarked;

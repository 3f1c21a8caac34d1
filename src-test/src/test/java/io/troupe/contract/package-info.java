/** Which tests hold the product to which point of the contract. */
@NullMarked
package io.troupe.contract;

import org.jspecify.annotations.NullMarked;

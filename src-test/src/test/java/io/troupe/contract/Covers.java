package io.troupe.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which points of the contract a test, or all tests of a class, hold the product to. It stands last before the method or class,
 * or before its {@link Shows}: docs/conformance.md is made from the sources of all modules, each of which has its own copy of this.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Covers {
    /** Ids in src-test's contract-points.txt. */
    String[] value();
}

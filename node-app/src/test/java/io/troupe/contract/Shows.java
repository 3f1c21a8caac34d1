package io.troupe.contract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which of the named correctness scenarios a test, or all tests of a class, play through. It stands last before the method or
 * class: docs/scenarios.md is made from the sources of all modules, each of which has its own copy of this.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Shows {
    /** Names in src-test's scenarios.txt. */
    String[] value();
}

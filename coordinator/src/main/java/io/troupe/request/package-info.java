/** What is replicated: operations, requests, sections and batches, their results and error codes. */
@NullMarked
package io.troupe.request;

import org.jspecify.annotations.NullMarked;

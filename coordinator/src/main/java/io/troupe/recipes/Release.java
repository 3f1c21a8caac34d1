package io.troupe.recipes;

/** To an actor that contends: give back what you hold, if you do, and contend no longer. */
public record Release() implements ContenderProtocol.Command, SemaphoreActor.Command, PresenceActor.Command {}

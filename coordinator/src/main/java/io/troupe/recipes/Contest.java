package io.troupe.recipes;

/**
 * What is contended for.
 *
 * @param directory of the contenders' znodes
 * @param name what the names of their znodes have before the number
 * @param data of their znodes
 * @param rule whose turn it is
 */
record Contest(String directory, String name, byte[] data, Line.Rule rule) {}

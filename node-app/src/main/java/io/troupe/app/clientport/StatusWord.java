package io.troupe.app.clientport;

/**
 * What a connection sent in place of a handshake (contract 1.11).
 *
 * @param text the four characters
 * @param argument the number behind it, 0 for a word that takes none
 */
record StatusWord(String text, long argument) {}

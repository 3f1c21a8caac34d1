package io.troupe.app.tls;

import io.troupe.node.ConfigurationException;
import io.troupe.node.Secret;
import io.troupe.node.TlsSettings.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What the files of a store held at one moment. Equal contents are equal.
 *
 * @param bytes of the store's file; read-only
 * @param password that opens it; empty for none
 */
record StoreContents(ByteBuffer bytes, Secret password) {
    /**
     * Reads the store's file and its password's.
     *
     * @throws ConfigurationException when one of them cannot be read
     */
    static StoreContents read(Store store) {
        ByteBuffer bytes = ByteBuffer.wrap(bytesOf(store.key(), store.file())).asReadOnlyBuffer();
        return new StoreContents(
                bytes, store.passwordFile().isEmpty() ? store.password() : passwordIn(store, store.passwordFile()));
    }

    private static Secret passwordIn(Store store, String file) {
        String key = store.key() + "-password-file";
        String text = new String(bytesOf(key, file), StandardCharsets.UTF_8);
        return new Secret(text.lines().findFirst().orElse(""));
    }

    private static byte[] bytesOf(String key, String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(StoreOpener.named(key, file) + " does not exist; correct the path");
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(StoreOpener.named(key, file) + " cannot be read ("
                    + e.getClass().getSimpleName() + "); let the user that this runs as read it, or correct the path");
        }
    }

    byte[] toBytes() {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}

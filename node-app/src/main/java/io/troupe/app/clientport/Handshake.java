package io.troupe.app.clientport;

import io.netty.buffer.ByteBuf;
import io.troupe.app.clientport.jute.MalformedFrameException;
import io.troupe.app.clientport.jute.ServerFrame;
import io.troupe.edge.SessionPassword;

/**
 * A client's opening frame (contract 1.5). It has no header, and its last field came later than the protocol: clients
 * that do not send it must not be sent it either.
 *
 * @param timeoutMillis what the client asks for
 * @param sessionId 0 for a new session
 * @param withReadOnly whether the frame had the later field
 * @param readOnly what it said: whether the client is content with a node that has no leader
 */
record Handshake(
        long lastZxidSeen, int timeoutMillis, long sessionId, byte[] password, boolean withReadOnly, boolean readOnly) {
    /** protocolVersion, lastZxidSeen, timeOut, sessionId, length of passwd. */
    private static final int FIXED = 4 + 8 + 4 + 8 + 4;

    static Handshake decode(ByteBuf frame) throws MalformedFrameException {
        int length = frame.readableBytes();
        if (length < FIXED) {
            throw new MalformedFrameException("opened with a frame of " + length + " bytes, too short for a handshake");
        }
        frame.skipBytes(Integer.BYTES);
        long lastZxidSeen = frame.readLong();
        int timeoutMillis = frame.readInt();
        long sessionId = frame.readLong();
        int passwordLength = frame.readInt();
        if (passwordLength > frame.readableBytes()) {
            throw new MalformedFrameException("opened with a handshake that ends inside its password");
        }
        byte[] password = new byte[Math.max(0, passwordLength)];
        frame.readBytes(password);
        boolean withReadOnly = frame.isReadable();
        boolean readOnly = withReadOnly && frame.readBoolean();
        return new Handshake(lastZxidSeen, timeoutMillis, sessionId, password, withReadOnly, readOnly);
    }

    /** The answer to a client whose session is open. */
    ServerFrame accepted(long openedSessionId, int agreedTimeoutMillis, boolean servedReadOnly) {
        return new ServerFrame.Connected(
                agreedTimeoutMillis,
                openedSessionId,
                SessionPassword.of(openedSessionId),
                withReadOnly,
                servedReadOnly);
    }

    /** The answer that tells a client its session is over. */
    ServerFrame expired() {
        return new ServerFrame.Connected(0, 0, new byte[SessionPassword.LENGTH], withReadOnly, false);
    }
}

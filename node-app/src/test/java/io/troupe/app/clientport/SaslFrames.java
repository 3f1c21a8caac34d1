package io.troupe.app.clientport;

import java.io.IOException;
import org.apache.jute.BinaryInputArchive;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.GetSASLRequest;
import org.apache.zookeeper.proto.ReplyHeader;
import org.apache.zookeeper.proto.SetSASLResponse;

/** The client's side of a SASL exchange. */
final class SaslFrames {
    private SaslFrames() {}

    /** An answer to a token. */
    record Answer(ReplyHeader header, byte[] token) {}

    static byte[] frame(byte[] token) throws IOException {
        return RawClient.request(1, ZooDefs.OpCode.sasl, new GetSASLRequest(token));
    }

    static Answer read(RawClient client) throws IOException {
        BinaryInputArchive archive = RawClient.archive(client.readFrame());
        ReplyHeader header = new ReplyHeader();
        archive.readRecord(header, "");
        SetSASLResponse body = new SetSASLResponse();
        archive.readRecord(body, "");
        return new Answer(header, body.getToken());
    }

    static Answer say(RawClient client, byte[] token) throws IOException {
        client.sendFrame(frame(token));
        return read(client);
    }
}

package io.troupe.client.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import io.troupe.client.protocol.Coordinator.Ack;
import io.troupe.client.protocol.Coordinator.AskHealth;
import io.troupe.client.protocol.Coordinator.Block;
import io.troupe.client.protocol.Coordinator.Health;
import io.troupe.client.protocol.Coordinator.Open;
import io.troupe.client.protocol.Coordinator.Opened;
import io.troupe.client.protocol.Coordinator.Probe;
import io.troupe.client.protocol.Coordinator.Proof;
import io.troupe.client.protocol.Coordinator.Refusal;
import io.troupe.client.protocol.Coordinator.Refused;
import io.troupe.client.protocol.Coordinator.Reset;
import io.troupe.ensemble.Role;
import io.troupe.request.Acl;
import io.troupe.request.CreateMode;
import io.troupe.request.Identity;
import io.troupe.request.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is sent is what version 1 sent, byte for byte, so that applications and nodes of different releases understand each other. A new
 * kind gets a new line in {@code golden-coordinator-1.properties}; a line that is there is never changed.
 */
class GoldenBytesTest {
    private static final Stat STAT = new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    private static final byte[] BYTES = {1, 2, 3};

    private static ActorSystem<Void> system;
    private static Serialization serialization;
    private static Properties golden;

    @BeforeAll
    static void start() throws IOException {
        system = ActorSystem.create(
                Behaviors.empty(), "golden", ConfigFactory.parseString("""
                akka.actor.provider = remote
                akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                akka.remote.warn-about-direct-use = off
                """).withFallback(ConfigFactory.load()));
        serialization = SerializationExtension.get(system);
        golden = new Properties();
        try (InputStream in = GoldenBytesTest.class.getResourceAsStream("/golden-coordinator-1.properties")) {
            golden.load(Objects.requireNonNull(in));
        }
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    private static <T> ActorRef<T> ref() {
        return ActorRefResolver.get(system).resolveActorRef("akka://app@10.0.0.9:2552/system/session#42");
    }

    private static List<Coordinator.Message> messages() {
        return List.of(
                new Open(1, ref(), 7, 0x1234, BYTES, 10_000, 99, List.of(new Proof("digest", BYTES))),
                new Opened(1, 7, 8, 0x1234, BYTES, 10_000, 1_048_575, 1_000, 2, List.of("10.0.0.1:25520")),
                new Refused(7, Refusal.NOT_SERVING, "no leader"),
                new Block(8, 1, 2, BYTES, true),
                new Ack(8, 2),
                new Reset(8),
                new Probe(8, ref(), 7),
                new AskHealth(ref()),
                new Health(1, 2, Role.FOLLOWING, true, 3, 4, 5, 6, 7, 8, List.of("10.0.0.1:25520")));
    }

    private static List<Ask> asks() {
        return List.of(
                new Ask.Ping(),
                new Ask.CloseSession(),
                new Ask.Create("/a", BYTES, Acl.OPEN, CreateMode.EPHEMERAL_SEQUENTIAL, -1),
                new Ask.Delete("/a", 3),
                new Ask.SetData("/a", BYTES, -1),
                new Ask.Check("/a", 0),
                new Ask.SetAcl("/a", Acl.READ_ONLY, 2),
                new Ask.Multi(List.of(new Ask.Check("/a", 0), new Ask.Delete("/a", -1))),
                new Ask.Exists("/a"),
                new Ask.GetData("/a"),
                new Ask.GetChildren("/a"),
                new Ask.MultiRead(List.of(new Ask.GetData("/a"), new Ask.GetChildren("/b"))),
                new Ask.GetAcl("/a"),
                new Ask.GetEphemerals("/"),
                new Ask.CountDescendants("/a"),
                new Ask.WhoAmI(),
                new Ask.AddAuth("digest", BYTES),
                new Ask.Sasl(BYTES),
                new Ask.Reconfigure(
                        List.of("server.4=h:1:2:observer;h:3"), List.of(2), List.of("server.1=g:1:2;g:3"), 99),
                new Ask.Sync("/"),
                new Ask.AddWatch("/a", true),
                new Ask.RemoveWatch("/a", false),
                new Ask.ResumeWatches(99, List.of("/a"), List.of("/b")));
    }

    private static List<Answer> answers() {
        return List.of(
                new Answer.Done(),
                new Answer.Failed(-101),
                new Answer.Created("/a", STAT),
                new Answer.Found(STAT),
                new Answer.Data(BYTES, STAT),
                new Answer.Children(List.of("b", "c"), STAT),
                new Answer.AclFound(Acl.OPEN, STAT),
                new Answer.Count(5),
                new Answer.Paths(List.of("/a")),
                new Answer.Who(List.of(Identity.ANYONE)),
                new Answer.Resumed(false),
                new Answer.SaslToken(BYTES),
                new Answer.Many(List.of(new Answer.Failed(0), new Answer.Children(List.of("b"), null))));
    }

    private static Map<String, byte[]> encoded() {
        Map<String, byte[]> encoded = new LinkedHashMap<>();
        for (Coordinator.Message message : messages()) {
            encoded.put(
                    "message." + name(message), serialization.serialize(message).get());
        }
        for (Ask ask : asks()) {
            encoded.put("ask." + name(ask), WireCodec.encode(new Call(5, ask)));
        }
        for (Answer answer : answers()) {
            encoded.put("answer." + name(answer), WireCodec.encode(new Delivery.Reply(5, 99, answer)));
        }
        encoded.put("delivery.Fired", WireCodec.encode(new Delivery.Fired(3, "/a", 99)));
        encoded.put("delivery.Ended", WireCodec.encode(new Delivery.Ended(Delivery.End.STOPPING)));
        return encoded;
    }

    private static String name(Object message) {
        return message.getClass().getSimpleName();
    }

    private static byte[] golden(String name) {
        return HexFormat.of().parseHex(golden.getProperty(name, ""));
    }

    @Test
    void theBytesAreThoseOfVersionOne() {
        Map<String, String> now = new TreeMap<>();
        encoded().forEach((name, bytes) -> now.put(name, HexFormat.of().formatHex(bytes)));
        Map<String, String> then = new TreeMap<>();
        golden.stringPropertyNames().forEach(name -> then.put(name, golden.getProperty(name)));

        assertThat(now).isEqualTo(then);
    }

    @Test
    void everyKindHasALine() {
        assertThat(messages())
                .extracting(Object::getClass)
                .doesNotHaveDuplicates()
                .hasSize(9);
        assertThat(asks())
                .extracting(GoldenBytesTest::name)
                .containsExactlyInAnyOrderElementsOf(names(Ask.class, "Unknown"));
        assertThat(answers())
                .extracting(GoldenBytesTest::name)
                .containsExactlyInAnyOrderElementsOf(names(Answer.class, "Unknown"));
    }

    private static List<String> names(Class<?> kind, String except) {
        return Arrays.stream(kind.getDeclaredClasses())
                .filter(Class::isRecord)
                .map(Class::getSimpleName)
                .filter(name -> !name.equals(except))
                .toList();
    }

    @Test
    void whatVersionOneSentIsUnderstood() throws Exception {
        for (Coordinator.Message message : messages()) {
            Object read = serialization
                    .deserialize(
                            golden("message." + name(message)),
                            serialization.findSerializerFor(message).identifier(),
                            Serializers.manifestFor(serialization.findSerializerFor(message), message))
                    .get();
            assertThat(read).usingRecursiveComparison().isEqualTo(message);
        }
        for (Ask ask : asks()) {
            assertThat(WireCodec.calls(golden("ask." + name(ask))))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(new Call(5, ask)));
        }
        for (Answer answer : answers()) {
            assertThat(WireCodec.deliveries(golden("answer." + name(answer))))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(new Delivery.Reply(5, 99, answer)));
        }
    }

    @Test
    void manifestsNameTheClassesOfVersionOne() {
        assertThat(messages())
                .extracting(message -> Serializers.manifestFor(serialization.findSerializerFor(message), message))
                .allSatisfy(manifest -> assertThat(manifest).startsWith("io.troupe.client.protocol.Coordinator$"));
    }

    @Test
    void fieldsAndKindsOfLaterVersionsDoNoHarm() throws Exception {
        CBORMapper mapper = new CBORMapper();
        ObjectNode later = (ObjectNode) mapper.readTree(golden("ask.Exists"));
        later.put("priority", 7);
        ((ObjectNode) later.get("ask")).put("depth", 2);
        assertThat(WireCodec.calls(mapper.writeValueAsBytes(later))).containsExactly(new Call(5, new Ask.Exists("/a")));

        ((ObjectNode) later.get("ask")).put("t", "of tomorrow");
        assertThat(WireCodec.calls(mapper.writeValueAsBytes(later))).containsExactly(new Call(5, new Ask.Unknown()));

        ObjectNode reply = (ObjectNode) mapper.readTree(golden("answer.Count"));
        ((ObjectNode) reply.get("answer")).put("t", "of tomorrow");
        assertThat(WireCodec.deliveries(mapper.writeValueAsBytes(reply)))
                .containsExactly(new Delivery.Reply(5, 99, new Answer.Unknown()));
        reply.put("t", "of tomorrow");
        assertThat(WireCodec.deliveries(mapper.writeValueAsBytes(reply))).containsExactly(new Delivery.Unknown());
    }

    @Test
    void severalTravelBehindEachOther() throws Exception {
        byte[] first = WireCodec.encode(new Call(1, new Ask.Ping()));
        byte[] second = WireCodec.encode(new Call(2, new Ask.Exists("/ü")));
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThat(WireCodec.calls(both))
                .containsExactly(new Call(1, new Ask.Ping()), new Call(2, new Ask.Exists("/ü")));
        assertThat(new String(second, StandardCharsets.UTF_8)).contains("/ü");
    }
}

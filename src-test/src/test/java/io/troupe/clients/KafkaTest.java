package io.troupe.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.troupe.process.EnsembleExtension;
import io.troupe.process.EnsembleProcesses;
import io.troupe.process.OfficialClient;
import java.time.Duration;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZKUtil;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Apache Kafka as of the last releases that keep their metadata in ZooKeeper's tree: brokers, topics, controller. */
@ExtendWith(EnsembleExtension.class)
class KafkaTest {
    private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
    private static final String PRODUCER = "kafka.tools.ConsoleProducer";
    private static final String CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
    private static final int NOBODY = -1;

    /** Longer than a broker's session may be silent. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(9);

    @Test
    void messagesGoOnWhenTheControllerDiesAndWhenTheLeaderDies(EnsembleProcesses ensemble) throws Exception {
        try (var client = OfficialClient.connect(ensemble.connectString())) {
            try (var kafka = new KafkaCluster(ensemble)) {
                kafka.awaitRegistered(client, "1", "2");
                var controller = kafka.awaitController(client, NOBODY);
                createTopic("news", kafka);
                assertThat(client.getChildren(KafkaCluster.CHROOT + "/brokers/topics", false))
                        .contains("news");
                var consumer = kafka.start("consumer", CONSUMER, "--topic", "news", "--from-beginning");
                var producer = kafka.start(
                        "producer", PRODUCER, "--topic", "news", "--sync", "--request-required-acks", "all");
                messageArrives("one", producer, consumer);
                controllerDies(controller, kafka, client);
                messageArrives("two", producer, consumer);
                kafka.startBroker(controller);
                kafka.awaitRegistered(client, "1", "2");

                var registration = client.stat(KafkaCluster.CONTROLLER);
                ensemble.awaitLeader().kill();
                messageArrives("three", producer, consumer);
                ensemble.awaitLeader();
                staysController(registration, client);
                createTopic("later", kafka);
                assertThat(kafka.command("topic-list", TOPICS, "--list")).contains("news", "later");
                messageArrives("four", producer, consumer);
                assertThat(consumer.said()).containsSubsequence("one", "two", "three", "four");
            }
            ZKUtil.deleteRecursive(client, KafkaCluster.CHROOT);
        }
    }

    private static void createTopic(String name, KafkaCluster kafka) {
        kafka.command("topic-" + name, TOPICS, "--create", "--topic", name, "--replication-factor", "2");
    }

    private static void messageArrives(String message, ForeignProgram producer, ForeignProgram consumer) {
        producer.tell(message);
        consumer.awaitLine(message);
    }

    private static void controllerDies(int controller, KafkaCluster kafka, OfficialClient client) {
        kafka.killBroker(controller);
        var successor = kafka.awaitController(client, controller);
        kafka.awaitRegistered(client, Integer.toString(successor));
    }

    private static void staysController(Stat registration, OfficialClient client) {
        await("the controller stays")
                .during(LONG_ENOUGH)
                .atMost(EnsembleProcesses.PATIENCE)
                .ignoreException(KeeperException.ConnectionLossException.class)
                .until(() -> client.stat(KafkaCluster.CONTROLLER).equals(registration));
    }
}

package io.troupe.log;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import io.troupe.ensemble.Zxid;
import io.troupe.env.FakeDisk;
import io.troupe.env.HandClock;
import io.troupe.log.LogProtocol.Append;
import io.troupe.log.LogProtocol.Command;
import io.troupe.log.LogProtocol.Event;
import io.troupe.metrics.Metrics;
import io.troupe.request.Batch;
import java.util.ArrayList;
import java.util.List;

/** The log actor on a disk whose fsyncs end when the test says so. */
abstract class LogRig {
    static final LogSettings SETTINGS = new LogSettings(380, 700, 1_400);
    static final NodeMeta META = new NodeMeta(1, 42, 1, 5, 4, null);

    final HandClock clock = new HandClock();
    final Metrics metrics = new Metrics();
    FakeDisk disk = new FakeDisk();
    BehaviorTestKit<Command> actor = start();
    final List<Event> events = new ArrayList<>();
    final TestInbox<LogProtocol.Opened> opened = TestInbox.create();
    final TestInbox<LogProtocol.MetaSaved> saved = TestInbox.create();
    final TestInbox<LogProtocol.Truncated> truncated = TestInbox.create();
    final TestInbox<LogProtocol.Started> started = TestInbox.create();
    final TestInbox<LogProtocol.Slice> slices = TestInbox.create();
    final TestInbox<LogProtocol.Located> located = TestInbox.create();

    BehaviorTestKit<Command> start() {
        return BehaviorTestKit.create(LogActor.create(disk, SETTINGS, clock, metrics));
    }

    LogProtocol.Opened open() {
        actor.run(new LogProtocol.Open(opened.getRef(), events::add));
        return opened.receiveMessage();
    }

    LogProtocol.Opened restartOn(FakeDisk next) {
        disk = next;
        actor = start();
        events.clear();
        return open();
    }

    void append(List<Batch> batches) {
        batches.forEach(batch -> actor.run(new Append(batch)));
    }

    void endSync() {
        disk.endSync();
        actor.runOne();
    }

    void endSyncs() {
        while (disk.syncsUnderWay() > 0) {
            endSync();
        }
    }

    void failSync() {
        disk.endSyncBadly();
        actor.runOne();
    }

    void read(long zxid) {
        actor.run(new LogProtocol.Read(zxid, Integer.MAX_VALUE, slices.getRef()));
    }

    static long z(long counter) {
        return Zxid.of(1, counter);
    }
}

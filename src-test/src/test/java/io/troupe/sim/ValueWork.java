package io.troupe.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.troupe.client.Event;
import io.troupe.client.Session;
import io.troupe.client.Watch;
import io.troupe.client.WatchMode;
import io.troupe.client.ZnodeData;
import io.troupe.recipes.ConfigValue;
import io.troupe.recipes.Counter;
import io.troupe.request.CreateMode;
import io.troupe.request.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What applications change and follow: a counter, a configuration value, a znode whose changes are told as events. */
final class ValueWork {
    static final String COUNTER = "/values/counter";
    static final String CONFIG = "/values/config";
    static final String FEED = "/feed";

    private final RecipeWork work;
    private final CounterBook counter = new CounterBook();
    private final FeedBook feed = new FeedBook();
    private final List<FollowedValue> followed = new ArrayList<>();

    ValueWork(RecipeWork work) {
        this.work = work;
    }

    CounterBook counter() {
        return counter;
    }

    FeedBook feed() {
        return feed;
    }

    /** All who follow the configuration, those whose session is over among them. */
    List<FollowedValue> followed() {
        return followed;
    }

    void begin(AppSession at) {
        count(at, at.recipes().counter(COUNTER));
        ConfigValue<String> config = at.recipes().config(CONFIG, ConfigValue.Codec.TEXT);
        configure(at, config, 0);
        follow(at, config);
        prepare(at);
    }

    // ---- the counter ----

    private void count(AppSession at, Counter number) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "count");
        CounterBook.Increment increment = counter.begins(at.toString());
        CompletionStage<Long> sum = number.increment();
        sum.whenComplete((value, failure) -> {
            if (failure == null) {
                counter.acknowledged(increment, value).ifPresent(at.world()::fail);
            } else {
                at.failed("counting", failure);
            }
            doing.ended(failure == null);
            work.next(at, () -> count(at, number));
        });
    }

    // ---- the configuration ----

    private void configure(AppSession at, ConfigValue<String> config, int number) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "configure");
        CompletionStage<Integer> set = config.set(at + " " + number);
        set.whenComplete((version, failure) -> {
            if (failure != null) {
                at.failed("setting " + CONFIG, failure);
            }
            doing.ended(failure == null);
            work.next(at, () -> configure(at, config, number + 1));
        });
    }

    private void follow(AppSession at, ConfigValue<String> config) {
        FollowedValue following = new FollowedValue(at);
        followed.add(following);
        Source<ConfigValue.Version<String>, NotUsed> changes = config.changes();
        CompletionStage<Done> end =
                changes.runForeach(version -> following.seen(version).ifPresent(at.world()::fail), at.system());
        ended(at, "following " + CONFIG, end);
    }

    private static void ended(AppSession at, String what, CompletionStage<Done> end) {
        // Akka's stages run what is given no executor in threads outside of the actor system.
        end.whenCompleteAsync(
                (done, failure) -> {
                    if (failure != null) {
                        at.failed(what, failure);
                    }
                },
                at.system().executionContext());
    }

    // ---- the feed ----

    private void prepare(AppSession at) {
        CompletionStage<?> made = at.session().create(FEED, CreateMode.PERSISTENT);
        made.whenComplete((created, failure) -> {
            CompletionStage<Boolean> there = at.session().exists(FEED).thenApply(stat -> stat.isPresent());
            there.whenComplete((present, unknown) -> {
                if (unknown == null && present) {
                    watch(at);
                    publish(at);
                } else {
                    work.next(at, () -> prepare(at));
                }
            });
        });
    }

    private void publish(AppSession at) {
        if (!work.goesOn()) {
            return;
        }
        RecipeWork.Doing doing = work.begins(at, "publish");
        CompletionStage<Stat> set = at.session().setData(FEED, at.toString().getBytes(UTF_8));
        set.whenComplete((stat, failure) -> {
            if (failure == null) {
                feed.published(stat.mzxid());
            } else {
                at.failed("publishing", failure);
            }
            doing.ended(failure == null);
            work.next(at, () -> publish(at));
        });
    }

    private void watch(AppSession at) {
        Session session = at.session();
        Source<Event, Watch> events = session.watch(FEED, WatchMode.NODE);
        FeedBook.Follower follower = feed.follower(at);
        Pair<Watch, CompletionStage<Done>> running = events.toMat(
                        Sink.foreach(event -> follower.told(event).ifPresent(at.world()::fail)), Keep.both())
                .run(at.system());
        ended(at, "watching " + FEED, running.second());
        CompletionStage<ZnodeData> read = running.first().established().thenCompose(done -> session.getData(FEED));
        read.whenComplete((data, failure) -> {
            if (failure == null) {
                follower.begins(data.stat().mzxid());
            }
        });
    }
}

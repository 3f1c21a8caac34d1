package io.troupe.examples;

import io.troupe.recipes.ConfigValue;
import java.util.concurrent.CompletionStage;

/**
 * A setting that running programs follow: {@code config watch}, {@code config set VALUE}, {@code config rollback VERSION}. It is the
 * data of a znode, so that any ZooKeeper client can read it.
 */
public final class LiveConfig {
    private LiveConfig() {}

    public static void main(String[] args) {
        String command = args.length > 0 ? args[0] : "watch";
        Application application = Application.start("config");
        ConfigValue<String> limit = application.recipes().config("/examples/config/limit", ConfigValue.Codec.TEXT);
        if (command.equals("set") && args.length > 1) {
            // Whatever it is now; set(value, version) refuses when somebody else has changed it since.
            report(application, limit.set(args[1]));
        } else if (command.equals("rollback") && args.length > 1) {
            report(application, limit.rollback(Integer.parseInt(args[1])));
        } else {
            limit.changes()
                    .runForeach(
                            now -> application.say("the limit is " + now.value() + ", version " + now.version()),
                            application.system());
            application.say("watches");
        }
    }

    private static void report(Application application, CompletionStage<Integer> change) {
        change.whenComplete((version, failure) -> {
            application.say(failure == null ? "made version " + version : "not changed: " + failure.getMessage());
            application.stop();
        });
    }
}

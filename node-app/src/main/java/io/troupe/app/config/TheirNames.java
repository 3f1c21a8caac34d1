package io.troupe.app.config;

import com.typesafe.config.Config;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** ZooKeeper's names in messages that name our keys, for an operator who has written those. */
public final class TheirNames {
    private static final Pattern KEY = Pattern.compile("troupe(\\.[a-z0-9]+(-[a-z0-9]+)*)+");

    private TheirNames() {}

    /**
     * The message with file, line, key and value behind the first mention of each key that is translated, where it does not tell them
     * yet.
     *
     * @param operator as {@link OperatorFile#load} has read it
     */
    public static String in(String message, Config operator) {
        // What is written in our own format may refer to other keys; nothing there has another name.
        if (!operator.isResolved()) {
            return message;
        }
        Set<String> told = new HashSet<>();
        return KEY.matcher(message).replaceAll(found -> {
            String key = found.group();
            return Matcher.quoteReplacement(told.add(key) ? key + written(key, message, operator) : key);
        });
    }

    private static String written(String key, String message, Config operator) {
        if (!operator.hasPath(key)) {
            return "";
        }
        String place = operator.getValue(key).origin().description();
        return Entry.isShown(place) && !message.contains(place) ? ", here " + place : "";
    }
}

package io.troupe.process;

import io.troupe.process.TreeDump.Image;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Holds a tree against what its writers know of their writes. A write that was acknowledged must be there, one whose
 * answer was lost may be, none may be there twice, and each writer's writes stand in the order of its requests, for it
 * never has two sessions at once.
 *
 * @param history of the writers, complete
 * @param tree after the last write; paths in order
 */
record WriteAudit(WriteHistory history, Map<String, Image> tree) {
    /** Everything that is wrong with the writes of these writers, in words; empty when all is well. */
    List<String> findings(List<Writer> writers) {
        var findings = new ArrayList<String>();
        lostCreations().forEach(findings::add);
        for (var writer : writers) {
            auditNodes(writer, findings);
            auditRegister(writer, findings);
        }
        return findings;
    }

    private Stream<String> lostCreations() {
        return history.pathOfAcknowledged().entrySet().stream().flatMap(write -> {
            var image = tree.get(write.getValue());
            if (image == null) {
                return Stream.of("lost: '" + write.getKey() + "', acknowledged as " + write.getValue());
            }
            return image.data().equals(write.getKey())
                    ? Stream.empty()
                    : Stream.of("overwritten: " + write.getValue() + " holds '" + image.data() + "' instead of '"
                            + write.getKey() + "'");
        });
    }

    private void auditNodes(Writer writer, List<String> findings) {
        var seen = new HashSet<String>();
        var last = -1;
        for (var node : tree.entrySet()) {
            if (!node.getKey().startsWith(writer.parent() + "/")) {
                continue;
            }
            var value = node.getValue().data();
            if (!seen.add(value)) {
                findings.add("twice: '" + value + "', the second time as " + node.getKey());
            }
            if (!history.tried().contains(value)) {
                findings.add("nobody's: '" + value + "' at " + node.getKey());
            } else if (number(value) < last) {
                findings.add("out of order: '" + value + "' at " + node.getKey() + " after number " + last);
            } else {
                last = number(value);
            }
        }
    }

    private void auditRegister(Writer writer, List<String> findings) {
        var register = tree.get(writer.register());
        if (register == null) {
            findings.add("lost: " + writer.register());
            return;
        }
        var tried = history.tried().stream().filter(writer::changedRegisterTo).count();
        var acknowledged = history.versionOfAcknowledged().entrySet().stream()
                .filter(change -> writer.changedRegisterTo(change.getKey()))
                .sorted((one, two) -> Integer.compare(number(one.getKey()), number(two.getKey())))
                .toList();
        var version = register.stat().getVersion();
        if (version > tried) {
            findings.add(
                    "twice: " + writer.register() + " was changed " + version + " times by " + tried + " requests");
        }
        var before = 0;
        for (var change : acknowledged) {
            if (change.getValue() <= before) {
                findings.add("out of order: '" + change.getKey() + "' made version " + change.getValue() + " after "
                        + before);
            }
            before = change.getValue();
        }
        if (version < before) {
            findings.add("lost: " + writer.register() + " is at version " + version + " though " + before
                    + " was acknowledged");
        }
        if (!acknowledged.isEmpty()
                && number(register.data())
                        < number(acknowledged.get(acknowledged.size() - 1).getKey())) {
            findings.add("lost: " + writer.register() + " holds '" + register.data() + "'");
        }
    }

    /** The number at the end of a value. */
    private static int number(String value) {
        return Integer.parseInt(value.substring(value.lastIndexOf(' ') + 1));
    }
}

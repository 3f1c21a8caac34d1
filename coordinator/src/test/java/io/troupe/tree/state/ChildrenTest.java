package io.troupe.tree.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.troupe.request.Acl;
import io.troupe.request.NameList;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChildrenTest {
    private final Children children = new Children();

    private static byte[] utf8(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static Znode child(String name) {
        return new Znode(utf8(name), ZnodeImage.created(1, 1, 0, null, Acl.OPEN), AclTable.OPEN_ID, 0);
    }

    @Test
    void behavesAsASetOfNamesUnderRandomChanges() {
        Random random = new Random(5);
        Set<String> model = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            // Grows, shrinks and grows again.
            boolean add = random.nextInt(10_000) < 5_000 + 4_000 * Math.sin(i / 4_000.0);
            String name = (random.nextInt(8) == 0 ? "é" : "n-") + random.nextInt(3_000);
            if (add && model.add(name)) {
                children.add(child(name));
            } else if (!add && model.remove(name)) {
                children.remove(utf8(name));
            }
            assertThat(children.size()).isEqualTo(model.size());
            String path = "/parent/" + name + "/below";
            Znode found = children.find(path, 8, 8 + name.length());
            assertThat(found != null).isEqualTo(model.contains(name));
            assertThat(children.find(utf8(name))).isSameAs(found);
        }
        Set<String> names = new HashSet<>();
        children.forEach(child -> names.add(child.name()));
        assertThat(names).isEqualTo(model);
    }

    @Test
    void whoeverAsksForTheNamesGetsTheSameListUntilThereAreOthers() {
        for (int i = 0; i < 200; i++) {
            children.add(child("n" + i));
        }
        List<String> before = children.names();
        assertThat(before).hasSize(200);
        assertThat(children.names()).isSameAs(before);

        children.add(child("x"));
        assertThat(children.names()).hasSize(201).contains("x");
        children.remove(utf8("x"));
        assertThat(children.names()).hasSameElementsAs(before).doesNotContain("x");
        assertThat(before).hasSize(200);
    }

    @Test
    void theNamesKnowHowLongTheyAre() {
        children.add(child("a"));
        children.add(child("\u00e4\u20ac"));
        assertThat(children.names().characters()).isEqualTo(3);
        assertThat(children.names().utf8Bytes()).isEqualTo(6);
        assertThat(NameList.copyOf(children.names()).utf8Bytes()).isEqualTo(6);
    }

    @Test
    void refusesTheRemovalOfNothing() {
        children.add(child("a"));
        assertThatThrownBy(() -> children.remove(utf8("b"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void pagesShowEachChildOnceThatIsThereAllTheTimeHoweverTheTableGrowsAndShrinks() {
        Random random = new Random(9);
        Set<String> lasting = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            lasting.add("lasting-é" + i);
            children.add(child("lasting-é" + i));
        }
        List<String> passing = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        String last = null;
        for (NameList page = children.names(last, 7); !page.isEmpty(); page = children.names(last, 7)) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            seen.addAll(page);
            last = page.get(page.size() - 1);
            // The table doubles some times, and shrinks again; the last name of a page may go meanwhile.
            if (seen.size() < 250) {
                for (int i = 0; i < 100; i++) {
                    String name = "passing-" + random.nextInt(1 << 30);
                    passing.add(name);
                    children.add(child(name));
                }
            } else {
                passing.forEach(name -> children.remove(utf8(name)));
                passing.clear();
            }
        }
        assertThat(seen).doesNotHaveDuplicates().containsAll(lasting);
    }
}

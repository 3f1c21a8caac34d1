package io.troupe.membership;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import java.util.HashSet;
import java.util.Set;

/** The member of Akka's cluster that an actor system is. */
public final class AkkaClusterMember implements ClusterMember {
    private final Cluster cluster;

    public AkkaClusterMember(ActorSystem<?> system) {
        this.cluster = Cluster.get(system);
    }

    private static String text(UniqueAddress address) {
        Address place = address.address();
        return place.getHost().orElse("") + ":" + place.getPort().orElse(0) + "#" + Long.toHexString(address.longUid());
    }

    @Override
    public String address() {
        return text(cluster.selfMember().uniqueAddress());
    }

    @Override
    public Set<String> members() {
        Set<String> members = new HashSet<>();
        cluster.state().getMembers().forEach(member -> members.add(text(member.uniqueAddress())));
        return members;
    }

    @Override
    public int membersUp() {
        int up = 0;
        for (Member member : cluster.state().getMembers()) {
            up += member.status().equals(MemberStatus.up()) ? 1 : 0;
        }
        return up;
    }

    @Override
    public String oldest() {
        Member oldest = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            oldest = member.isOlderThan(oldest) ? member : oldest;
        }
        return text(oldest.uniqueAddress());
    }

    @Override
    public void join(String host, int port) {
        Address own = cluster.selfMember().address();
        cluster.manager().tell(Join.create(new Address(own.protocol(), own.system(), host, port)));
    }
}

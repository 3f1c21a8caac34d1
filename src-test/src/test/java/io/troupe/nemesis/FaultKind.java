package io.troupe.nemesis;

/** What the nemesis does to an ensemble. */
enum FaultKind {
    KILL("kill -9", Need.NOTHING),
    PAUSE("SIGSTOP for longer than the session timeout", Need.NOTHING),
    RESTART_STORM("restart storm", Need.NOTHING),
    ROLLING_RESTART("rolling restart", Need.NOTHING),
    DISK_FULL("disk full", Need.SMALL_DISK),
    ONE_WAY("one-way partition", Need.NAMESPACES),
    TWO_WAY("minority cut off", Need.NAMESPACES),
    RING("majority ring", Need.NAMESPACES),
    LEADER_WITH_CLIENTS("leader isolated with its clients", Need.NAMESPACES),
    LOSS("loss by tc", Need.LOSS),
    NARROW("narrow link by tc", Need.NARROW),
    DELAY("delay and loss by tc netem", Need.DELAY);

    private final String words;
    private final Need need;

    FaultKind(String words, Need need) {
        this.words = words;
        this.need = need;
    }

    /** What this host must have for it. */
    Need need() {
        return need;
    }

    @Override
    public String toString() {
        return words;
    }

    /** What a host may lack. */
    enum Need {
        NOTHING(""),
        NAMESPACES("install iproute2 and run as root (CAP_SYS_ADMIN, CAP_NET_ADMIN)"),
        SMALL_DISK("run as root, or let the container mount (CAP_SYS_ADMIN)"),
        LOSS("load the kernel modules sch_ingress and cls_bpf"),
        NARROW("load the kernel module sch_tbf"),
        DELAY("load the kernel module sch_netem, or boot a kernel built with CONFIG_NET_SCH_NETEM");

        private final String remedy;

        Need(String remedy) {
            this.remedy = remedy;
        }

        /** What to do where it is lacking. */
        String remedy() {
            return remedy;
        }
    }
}

package io.troupe.client;

import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A watch as a stream: what the listener is told waits in an {@link EventBuffer} until the stream asks for it. */
final class WatchSource extends AbstractGraphStageWithMaterializedValue<SourceShape<Event>, Watch> {
    private final Outlet<Event> out = Outlet.create("Watch.out");
    private final SourceShape<Event> shape = SourceShape.of(out);
    private final int room;
    private final Function<WatchListener, Watch> watches;

    /**
     * @param room events that may wait
     * @param watches sets a watch
     */
    WatchSource(int room, Function<WatchListener, Watch> watches) {
        this.room = room;
        this.watches = watches;
    }

    @Override
    public SourceShape<Event> shape() {
        return shape;
    }

    @Override
    public Pair<GraphStageLogic, Watch> createLogicAndMaterializedValuePair(Attributes attributes) {
        Logic logic = new Logic();
        logic.watch = watches.apply(logic.listener);
        return Pair.create(logic, logic.watch);
    }

    private final class Logic extends GraphStageLogic {
        private final EventBuffer buffer = new EventBuffer(room);
        private final WatchListener listener;
        private @Nullable Watch watch;

        Logic() {
            super(shape);
            AsyncCallback<Boolean> more = createAsyncCallback(now -> push());
            AsyncCallback<WatchEnd> over = createAsyncCallback(this::end);
            listener = new WatchListener() {
                @Override
                public void onEvent(Event event) {
                    if (buffer.add(event)) {
                        more.invoke(true);
                    }
                }

                @Override
                public void onEnd(@Nullable CoordinatorException cause) {
                    over.invoke(new WatchEnd(cause));
                }
            };
            setHandler(out, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    push();
                }
            });
        }

        private void push() {
            if (isAvailable(out)) {
                Event next = buffer.poll();
                if (next != null) {
                    push(out, next);
                }
            }
        }

        /** What waits is told before. */
        private void end(WatchEnd end) {
            if (end.cause() == null) {
                emitMultiple(out, buffer.drain().iterator(), () -> complete(out));
            } else {
                emitMultiple(out, buffer.drain().iterator(), () -> fail(out, end.cause()));
            }
        }

        @Override
        public void postStop() {
            if (watch != null) {
                watch.cancel();
            }
        }
    }

    /** Null when somebody wanted it. */
    private record WatchEnd(@Nullable CoordinatorException cause) {}
}

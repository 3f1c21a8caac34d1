package io.troupe.app.clientport;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * By which means sockets are read and written: Linux's epoll, where Netty's library for it can be loaded, because a connection
 * costs less memory and less processor time with it; Java's selectors elsewhere.
 *
 * @param words what it is called in the log
 */
record SocketTransport(String words, IoHandlerFactory handlers, Class<? extends ServerSocketChannel> listener) {
    /** The best there is on this machine. */
    static SocketTransport best() {
        if (Epoll.isAvailable()) {
            return new SocketTransport("epoll", EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
        }
        return new SocketTransport(
                "Java's selectors, for want of epoll: " + Epoll.unavailabilityCause(),
                NioIoHandler.newFactory(),
                NioServerSocketChannel.class);
    }
}

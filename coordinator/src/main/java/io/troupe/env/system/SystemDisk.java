package io.troupe.env.system;

import io.troupe.env.Disk;
import io.troupe.env.DiskFile;
import io.troupe.env.SpareFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A directory of the file system, held by one process at a time. Asynchronous syncs run on one thread of its own. */
public final class SystemDisk implements Disk, AutoCloseable {
    private static final String LOCK = "lock";

    /** With less room than this, what is not needed is not kept. */
    private static final long ROOM_FOR_SPARE_FILES = 1L << 30;

    private final Path directory;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final FileStore store;
    private final ExecutorService syncs;
    private final Housekeeping housekeeping = new Housekeeping();
    private final GradualDeletion deletion = new GradualDeletion(housekeeping);
    private final SpareFiles spares;
    private final List<SystemDiskFile> files = new ArrayList<>();

    private SystemDisk(Path directory, FileStore store, FileChannel lockFile, FileLock lock) {
        this.directory = directory;
        this.store = store;
        this.lockFile = lockFile;
        this.lock = lock;
        this.syncs = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "troupe-fsync");
            thread.setDaemon(true);
            return thread;
        });
        this.spares = new SpareFiles(this, new GradualZeros(directory, housekeeping), ROOM_FOR_SPARE_FILES);
    }

    /**
     * Takes a directory, creating it when absent.
     *
     * @throws DiskInUseException when another process holds it
     * @throws IOException when it can't be created, read or written; the message names it
     */
    public static SystemDisk open(Path directory) throws IOException {
        FileChannel channel;
        try {
            create(directory.toAbsolutePath());
            channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(
                    "data directory " + directory + " cannot be used (" + reason(e)
                            + "); let this process create it and write there, or choose another troupe.data-dir",
                    e);
        }
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new DiskInUseException("data directory " + directory
                    + " is in use by another process; stop that one or choose another troupe.data-dir");
        }
        SystemDisk disk = new SystemDisk(directory, Files.getFileStore(directory), channel, lock);
        disk.deleteWhatIsLeft();
        return disk;
    }

    /** The messages of these three are only the file's name. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + ": cannot be created";
        }
        if (e instanceof FileAlreadyExistsException inTheWay) {
            return inTheWay.getFile() + ": not a directory";
        }
        return String.valueOf(e.getMessage());
    }

    /** What is made durable inside a directory is so only when the directory itself is, and those above it. */
    private static void create(Path directory) throws IOException {
        Path above = directory.getParent();
        boolean made = Files.notExists(directory);
        if (made && above != null) {
            create(above);
        }
        Files.createDirectories(directory, forItsOwner());
        // A process that made it may have been killed before this: so whenever it is possible, and whenever it must be.
        if (above != null && (made || Files.isReadable(above))) {
            sync(above);
        }
    }

    /** What is in it nobody else need read, where the file system knows owners. */
    private static FileAttribute<?>[] forItsOwner() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Another process holds the data directory. */
    public static final class DiskInUseException extends IOException {
        private static final long serialVersionUID = 1L;

        DiskInUseException(String message) {
            super(message);
        }
    }

    @Override
    public List<String> list() throws IOException {
        return filesIn(directory, name -> !name.equals(LOCK) && !isNobodys(name));
    }

    /** Names of the files of a directory that are wanted, ascending. */
    static List<String> filesIn(Path directory, Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(p -> p.getFileName().toString())
                    .filter(wanted)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isNobodys(String name) {
        return name.endsWith(GradualDeletion.SUFFIX) || SpareFiles.isSpare(name);
    }

    private void deleteWhatIsLeft() throws IOException {
        for (String name : filesIn(directory, name -> name.endsWith(GradualDeletion.SUFFIX))) {
            deletion.add(directory.resolve(name));
        }
        // Under names that no file of this process gets.
        for (String name : filesIn(directory, SpareFiles::isSpare)) {
            discard(name);
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return opened(FileChannel.open(
                directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public DiskFile openForReading(String name) throws IOException {
        return opened(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    private synchronized DiskFile opened(FileChannel channel) {
        files.removeIf(file -> !file.isOpen());
        SystemDiskFile file = new SystemDiskFile(channel, syncs);
        files.add(file);
        return file;
    }

    /** Closes every file that its user has left open; the directory stays ours. */
    public synchronized void closeFiles() throws IOException {
        for (SystemDiskFile file : files) {
            file.close();
        }
        files.clear();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void discard(String name) throws IOException {
        String last = name + GradualDeletion.SUFFIX;
        for (int i = 2; exists(last); i++) {
            last = name + "-" + i + GradualDeletion.SUFFIX;
        }
        rename(name, last);
        deletion.add(directory.resolve(last));
    }

    @Override
    public void recycle(String name) throws IOException {
        spares.add(name);
    }

    @Override
    public DiskFile allocate(String name) throws IOException {
        return spares.take(name) ? open(name) : Disk.super.allocate(name);
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
        spares.directorySynced();
    }

    @Override
    public long usableBytes() throws IOException {
        long usable = store.getUsableSpace();
        spares.usable(usable);
        return usable;
    }

    @Override
    public void close() throws IOException {
        housekeeping.close();
        deletion.close();
        syncs.shutdown();
        lock.release();
        lockFile.close();
    }
}

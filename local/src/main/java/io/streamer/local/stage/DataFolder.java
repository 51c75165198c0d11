package io.streamer.local.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.streamer.shared.settings.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder of a stage's state, for as long as the stage has it to itself. */
final class DataFolder implements AutoCloseable {
  private static final String LOCK = "in-use";

  private final FileChannel channel;

  private DataFolder(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes it; makes it if it is missing.
   *
   * @throws SettingsException if another stage has it, or it cannot be written
   */
  static DataFolder take(Path folder) {
    try {
      Files.createDirectories(folder);
      var channel =
          FileChannel.open(
              folder.resolve(LOCK),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return locked(folder, channel);
    } catch (IOException e) {
      throw new SettingsException("cannot write to " + folder + ": " + reason(e));
    }
  }

  private static DataFolder locked(Path folder, FileChannel channel) throws IOException {
    try {
      // the system lets go of it when the process ends, however that comes
      if (channel.tryLock() != null) {
        var pid = Long.toString(ProcessHandle.current().pid()) + "\n";
        channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(US_ASCII)), 0);
        return new DataFolder(channel);
      }
    } catch (OverlappingFileLockException _) {
      // by another stage of this process
    }
    var owner = ByteBuffer.allocate(20);
    channel.read(owner, 0);
    channel.close();
    throw new SettingsException(
        folder
            + " is used by the stage of process "
            + new String(owner.array(), 0, owner.position(), US_ASCII).strip()
            + "; stop it, or choose another folder");
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it is a file";
      case NoSuchFileException _ -> "no folder can be made there";
      case FileSystemException system when system.getReason() != null -> system.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

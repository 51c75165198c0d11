package io.streamer.cli.door;

import io.streamer.cli.option.HelpOption;
import io.streamer.client.AttachOptions;
import io.streamer.client.FrameKind;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code ./streamer follow}, whose frames come by the protocol's {@code subscribe}. */
@Command(
    name = "follow",
    aliases = "subscribe",
    description = {
      "Follows a job to its end, with the events that it had before.",
      "Another user's of the tenant takes the permission jobs:read.",
      "On a terminal: a progress bar and the outcome. Otherwise: each frame as a line of JSON."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the job succeeded",
      "1:it failed, or an error came back, such as NOT_FOUND",
      "2:wrong usage",
      "3:the token was refused",
      "4:no connection",
      "130:Ctrl-C, which left the job; one that it stopped has failed"
    },
    footerHeading = "%nExample:%n",
    footer = "  ./streamer follow Yc3kqQ0mXh7vR1bT5nLd8pWs2_A --frames progress,terminal")
public final class Subscribing implements Callable<Integer> {
  @Mixin HelpOption help = new HelpOption();
  @Mixin DoorOptions door;
  @Mixin Following following;

  @Parameters(paramLabel = "JOB_ID", description = "As the acknowledgment says.")
  private String jobId = "";

  @Option(
      names = "--frames",
      split = ",",
      paramLabel = "KIND",
      converter = Kind.class,
      description = "Some of progress, event and terminal. Default: all. The end always comes.")
  private Set<FrameKind> frames = EnumSet.allOf(FrameKind.class);

  public Subscribing(
      Path home, boolean terminal, Map<String, String> environment, Optional<InputStream> keys) {
    this.door = new DoorOptions(home, environment);
    this.following = new Following(terminal, keys);
  }

  static final class Kind implements ITypeConverter<FrameKind> {
    @Override
    public FrameKind convert(String text) {
      try {
        return FrameKind.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException _) {
        throw new TypeConversionException("frames are progress, event and terminal, not " + text);
      }
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    try (var line = door.line()) {
      var options = new AttachOptions().onFrame(line::frame).fetchResult(false);
      if (!frames.containsAll(EnumSet.allOf(FrameKind.class))) {
        options.frames(frames);
      }
      return following.follow(line, door, line.client().attach(jobId, options), true);
    }
  }
}

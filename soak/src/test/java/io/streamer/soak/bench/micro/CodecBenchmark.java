package io.streamer.soak.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.streamer.handler.RawJson;
import io.streamer.shared.protocol.Decoded;
import io.streamer.shared.protocol.ServerFrame;
import io.streamer.shared.protocol.WireCodec;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A frame's text alone: read from a client, and written for one. */
@State(Scope.Thread)
public class CodecBenchmark {
  private static final long NOW = 1_800_000_000_000L;

  private final byte[] request = Frames.request("echo").getBytes(UTF_8);
  private final ServerFrame response =
      new ServerFrame.Response("00000001", RawJson.of(Frames.PAYLOAD.getBytes(UTF_8)));
  private final ServerFrame progress =
      new ServerFrame.Progress(
          "00000001", "ZfEMQ1r8mhpkAdQkxEMEyFyAO1A", 12, 42.5, "counting", 1, Map.of());

  @Benchmark
  public Decoded readRequest() {
    return WireCodec.read(request);
  }

  @Benchmark
  public byte[] writeResponse() {
    return WireCodec.write(response, NOW);
  }

  @Benchmark
  public byte[] writeProgress() {
    return WireCodec.write(progress, NOW);
  }
}

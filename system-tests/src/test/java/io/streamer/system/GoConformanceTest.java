package io.streamer.system;

/** The scenarios of {@code clients/conformance}, played to the client for Go. */
class GoConformanceTest extends ClientConformance {
  GoConformanceTest() {
    super(ClientLanguage.GO);
  }
}

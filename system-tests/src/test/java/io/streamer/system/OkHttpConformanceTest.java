package io.streamer.system;

/** The scenarios of {@code clients/conformance}, played to the client for Java over OkHttp. */
class OkHttpConformanceTest extends ClientConformance {
  OkHttpConformanceTest() {
    super(ClientLanguage.OKHTTP);
  }
}

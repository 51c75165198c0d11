package io.streamer.system;

/** The scenarios of {@code clients/conformance}, played to the client for Java. */
class JavaConformanceTest extends ClientConformance {
  JavaConformanceTest() {
    super(ClientLanguage.JAVA);
  }
}

package io.streamer.system;

/** The scenarios of {@code clients/conformance}, played to the client for JavaScript. */
class JavaScriptConformanceTest extends ClientConformance {
  JavaScriptConformanceTest() {
    super(ClientLanguage.JAVASCRIPT);
  }
}

package io.streamer.system;

/** The scenarios of {@code clients/conformance}, played to the client for Python. */
class PythonConformanceTest extends ClientConformance {
  PythonConformanceTest() {
    super(ClientLanguage.PYTHON);
  }
}

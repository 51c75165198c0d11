package io.streamer.test.stage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixedVersionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/m/netty-codec-4.1.130.Final.jar | /m/netty-codec-base-4.2.12.Final.jar | 4.1.130.Final (netty-codec) and 4.2.12.Final (netty-codec-base)",
        "C:\\m\\netty-common-4.1.130.Final.jar | C:\\m\\netty-transport-native-epoll-4.2.12.Final-linux-x86_64.jar | netty-transport-native-epoll",
        "/m/sdk-core-2.25.50.jar | /m/lambda-2.41.28.jar | 2.25.50 (sdk-core) and 2.41.28 (lambda)",
        "/m/dynamodb-2.25.50.jar | /m/aws-json-protocol-2.41.28.jar | streamer-bom",
      })
  void whatDoesNotRunTogetherIsNamed(String one, String other, String words) {
    assertThatIllegalStateException()
        .isThrownBy(() -> MixedVersions.refuse(List.of("/m/junit-6.jar", one, other)))
        .withMessageContaining(words);
  }

  @Test
  void whatHasVersionsOfItsOwnMayBeBeside() {
    assertThatCode(() ->
            MixedVersions.refuse(
                List.of(
                    "/m/netty-common-4.2.18.Final.jar",
                    "/m/netty-codec-http-4.2.18.Final.jar",
                    "/m/netty-tcnative-classes-2.0.74.Final.jar",
                    "/m/netty-nio-client-2.41.28.jar",
                    "/m/sdk-core-2.41.28.jar",
                    "/m/pinpoint-2.41.0.jar",
                    "/m/auth-1.0.jar",
                    "/m/classes")))
        .doesNotThrowAnyException();
  }

  @Test
  void oursIsOfOneVersion() {
    var classPath = System.getProperty("java.class.path").split(File.pathSeparator);
    assertThatCode(() -> MixedVersions.refuse(List.of(classPath))).doesNotThrowAnyException();
  }
}

# Targets: gateway, worker (for deployment), gateway-demo, worker-demo, local (what docker-compose.yml runs).
# How they are used and what they hold: docs/docker.md

FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -q -Dmaven.test.skip=true -Dspotless.check.skip=true \
      -pl cli,worker-lambda/image -am package \
      org.cyclonedx:cyclonedx-maven-plugin:makeBom \
 && java -cp 'cli/target/lib/*' -Dstreamer.home=/src io.streamer.cli.Main build --demo --output /dist

# Each process's jars in a fixed order, because an AOT cache is bound to it; the demo's apart.
# The worker's are one jar: it starts for a job that waits.
RUN set -eu; \
    paths() { (cd "$1" && ls -- *.jar | LC_ALL=C sort | sed 's|^|/opt/streamer/lib/|' | paste -sd:); }; \
    pack() { \
      mkdir -p "/out/$1/opt/streamer/handlers" "/out/$1-demo" && cp -r "$2" "/out/$1/opt/streamer/lib"; \
      cp "$3" "/out/$1/opt/streamer/sbom.json"; \
      printf -- '-cp\n%s%s\n' "$(paths "$2")" "$4" > "/out/$1/opt/streamer/class-path"; \
    }; \
    pack gateway /dist/gateway/lib gateway/target/sbom.json ''; \
    mkdir /tmp/one; \
    java -cp 'cli/target/lib/*' io.streamer.soak.packed.OneJar worker-lambda/image/target/lib /tmp/one/worker.jar; \
    pack worker /tmp/one worker-lambda/image/target/sbom.json ':/opt/streamer/handlers/*'; \
    pack local cli/target/lib cli/target/sbom.json ''; \
    cp /dist/gateway/handlers/*.jar /out/gateway-demo/; \
    mkdir /tmp/worker && cd /tmp/worker && jar -xf /dist/worker.zip; \
    for jar in lib/*.jar; do [ -e "/src/worker-lambda/image/target/$jar" ] || cp "$jar" /out/worker-demo/; done; \
    cd /out/worker/opt/streamer; \
    jar -xf lib/worker.jar jni; \
    mv "jni/libaws-lambda-jni.linux-$(uname -m | sed 's/aarch64/aarch_64/').so" runtime-client.so; rm -r jni

# A JRE, the system libraries it needs, and nothing else: no shell, no package manager.
# A base image whose security files were changed is linked as it is, with a warning: its trust store comes along.
RUN set -eu; \
    jlink --add-modules java.se,jdk.charsets,jdk.crypto.cryptoki,jdk.httpserver,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
      --no-man-pages --no-header-files --compress zip-6 --ignore-modified-runtime --output /out/jre/opt/java; \
    cd /out/jre; mkdir -p etc tmp var/streamer/.streamer; chmod 1777 tmp; \
    echo 'streamer:x:65532:65532::/var/streamer:/nonexistent' > etc/passwd; \
    echo 'streamer:x:65532:' > etc/group; \
    echo 'hosts: files dns' > etc/nsswitch.conf; \
    chown -R 65532:65532 var/streamer; \
    for file in opt/java/bin/java $(find opt/java/lib -name '*.so' ! -name 'libawt_xawt.so' ! -name 'libsplashscreen.so' ! -name 'libjawt.so') /out/worker/opt/streamer/runtime-client.so; do \
      ldd "$file" | sed -n 's|.* => \(/[^ ]*\) .*|\1|p; s|^\t\(/[^ ]*\) .*|\1|p'; \
    done | grep -v "^$PWD" | sort -u | while read -r library; do \
      mkdir -p ".$(dirname "$library")"; cp -L "$library" ".$library"; \
    done; \
    opt/java/bin/java -Xshare:dump -XX:+UseG1GC >/dev/null

# What a start loads, recorded at the paths of the image: a cache is bound to its JVM and to its class path.
RUN set -eu; \
    cp -a /out/jre/opt/java/. /opt/java/; \
    for image in gateway worker; do \
      ln -sfn /out/$image/opt/streamer /opt/streamer; \
      java -cp 'cli/target/lib/*' io.streamer.soak.bench.Training /src /opt/java/bin/java $image /out/$image/opt/streamer/start.aot; \
    done

FROM scratch AS runtime
COPY --from=build /out/jre /
ENV PATH=/opt/java/bin JAVA_HOME=/opt/java LANG=C.UTF-8 STREAMER_HANDLERS=/opt/streamer/handlers STREAMER_LOG_FORMAT=json
USER 65532:65532
WORKDIR /opt/streamer
LABEL org.opencontainers.image.licenses=Apache-2.0 org.opencontainers.image.vendor=Streamer

FROM runtime AS gateway
LABEL org.opencontainers.image.title="Streamer gateway" \
      org.opencontainers.image.description="Holds clients' connections, answers, queues jobs"
COPY --from=build /out/gateway /
EXPOSE 8081 8082
# of 512 MB: heap 281, buffers 96, the rest for code, classes, threads and stacks; who is out of memory serves nobody
STOPSIGNAL SIGTERM
# the process, not what it depends on: whoever restarts the unhealthy would end all sockets in an outage of the tables
# each check is a JVM of its own in the container
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx16m", "@/opt/streamer/class-path", "io.streamer.gateway.HealthCheck"]
ENTRYPOINT ["/opt/java/bin/java", "-XX:AOTCache=/opt/streamer/start.aot", "-XX:MaxRAMPercentage=55", "-XX:MaxDirectMemorySize=96m", "-XX:+ExitOnOutOfMemoryError", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dlogback.configurationFile=logback-gateway.xml", "@/opt/streamer/class-path", "io.streamer.gateway.Main"]

FROM gateway AS gateway-demo
COPY --from=build /out/gateway-demo/ /opt/streamer/handlers/

FROM runtime AS worker
LABEL org.opencontainers.image.title="Streamer worker" \
      org.opencontainers.image.description="The job function and the stream function for AWS Lambda"
COPY --from=build /out/worker /
ENTRYPOINT ["/opt/java/bin/java", "-XX:AOTCache=/opt/streamer/start.aot", "-XX:MaxRAMPercentage=70", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=/opt/streamer/runtime-client.so", "@/opt/streamer/class-path", "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"]
CMD ["io.streamer.worker.JobFunction"]

FROM worker AS worker-demo
COPY --from=build /out/worker-demo/ /opt/streamer/handlers/

FROM runtime AS local
LABEL org.opencontainers.image.title="Streamer's local cloud" \
      org.opencontainers.image.description="Stand-ins for AWS's parts on a developer's machine; not for deployment"
COPY --from=build /out/local /
ENTRYPOINT ["/opt/java/bin/java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Dlogback.configurationFile=logback-gateway.xml", "@/opt/streamer/class-path", "io.streamer.local.Container"]

plugins {
    java
}

group = "@package@"
version = "0.1.0-SNAPSHOT"

java {
    toolchain {
        languageVersion = JavaLanguageVersion.of(25)
    }
}

repositories {
    // Streamer's own artefacts: ./streamer install puts them there
    mavenLocal()
    mavenCentral()
}

dependencies {
    // the versions with which handlers run
    val streamer = platform("io.streamer:streamer-bom:@version@")
    implementation(streamer)
    compileOnly(streamer)
    testImplementation(streamer)

    // compileOnly: gateway and worker have it
    compileOnly("io.streamer:streamer-handler")
    testImplementation("io.streamer:streamer-handler")
    testImplementation("io.streamer:streamer-test")
    // the whole stage, and the table store that it runs on
    testImplementation("io.streamer:streamer-stage-test")
    testRuntimeOnly("com.amazonaws:DynamoDBLocal")
    testRuntimeOnly("com.almworks.sqlite4java:sqlite4java")
    testRuntimeOnly("org.slf4j:slf4j-simple:2.0.20")
    testImplementation("org.junit.jupiter:junit-jupiter:6.1.3")
    testRuntimeOnly("org.junit.platform:junit-platform-launcher:6.1.3")
}

tasks.withType<JavaCompile>().configureEach {
    options.compilerArgs.add("-parameters")
}

tasks.test {
    useJUnitPlatform()
    jvmArgs("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
    systemProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn")
}

// the jar and the jars that the handlers need: what dev serves and build packs
val handlers by tasks.registering(Sync::class) {
    from(tasks.jar, configurations.runtimeClasspath)
    into(layout.buildDirectory.dir("handlers"))
}

tasks.assemble {
    dependsOn(handlers)
}

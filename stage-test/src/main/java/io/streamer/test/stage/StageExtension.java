package io.streamer.test.stage;

import io.streamer.emulator.apigateway.ApiSettings;
import io.streamer.emulator.aws.ManualClock;
import io.streamer.handler.HandlerModule;
import io.streamer.local.stage.Stage;
import io.streamer.local.stage.StageOptions;
import java.io.File;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A local stage for the tests of a class: the real gateway and the real worker in this JVM, with
 * AWS's parts stood in for, on free ports of the loopback address.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final StageExtension STAGE = StageExtension.with(new ShopModule());
 * }</pre>
 *
 * <p>Tests may take a {@link Stage} or a {@link StageFaults} as a parameter. DynamoDB Local comes
 * from the repository that the system property {@code streamer.home} or the variable {@code
 * STREAMER_HOME} names, or else from the tests' class path.
 */
public final class StageExtension implements BeforeAllCallback, ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(StageExtension.class);

  private final List<HandlerModule> modules;
  private Map<String, String> settings = Map.of();
  private UnaryOperator<ApiSettings> api = UnaryOperator.identity();
  private InstantSource gatewayTime = InstantSource.system();
  private Optional<Path> jars = Optional.empty();
  private boolean shared;
  private volatile @Nullable RunningStage running;

  private StageExtension(List<HandlerModule> modules) {
    this.modules = modules;
  }

  /** A stage with these modules and those that the class path's META-INF/services name. */
  public static StageExtension with(HandlerModule... modules) {
    return new StageExtension(List.of(modules));
  }

  /** {@code STREAMER_} settings, and those that the handlers read. */
  public StageExtension settings(Map<String, String> changed) {
    settings = Map.copyOf(changed);
    return this;
  }

  /** Lets the API Gateway emulator live by this clock. */
  public StageExtension clock(ManualClock clock) {
    return api(plain -> plain.withClock(clock));
  }

  /**
   * Lets the gateway live by this time, by which jobs are due and leases, delays and tokens are
   * over; {@link Stage#runDue} then does what is due.
   */
  public StageExtension gatewayTime(InstantSource time) {
    gatewayTime = time;
    return this;
  }

  /** Changes the API Gateway emulator's limits, clock or stage, after what was changed before. */
  public StageExtension api(UnaryOperator<ApiSettings> change) {
    var before = api;
    api = plain -> change.apply(before.apply(plain));
    return this;
  }

  /** A folder with the jars of DynamoDB Local and of all it needs. */
  public StageExtension dynamoDbLocal(Path folder) {
    jars = Optional.of(folder);
    return this;
  }

  /** One stage for all classes that register this object, closed when all tests are over. */
  public StageExtension shared() {
    shared = true;
    return this;
  }

  /** The stage; there from before the first {@code @BeforeAll} to after the last test. */
  public Stage stage() {
    return running().stage();
  }

  /** Somebody with these permissions. */
  public StageLogin as(String user, String tenant, String... permissions) {
    var now = running();
    return new StageLogin(now.stage(), now.key(), user, tenant, List.of(permissions));
  }

  /** What can be made to go wrong. */
  public StageFaults faults() {
    return new StageFaults(stage());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var store = (shared ? context.getRoot() : context).getStore(NAMESPACE);
    running = store.computeIfAbsent(this, _ -> start(), RunningStage.class);
  }

  private RunningStage start() {
    MixedVersions.refuse(List.of(classPath().split(File.pathSeparator)));
    var own = new HashMap<String, String>();
    own.put("STREAMER_DEMO", "false");
    own.putAll(settings);
    var found =
        jars.map(DynamoJars::inFolder).orElseGet(() -> DynamoJars.find(home(), classPath()));
    return RunningStage.start(home ->
        StageOptions.at(home)
            .dynamoDbLocal(found)
            .modules(modules)
            .settings(own)
            .clock(gatewayTime)
            .api(api));
  }

  private static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("streamer.home"))
        .or(() -> Optional.ofNullable(System.getenv("STREAMER_HOME")))
        .filter(name -> !name.isEmpty())
        .map(Path::of);
  }

  private static String classPath() {
    return System.getProperty("java.class.path", "");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == Stage.class || type == StageFaults.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stage.class ? stage() : faults();
  }

  private RunningStage running() {
    var now = running;
    if (now == null) {
      throw new IllegalStateException(
          "no stage yet: the extension is a static field with @RegisterExtension, and is asked in"
              + " tests, @BeforeAll or @BeforeEach");
    }
    return now;
  }
}

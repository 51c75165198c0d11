package @package@;

import io.streamer.handler.Config;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What there is in the context: handlers, and what they need. */
@Configuration(proxyBeanMethods = false)
class Beans {
  private final Config config;
  private final Consumer<String> voice;

  Beans(Config config, Consumer<String> voice) {
    this.config = config;
    this.voice = voice;
  }

  @Bean
  Greet greet() {
    // GREETER is a setting of the environment or of .env
    var greeter = config.find("GREETER").map(name -> name + ": ").orElse("");
    return new Greet(line -> voice.accept(greeter + line));
  }
}

package @package@

import io.streamer.handler.Config
import io.streamer.handler.HandlerModule
import io.streamer.handler.Handlers
import java.time.Duration

/** What this jar serves; named in META-INF/services. Tests greet with a voice of their own. */
class Actions internal constructor(private val voice: (String) -> Unit) : HandlerModule {
    constructor() : this(::println)

    override fun register(handlers: Handlers, config: Config) {
        handlers.add(Greet::class.java) { Greet(voice) }
            // a second a name: up to five are answered on the spot, more become a job
            .expecting { request -> Duration.ofSeconds(request.names.size.toLong()) }
    }
}

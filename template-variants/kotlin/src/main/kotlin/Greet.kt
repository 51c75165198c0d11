package @package@

import io.streamer.handler.Action
import io.streamer.handler.Failure
import io.streamer.handler.Handler
import io.streamer.handler.Invalid
import io.streamer.handler.Run

/** The work behind the action "greet"; one instance serves all requests. */
@Action("greet")
class Greet(private val voice: (String) -> Unit) : Handler<Greet.Request, Greet.Greetings> {

    /** What a client sends. Streamer reads records: a data class is one by @JvmRecord. */
    @JvmRecord
    data class Request(val names: List<String>) {
        init {
            if (names.isEmpty()) throw Invalid("names", "is empty")
        }
    }

    /** What it gets. */
    @JvmRecord
    data class Greetings(val lines: List<String>)

    override fun handle(request: Request, run: Run): Greetings {
        val names = request.names
        if (names.any { it.isBlank() }) {
            throw Failure.refused("NO_NAME", "whom shall I greet?")
        }
        // a job whose worker died goes on behind the last name that was greeted
        val greeted = run.checkpoint(Int::class.javaObjectType).orElse(0)
        for (i in greeted until names.size) {
            voice(greeting(names[i]))
            run.checkpoint(i + 1)
            run.progress(100.0 * (i + 1) / names.size, names[i])
        }
        return Greetings(names.map(::greeting))
    }

    private fun greeting(name: String) = "Hello, $name"
}

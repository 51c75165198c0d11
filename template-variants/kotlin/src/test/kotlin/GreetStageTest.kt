package @package@

import io.streamer.test.stage.StageExtension
import io.streamer.test.stage.StageFaults
import java.time.Duration
import java.time.Instant
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.CountDownLatch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** The handler in the whole of Streamer, on free ports of this machine. */
class GreetStageTest {
    companion object {
        private val heard = CopyOnWriteArrayList<String>()
        private val never = CountDownLatch(1)

        @Volatile
        private var later = Duration.ZERO

        @JvmField
        @RegisterExtension
        val stage: StageExtension = StageExtension.with(Actions(::hear))
            // the gateway's clock is the test's: nobody waits for a lease to be over
            .gatewayTime { Instant.now().plus(later) }
            .settings(mapOf("STREAMER_HEARTBEAT" to "1d"))

        /** Holds the first worker up in the middle of its job, until it is killed. */
        private fun hear(line: String) {
            heard.add(line)
            if (heard.size == 4) never.await()
        }
    }

    @Test
    fun aJobWhoseWorkerIsKilledGoesOnWhereItWas(faults: StageFaults) {
        val names = listOf("Ada", "Alan", "Grace", "Edsger", "Barbara", "Ken")
        stage.`as`("ann", "acme").direct().use { client ->
            val job = client.send("greet", Greet.Request(names))
            job.awaitProgress(50.0)

            faults.killWorkers()
            later = Duration.ofHours(1)
            stage.stage().runDue()

            val greetings = job.reply().answered().`as`(Greet.Greetings::class.java)
            assertEquals(6, greetings.lines.size)
            // the fourth name alone was begun twice
            assertEquals(7, heard.size)
        }
    }
}

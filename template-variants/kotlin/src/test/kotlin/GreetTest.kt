package @package@

import io.streamer.test.Outcome
import io.streamer.test.TestRun
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Test

class GreetTest {
    private val heard = mutableListOf<String>()
    private val greet = TestRun.of(Greet { heard.add(it) })

    @Test
    fun everyNameIsGreeted() {
        val greetings = greet.run(Greet.Request(listOf("Ada", "Alan"))).completed()

        assertEquals(listOf("Hello, Ada", "Hello, Alan"), greetings.`as`(Greet.Greetings::class.java).lines)
        assertEquals(listOf("Hello, Ada", "Hello, Alan"), heard)
        assertEquals(100.0, greet.progress().last().percentage())
    }

    @Test
    fun aBlankNameIsRefused() {
        val outcome = greet.run(Greet.Request(listOf(" ")))

        assertEquals("NO_NAME", assertInstanceOf(Outcome.Refused::class.java, outcome).reason())
    }

    @Test
    fun noNamesAreInvalid() {
        assertInstanceOf(Outcome.Invalid::class.java, greet.runJson("{\"names\":[]}"))
        assertInstanceOf(Outcome.Invalid::class.java, greet.runJson("{}"))
    }
}

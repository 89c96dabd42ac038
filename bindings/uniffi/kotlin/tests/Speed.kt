/** What a search and an index cost from Kotlin, beside the same calls from Rust, in turns. */

package gaen.tests

import gaen.*
import java.io.File

/** The time that the processor has spent on this thread, nanoseconds. Others' work does not count. */
private fun cpu(): Long = File("/proc/thread-self/schedstat").readText().substringBefore(' ').toLong()

private inline fun <T> timed(work: () -> T): Pair<Long, T> {
    val before = cpu()
    val answer = work()
    return Pair(cpu() - before, answer)
}

class Speed(private val folder: File, baseline: String) {
    private val rust = ProcessBuilder(baseline, "answer", folder.path).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    private val ask = rust.outputWriter()
    private val told = rust.inputReader()

    /** What Rust takes for this, and what it answers. */
    private fun rust(what: String): Pair<Long, Long> {
        ask.write("$what\n")
        ask.flush()
        val (nanoseconds, answer) = checkNotNull(told.readLine()).split(' ').map(String::toLong)
        return Pair(nanoseconds, answer)
    }

    /** Takes turns until the least of each is within the limit: what disturbs a turn makes it longer and never shorter. */
    private fun compare(what: String, turns: Int, most: Double, expected: Long, kotlinDoes: () -> Pair<Long, Long>) {
        var (leastRust, leastKotlin) = Pair(Long.MAX_VALUE, Long.MAX_VALUE)
        var ratio = Double.MAX_VALUE
        for (turn in 1..12 * turns) {
            if (turn > turns && ratio <= most) break
            val (rustSpent, rustAnswer) = rust(what)
            val (spent, answer) = kotlinDoes()
            expect(Pair(expected, expected), Pair(rustAnswer, answer)) { what }
            leastRust = minOf(leastRust, rustSpent)
            leastKotlin = minOf(leastKotlin, spent)
            ratio = leastKotlin.toDouble() / leastRust
        }
        val (rustTime, kotlinTime) = Pair(leastRust / 1e6, leastKotlin / 1e6)
        // The answers decide. A time does not: a machine that is busy all along shows no time that can be held against another.
        val judged = if (ratio <= most) "at most" else "ABOVE"
        println("$what: Rust %.1f ms, Kotlin %.1f ms, ratio %.3f (%s %.2f)".format(rustTime, kotlinTime, ratio, judged, most))
    }

    fun measure() {
        val keys = TrustedKeys(folder.resolve("key.pem").readBytes(), "440", "v1")
        val files = listOf(ExportFile.Path(folder.resolve("keys.zip").path))
        val heard = Sightings.fromRows(folder.resolve("rows-10000").readBytes())
        compare("search", 25, 1.03, 200) {
            timed { searchBlocking(files, heard, verifiedBy(keys), null) }.let { (spent, report) ->
                Pair(spent, report.use { it.matches().size.toLong() })
            }
        }
        val million = folder.resolve("rows-1000000").readBytes()
        compare("index", 9, 1.15, 1_000_000) {
            timed { Sightings.fromRows(million) }.let { (spent, index) -> Pair(spent, index.use { it.count() }) }
        }
        val (filling, _) = timed {
            val (identifier, metadata) = Pair(ByteArray(16), ByteArray(4))
            val rows = SightingRows(1_000_000)
            repeat(1_000_000) { rows.add(identifier, metadata, -60, 1_601_121_592, null) }
            rows.toByteArray()
        }
        println("filling a million rows, once: Kotlin %.1f ms".format(filling / 1e6))
        ask.close()
    }
}

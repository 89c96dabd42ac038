/** What a search and an index cost from Kotlin, beside the same calls from Rust, in turns. */

package gaen.tests

import gaen.*
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder

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
    private fun compare(
        name: String, what: String, turns: Int, most: Double, expected: Long, kotlinDoes: () -> Pair<Long, Long>,
    ) {
        var (leastRust, leastKotlin) = Pair(Long.MAX_VALUE, Long.MAX_VALUE)
        var ratio = Double.MAX_VALUE
        for (turn in 1..12 * turns) {
            if (turn > turns && ratio <= most) break
            val (rustSpent, rustAnswer) = rust(what)
            val (spent, answer) = kotlinDoes()
            expect(Pair(expected, expected), Pair(rustAnswer, answer)) { name }
            leastRust = minOf(leastRust, rustSpent)
            leastKotlin = minOf(leastKotlin, spent)
            ratio = leastKotlin.toDouble() / leastRust
        }
        val (rustTime, kotlinTime) = Pair(leastRust / 1e6, leastKotlin / 1e6)
        // The answers decide. A time does not: a machine that is busy all along shows no time that can be held against another.
        val judged = if (ratio <= most) "at most" else "ABOVE"
        println("$name: Rust %.1f ms, Kotlin %.1f ms, ratio %.3f (%s %.2f)".format(rustTime, kotlinTime, ratio, judged, most))
    }

    fun measure() {
        val keys = TrustedKeys(folder.resolve("key.pem").readBytes(), "440", "v1")
        val files = listOf(ExportFile.Path(folder.resolve("keys.zip").path))
        val heard = Sightings.fromRows(folder.resolve("rows-10000").readBytes())
        compare("search", "search", 25, 1.03, 200) {
            timed { searchBlocking(files, heard, verifiedBy(keys), null) }.let { (spent, report) ->
                Pair(spent, report.use { it.matches().size.toLong() })
            }
        }
        val million = folder.resolve("rows-1000000").readBytes()
        val rows = SightingRows(1_000_000)
        val (filling, _) = timed { fill(rows, million) }
        println("filling a million rows, once: Kotlin %.1f ms".format(filling / 1e6))
        compare("index of rows", "index", 25, 1.15, 1_000_000) {
            timed { rows.toSightings() }.let { (spent, index) -> Pair(spent, index.use { it.count() }) }
        }
        compare("index of an array of rows", "index", 25, 1.5, 1_000_000) {
            timed { Sightings.fromRows(million) }.let { (spent, index) -> Pair(spent, index.use { it.count() }) }
        }
        ask.close()
    }

    /** Adds each packed row as an app adds what it hears. */
    private fun fill(rows: SightingRows, packed: ByteArray) {
        val (identifier, metadata) = Pair(ByteArray(16), ByteArray(4))
        val from = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN)
        while (from.hasRemaining()) {
            from.get(identifier).get(metadata).get()
            val rssi = from.get().toInt()
            from.getShort()
            rows.add(identifier, metadata, rssi, from.getLong(), from.getLong())
        }
    }
}

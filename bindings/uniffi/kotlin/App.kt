// An app without a radio, a network and a screen: the files of the demo stand for the first two.

import gaen.*
import java.io.File
import java.time.Instant
import java.time.temporal.ChronoUnit
import kotlinx.coroutines.runBlocking

/** A scan: what was heard, how loud, when, and when the device had scanned before. */
data class Scan(val identifier: ByteArray, val metadata: ByteArray, val rssi: Int, val time: Long, val previous: Long?)

private val LINE = Regex(
    """\{"rpi":"(\w+)","aem":"(\w+)","rssi":(-?\d+),"time":(\d+),"previous_scan":(\d+)}""",
)

/** Reads the sightings of the demo, which a real app gets from its scanner through `readFrame`. */
fun heard(file: File): List<Scan> = file.readLines().map { line ->
    val (rpi, aem, rssi, time, previous) = LINE.matchEntire(line)!!.destructured
    Scan(Bytes.ofHex(rpi).toByteArray(), Bytes.ofHex(aem).toByteArray(), rssi.toInt(), time.toLong(), previous.toLong())
}

fun main(arguments: Array<String>) = runBlocking<Unit> {
    val demo = File(arguments.single())
    val now = Instant.parse("2020-09-28T00:00:00Z")

    // Does this build compute what all phones compute?
    selfTest()

    // What the device broadcasts now. Its keys stay in the ring.
    val ring = KeyRing()
    val sent = ring.broadcast(now, txPower = -8)
    println("broadcasts ${sent.serviceData.size} bytes for ${now.until(sent.until, ChronoUnit.MINUTES)} minutes")

    // Scans become rows, and rows cross to the library in one piece.
    val rows = SightingRows()
    for (scan in heard(demo.resolve("sightings.jsonl"))) {
        rows.add(scan.identifier, scan.metadata, scan.rssi, scan.time, scan.previous)
    }
    val sightings = rows.toSightings()

    // Only files that this key has signed count.
    val keys = TrustedKeys(demo.resolve("440-v1.pem").readBytes(), id = "440", version = "v1")
    val files = listOf("day-1.zip", "day-2.zip").map { ExportFile.Path(demo.resolve(it).path) }

    // `search` works on a thread for IO. A flow tells how far it is, and ends with the report.
    lateinit var report: Report
    searching(files, sightings, verifiedBy(keys)).collect { event ->
        when (event) {
            is SearchEvent.Working -> println("file ${event.progress.file + 1}: ${event.progress.keys} keys")
            is SearchEvent.Done -> report = event.report
        }
    }
    for (file in report.files()) {
        println("${File(file.name).name}: ${file.error ?: "verified by ${file.verifiedBy.joinToString()}"}")
    }
    check(!report.isPartial())
    println("${report.matches().size} matches, and ${report.dropped().values.sum()} sightings that do not count")

    // The configuration of an app says what a match means.
    val configuration = AppConfiguration.preset("cocoa-v2", Profile.GOOGLE)
    when (val verdict = report.verdict(configuration, now)) {
        Verdict.Notify -> println("You were near somebody who has tested positive.")
        Verdict.DoNotNotify -> println("Nobody was near you for long enough.")
        is Verdict.NotJudged -> println("No answer: ${verdict.reason}")
    }
    for (window in report.windows(configuration, now)) {
        println("${window.start}: ${window.scanInstances.sumOf { it.secondsSinceLastScan }} s, ${window.reportType}")
    }

    // Errors have a code for programs and a sentence for people.
    try {
        SightingRows().toSightings()
    } catch (failure: GaenException) {
        println("${failure.code}: ${failure.text}")
    }
}

/** Tests of the Kotlin binding over the repository's vectors and demo. The first that fails ends the program. */

package gaen.tests

import gaen.*
import java.io.File
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.file.Files
import java.security.MessageDigest
import java.time.Instant
import java.time.LocalDate
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

private val NOW: Instant = Instant.parse("2020-09-28T00:00:00Z")

fun <T> expect(expected: T, found: T, about: () -> String = { "" }) =
    check(expected == found) { "expected $expected, found $found ${about()}" }

inline fun <reified E : Throwable> fails(work: () -> Unit): E {
    try {
        work()
    } catch (failure: Throwable) {
        return failure as? E ?: throw failure
    }
    error("no ${E::class.simpleName} was thrown")
}

class Tests(private val root: File) {
    private val demo = root.resolve("demo")

    private fun trusted() = TrustedKeys(demo.resolve("440-v1.pem").readBytes(), "440", "v1")

    private fun files() = listOf("day-1.zip", "day-2.zip").map { ExportFile.Path(demo.resolve(it).path) }

    private fun rows(): SightingRows {
        val rows = SightingRows(1)
        demo.resolve("sightings.jsonl").forEachLine { text ->
            val line = json(text)
            val (rpi, aem) = listOf("rpi", "aem").map { Bytes.ofHex(line.text(it)).toByteArray() }
            rows.add(rpi, aem, line.number("rssi").toInt(), line.number("time"), line.number("previous_scan"))
        }
        return rows
    }

    private fun cocoa() = AppConfiguration.preset("cocoa-v2", Profile.GOOGLE)

    private fun report() = searchBlocking(files(), rows().toSightings(), verifiedBy(trusted()), null)

    fun `the three answers`() {
        val report = report()
        expect(Triple(9, 4, false), Triple(report.matches().size, report.dropped().size, report.isPartial()))
        expect(Verdict.Notify, report.verdict(cocoa(), NOW))
        expect(listOf(Standing.VERIFIED, Standing.VERIFIED), report.files().map { it.standing })
        expect(listOf(listOf("440-v1"), listOf("440-v1")), report.files().map { it.verifiedBy })
        expect(Pair(493L, 2L), Pair(report.basis().sightings, report.basis().usedFiles))
        expect("notify", json(report.exposuresJson(cocoa(), NOW, false)).getAsJsonObject("decision").text("verdict"))
        expect(9, json(report.matchesJson()).getAsJsonArray("matches").size())
    }

    /** Files in memory give the same. Without the scan before, each scan counts 120 s: the verdict would be another one. */
    fun `a scan before changes the verdict`() {
        val bytes = rows().toByteArray()
        expect(0, bytes.size % ROW_BYTES)
        val inMemory = files().map { ExportFile.Content("a.zip", File(it.path).readBytes()) }
        val verdict = { rows: ByteArray ->
            searchBlocking(inMemory, Sightings.fromRows(rows), verifiedBy(trusted()), null).verdict(cocoa(), NOW)
        }
        expect(Verdict.Notify, verdict(bytes))
        for (row in bytes.indices step ROW_BYTES) bytes.fill(-1, row + 32, row + 40)
        expect(Verdict.DoNotNotify, verdict(bytes))
    }

    fun `records are equal if they say the same`() {
        val (one, other) = List(2) { report().matches() }
        expect(one, other)
        expect(one.toSet().size, one.size)
        check(one[0] != one[0].copy(key = Bytes(ByteArray(16))))
        expect(one[0].key, Bytes.ofHex(one[0].key.toHex()))
        fails<NumberFormatException> { Bytes.ofHex("0g") }
        fails<NumberFormatException> { Bytes.ofHex("0") }
    }

    fun `intervals are signed and near their times`() {
        val matches = report().matches()
        val intervals = matches.map { it.interval }.toLongArray()
        check(near(intervals, matches.map { it.time.epochSecond / 600 }.toLongArray()).all { it })
        check(matches.all { it.intervalStart == Instant.ofEpochSecond(600 * it.interval) })
        val center = LongArray(27) { 2_670_000 }
        val around = LongArray(27) { 2_669_987L + it }
        expect(25, near(center, around).count { it })
        expect(25, near(around, center).count { it })
        expect("column_length", fails<GaenException> { near(center, LongArray(1)) }.code)
    }

    fun `windows and summaries are records`() {
        val report = report()
        val windows = report.windows(cocoa(), NOW)
        check(windows.isNotEmpty() && windows.all { it.scanInstances.isNotEmpty() && it.reportType == "confirmed_test" })
        val days = report.summaries(cocoa(), NOW)
        check(LocalDate.parse("2020-09-26") in days.map { it.date })
        check(days.all { day -> day.byReportType.values.sumOf { it.scoreSum } == day.dayTotal.scoreSum })
        val explained = report.explanationJson(cocoa(), NOW, ExplanationChoice(day = LocalDate.parse("2020-09-26")))
        check("verdict" in explained)
        val nothing = ExplanationChoice(day = LocalDate.parse("2020-09-01"))
        expect("nothing_chosen", fails<GaenException> { report.explanationJson(cocoa(), NOW, nothing) }.code)
    }

    fun `an observer that stops`() {
        val told = mutableListOf<Long>()
        val stop = object : SearchObserver {
            override fun progress(progress: SearchProgress): Next {
                told += progress.file
                return if (progress.file == 1L) Next.STOP else Next.CONTINUE
            }
        }
        val partial = searchBlocking(files(), rows().toSightings(), verifiedBy(trusted()), stop)
        expect(setOf(0L, 1L), told.toSet())
        check(partial.isPartial() && partial.matches().all { it.file == 0L })
        expect(listOf(null, "cancelled"), partial.files().map { it.errorCode })
    }

    fun `an observer that throws ends the search, and the library goes on`() {
        val broken = object : SearchObserver {
            override fun progress(progress: SearchProgress): Next = throw IllegalStateException("no more")
        }
        val failure = fails<GaenException.Failed> {
            searchBlocking(files(), rows().toSightings(), verifiedBy(trusted()), broken)
        }
        expect(Pair(Argument.OBSERVER, "observer"), Pair(failure.argument, failure.code))
        check("no more" in failure.text)
        val own = fails<IllegalStateException> {
            runBlocking { search(files(), rows().toSightings(), verifiedBy(trusted())) { throw IllegalStateException("mine") } }
        }
        expect("mine", own.message)
        expect(9, report().matches().size)
    }

    fun `coroutines search on another thread, and a flow tells how far it is`() = runBlocking<Unit> {
        val caller = Thread.currentThread()
        val threads = mutableSetOf<Thread>()
        val report = search(files(), rows().toSightings(), verifiedBy(trusted())) {
            threads += Thread.currentThread()
            Next.CONTINUE
        }
        expect(9, report.matches().size)
        check(threads.isNotEmpty() && caller !in threads)

        val events = searching(files(), rows().toSightings(), verifiedBy(trusted())).toList()
        expect(9, (events.last() as SearchEvent.Done).report.matches().size)
        val progress = events.dropLast(1).map { (it as SearchEvent.Working).progress }
        expect(listOf(120L, 120L), progress.filter { it.bytes == it.totalBytes }.groupBy { it.file }.map { it.value.last().keys })
    }

    fun `a coroutine that is cancelled stops its search`() = runBlocking<Unit> {
        val many = List(400) { files() }.flatten()
        var files = 0L
        val searching = launch(Dispatchers.Default) {
            search(many, rows().toSightings(), verifiedBy(trusted())) {
                files = it.file
                Next.CONTINUE
            }
            error("it was cancelled")
        }
        while (files == 0L) Thread.sleep(1)
        searching.cancel()
        searching.join()
        check(searching.isCancelled && files < 799) { "$files files were searched" }
        // A collector that leaves stops its search too.
        searching(many, rows().toSightings(), verifiedBy(trusted())).first()
    }

    fun `what cannot be is refused by name`() {
        val codes = { work: () -> Unit -> fails<GaenException> { work() }.code }
        expect("no_rows", codes { Sightings.fromRows(ByteArray(0)) })
        expect("row_length", codes { Sightings.fromRows(ByteArray(41)) })
        // Of a buffer at another position, UniFFI takes the length from there, and the bytes from the start.
        val elsewhere = ByteBuffer.allocateDirect(4 * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN)
        elsewhere.put("gaenrows".toByteArray()).putLong(3L * ROW_BYTES).position(ROW_BYTES)
        expect("row_block", codes { Sightings.fromRowBlock(elsewhere) })
        val row = rows().toByteArray().copyOf(ROW_BYTES)
        row[31] = -1
        val refused = fails<GaenException.Failed> { Sightings.fromRows(row) }
        expect(Pair(Argument.SIGHTINGS, "row"), Pair(refused.argument, refused.code))
        check(refused.text.startsWith("row 0: time -")) { refused.text }
        expect("public_key", codes { TrustedKeys("no key".toByteArray(), "440", "v1") })
        expect("unknown_preset", codes { AppConfiguration.preset("germany", Profile.GOOGLE) })
        expect("time", codes { report().verdict(cocoa(), Instant.ofEpochSecond(-1)) })
        expect("byte_count", codes { publishedIdentifiers(Bytes(ByteArray(15)), 0, 144) })
        expect("window", codes { publishedIdentifiers(Bytes(ByteArray(16)), 0, 145) })
        expect("request", codes { kitAnswer("{") })
        fails<IllegalArgumentException> { SightingRows().add(ByteArray(15), ByteArray(4), -60, 0, null) }
        fails<IllegalArgumentException> { SightingRows().add(ByteArray(16), ByteArray(4), 200, 0, null) }
    }

    fun `a file that is not there is rejected, and the others count`() {
        val missing = ExportFile.Path(demo.resolve("day-3.zip").path)
        val report = searchBlocking(files() + missing, rows().toSightings(), verifiedBy(trusted()), null)
        expect(listOf(null, null, "unreadable_file"), report.files().map { it.errorCode })
        expect(9, report.matches().size)
        val nobody = searchBlocking(files(), Sightings.none(), verifiedBy(trusted()), null).verdict(cocoa(), NOW)
        expect("no_sightings", (nobody as Verdict.NotJudged).code)
    }

    fun `objects may be used from any thread`() {
        val (sightings, rules, configuration) = Triple(rows().toSightings(), verifiedBy(trusted()), cocoa())
        val pool = Executors.newFixedThreadPool(4)
        val work = List(16) { Callable { searchBlocking(files(), sightings, rules, null) } }
        val reports = pool.invokeAll(work).map { it.get() }
        val asked = List(16) { Callable { Pair(reports[it].verdict(configuration, NOW), reports[15 - it].matches()) } }
        for ((verdict, matches) in pool.invokeAll(asked).map { it.get() }) {
            expect(Pair(Verdict.Notify, reports[0].matches()), Pair(verdict, matches))
        }
        pool.invokeAll(List(16) { Callable { reports[it].close() } }).forEach { it.get() }
        pool.shutdown()
        fails<IllegalStateException> { reports[0].matches() }
    }

    fun `known answers and official vectors`() {
        check(selfTest().getValue("official_vectors") > 0)
        val vectors = root.resolve("test-vectors")
        val official = json(vectors.resolve("gaen-v1.2.json"))
        val key = Bytes.ofHex(official.text("tek"))
        val found = publishedIdentifiers(key, official.number("start"), official.number("period"))
        val (rpis, aems) = listOf("rpis", "aems").map { name -> official.getAsJsonArray(name).map { Bytes.ofHex(it.asString) } }
        expect(rpis, found)
        expect(144, aems.size)
        for ((rpi, aem) in rpis.zip(aems)) {
            expect(official.text("metadata"), publishedMetadata(key, rpi, aem).toHex())
        }
        val observed = json(vectors.resolve("observed.json"))
        val owner = Bytes.ofHex(observed.text("tek"))
        val sent = publishedIdentifiers(owner, observed.number("start"), observed.number("period"))
        for (one in observed.objects("observations")) {
            val rpi = sent[(one.number("interval") - observed.number("start")).toInt()]
            expect(one.text("rpi"), rpi.toHex())
            expect(one.text("metadata"), publishedMetadata(owner, rpi, Bytes.ofHex(one.text("aem"))).toHex())
        }
        var derived = 0
        for (case in json(vectors.resolve("derivations.json")).objects("cases")) {
            // Interval numbers of some cases reach 2^32, which no key of an export may.
            if (case.number("start") + case.number("period") >= 1L shl 32) continue
            val all = publishedIdentifiers(Bytes.ofHex(case.text("tek")), case.number("start"), case.number("period"))
            val digest = MessageDigest.getInstance("SHA-256")
            all.forEach { digest.update(it.toByteArray()) }
            expect(case.text("rpis_sha256"), Bytes(digest.digest()).toHex())
            derived += 1
        }
        expect(2050, derived)
    }

    fun `a key ring broadcasts, and another device finds its key`() {
        val ring = KeyRing()
        val noon = Instant.parse("2020-09-26T12:00:00Z")
        val sent = ring.broadcast(noon, -8)
        expect(Pair(true, noon.plusSeconds(600)), Pair(sent.isNewKey, sent.until))
        val heard = readFrame(sent.androidFrame.toByteArray())
        expect(Triple(sent.identifier, sent.metadata, 4L), Triple(heard.identifier, heard.metadata, heard.metadataLength))
        expect(heard, readFrame(sent.iosFrame.toByteArray()))
        expect("frame", fails<GaenException> { readFrame(byteArrayOf(2, 1, 26)) }.code)
        val rows = SightingRows().apply { add(heard, -60, noon, null) }
        expect(Pair(1, 1L), Pair(rows.count, rows.toSightings().count()))

        val early = ring.release(noon, Consent(noon, false))
        expect(listOf("embargo"), early.held().map { it.code })
        val later = noon.plusSeconds(86_400)
        val (released) = ring.release(later, Consent(later, false)).keys()
        val identifiers = publishedIdentifiers(released.key, released.rollingStartIntervalNumber, released.rollingPeriod)
        expect((sent.interval - released.rollingStartIntervalNumber).toInt(), identifiers.indexOf(sent.identifier))
        check("taken" in ring.release(later, Consent(later, false)).checkJson(null, later))
        ring.eraseAll()
        expect(0L, ring.count())
    }

    fun `a store keeps what it was told`() = runBlocking<Unit> {
        val folder = Files.createTempDirectory("gaen").toFile()
        val path = folder.resolve("gaen.db").path
        openStore(path).use { store ->
            store.insert(rows().toSightings())
            expect(9, store.search(files(), trusted(), NOW).matches().size)
            check(store.broadcast(NOW, -8).isNewKey)
        }
        val backup = folder.resolve("backup.age").path
        val secret = BackupKey.Passphrase("eight words are better than one")
        openExistingStore(path).use { store ->
            val report = store.report()
            expect(Pair(9, Verdict.Notify), Pair(report.matches().size, report.verdict(cocoa(), NOW)))
            expect(Pair(493L, 1L), Pair(store.counts().sightings, store.counts().ownKeys))
            // A second search finds every file known.
            expect(setOf(Standing.KNOWN), store.search(files(), trusted(), NOW).files().map { it.standing }.toSet())
            expect(emptyList(), store.check())
            store.backUp(secret, backup)
            expect("backup_file", fails<GaenException> { store.backUp(secret, backup) }.code)
            expect("other_profile", fails<GaenException> { Store.openBlocking(path, Profile.APPLE_V1) }.code)
        }
        openStore(folder.resolve("other.db").path).use { other ->
            expect(493L, other.restore(secret, backup).added.sightings)
            expect("wrong_key", fails<GaenException> { other.restore(BackupKey.Passphrase("another"), backup) }.code)
        }
        openExistingStore(path).use { store ->
            // Each reader misses something else in a store.
            val missed = ImportSource.entries.associateWith { source ->
                fails<GaenException> { store.import(source, path) }.also { expect("not_importable", it.code) }.text
            }
            check("no table advertisements" in missed.getValue(ImportSource.MICRO_G)) { missed }
            check("no table devices" in missed.getValue(ImportSource.RAMBLE)) { missed }
            check("table" !in missed.getValue(ImportSource.GOOGLE)) { missed }
            val later = NOW.plusSeconds(90 * 86_400)
            expect("clock_jumped", fails<GaenException> { store.purge(later) }.code)
            val purged = store.purgeByThisClock(later)
            expect(listOf(493L, 4L, 2L), listOf(purged.sightings, purged.matchedKeys, purged.files))
            store.eraseOwnKeys()
            expect(Pair(0L, 0L), Pair(store.counts().sightings, store.counts().ownKeys))
        }
        expect("missing", fails<GaenException> { openExistingStore(folder.resolve("none.db").path) }.code)
        folder.deleteRecursively()
    }

    /** Nothing that a process was told is lost when it is killed, and nothing is half there. */
    fun `a store survives the death of its process`() {
        val folder = Files.createTempDirectory("gaen").toFile()
        val path = folder.resolve("gaen.db").path
        var before = 0L
        for (deadline in listOf(3, 8)) {
            val victim = ProcessBuilder(
                File(System.getProperty("java.home"), "bin/java").path, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "-Djna.library.path=${System.getProperty("jna.library.path")}", "-cp", System.getProperty("java.class.path"),
                "gaen.tests.MainKt", "write", root.path, path,
            ).redirectError(ProcessBuilder.Redirect.INHERIT).start()
            val told = victim.inputReader()
            val counts = List(deadline) { checkNotNull(told.readLine()).toLong() }
            victim.destroyForcibly().waitFor()
            Store.openExistingBlocking(path).use { store ->
                val sightings = store.countsBlocking().sightings
                expect(emptyList(), store.checkBlocking())
                check(sightings >= counts.last() && (sightings - before) % 493 == 0L) { "$sightings after ${counts.last()}" }
                check(store.reportBlocking().matches().size >= 9)
                before = sightings
            }
        }
        folder.deleteRecursively()
    }

    /** Writes until it is killed, and says after each piece how many sightings there are. */
    fun write(path: String) {
        val store = Store.openBlocking(path, Profile.GOOGLE)
        while (true) {
            store.insertBlocking(rows().toSightings())
            store.searchBlocking(files(), trusted(), ContainerRule.STRICT, NOW, null).close()
            println(store.countsBlocking().sightings)
        }
    }

    fun all() {
        val tests = listOf(
            ::`the three answers`,
            ::`a scan before changes the verdict`,
            ::`records are equal if they say the same`,
            ::`intervals are signed and near their times`,
            ::`windows and summaries are records`,
            ::`an observer that stops`,
            ::`an observer that throws ends the search, and the library goes on`,
            ::`coroutines search on another thread, and a flow tells how far it is`,
            ::`a coroutine that is cancelled stops its search`,
            ::`what cannot be is refused by name`,
            ::`a file that is not there is rejected, and the others count`,
            ::`objects may be used from any thread`,
            ::`known answers and official vectors`,
            ::`a key ring broadcasts, and another device finds its key`,
            ::`a store keeps what it was told`,
            ::`a store survives the death of its process`,
        )
        for (test in tests) {
            test()
            println("ok  ${test.name}")
        }
        println("${tests.size} tests")
    }
}

/** What a Kotlin developer expects beside what is generated: coroutines, flows, and bytes that are equal if they are the same. */

package gaen

import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.time.Instant
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.isActive
import kotlinx.coroutines.withContext

/** Bytes that are compared by what they hold, such as a key or an identifier. */
public class Bytes(bytes: ByteArray) {
    private val bytes: ByteArray = bytes.copyOf()

    /** The number of bytes. */
    public val size: Int get() = bytes.size

    /** Returns a copy of the bytes. */
    public fun toByteArray(): ByteArray = bytes.copyOf()

    /** Writes the bytes in hexadecimal, in lower case. */
    public fun toHex(): String = bytes.joinToString("") { "%02x".format(it) }

    override fun equals(other: Any?): Boolean = other is Bytes && bytes.contentEquals(other.bytes)

    override fun hashCode(): Int = bytes.contentHashCode()

    override fun toString(): String = toHex()

    public companion object {
        /** Reads hexadecimal text. Throws [NumberFormatException] if [text] is none. */
        public fun ofHex(text: String): Bytes {
            if (text.length % 2 != 0) throw NumberFormatException("${text.length} digits are no whole number of bytes")
            val digits = text.map { digit ->
                val value = Character.digit(digit, 16)
                if (value < 0) throw NumberFormatException("\"$digit\" is no hexadecimal digit")
                value
            }
            return Bytes(ByteArray(text.length / 2) { (16 * digits[2 * it] + digits[2 * it + 1]).toByte() })
        }
    }
}

/** The name of the error for programs. It stays the same from version to version. */
public val GaenException.code: String
    get() = when (this) { is GaenException.Failed -> code }

/** A sentence for people, in English. */
public val GaenException.text: String
    get() = when (this) { is GaenException.Failed -> text }

/** The number of bytes of a packed row of sightings. */
public const val ROW_BYTES: Int = 40

/**
 * Collects sightings as packed rows, which cross to the library in one piece.
 *
 * Several threads must not use one at the same time.
 */
public class SightingRows(expected: Int = 1024) {
    // A header, which is written last, and the rows. The library borrows this memory.
    private var block = block(Math.multiplyExact(ROW_BYTES, expected.coerceAtLeast(1)))

    /** The number of sightings so far. */
    public val count: Int get() = block.position() / ROW_BYTES - 1

    /**
     * Adds a sighting. Times are Unix seconds.
     *
     * @param metadata as it was heard: four bytes in a well-formed frame, but a scanner hears what anybody sends.
     * @param previousScan when the device had scanned before; `null` if that is not known. Then the scan counts 120 s, and a
     *   verdict may differ.
     */
    public fun add(identifier: ByteArray, metadata: ByteArray, rssi: Int, time: Long, previousScan: Long?) {
        add(identifier, metadata, metadata.size, rssi, time, previousScan)
    }

    /** Adds what [readFrame] has read. */
    public fun add(heard: Heard, rssi: Int, time: Instant, previousScan: Instant?) {
        val (identifier, metadata) = listOf(heard.identifier, heard.metadata).map { it.toByteArray() }
        add(identifier, metadata, heard.metadataLength.toInt(), rssi, time.epochSecond, previousScan?.epochSecond)
    }

    private fun add(identifier: ByteArray, metadata: ByteArray, length: Int, rssi: Int, time: Long, previous: Long?) {
        require(identifier.size == 16) { "an identifier has 16 bytes, not ${identifier.size}" }
        require(length in 0..255) { "the metadata has $length bytes; a frame holds at most 255" }
        require(rssi in -128..127) { "a signal strength is -128 to 127 dBm, not $rssi" }
        require(previous == null || previous >= 0) { "the previous scan $previous is before 1970" }
        if (block.remaining() < ROW_BYTES) {
            block = block(Math.multiplyExact(block.capacity(), 2)).position(0).put(block.flip())
        }
        block.put(identifier)
        // Of metadata of a wrong length nothing but the length counts.
        if (length == 4) block.put(metadata, 0, 4) else block.putInt(0)
        block.put(length.toByte()).put(rssi.toByte()).putShort(0).putLong(time).putLong(previous ?: -1)
    }

    /** Returns the packed rows, 40 bytes for each sighting. */
    public fun toByteArray(): ByteArray {
        val rows = ByteArray(block.position() - ROW_BYTES)
        block.duplicate().position(ROW_BYTES).get(rows)
        return rows
    }

    /** Arranges the sightings for a search. Throws `no_rows` if there are none: use [Sightings.none] if nobody was heard. */
    public fun toSightings(): Sightings = block.toSightings()
}

/** Memory for a block of so many bytes of rows, which are to be put behind its header. */
private fun block(bytes: Int): ByteBuffer =
    ByteBuffer.allocateDirect(Math.addExact(ROW_BYTES, bytes)).order(ByteOrder.LITTLE_ENDIAN).position(ROW_BYTES)

/** Hands over the block whose rows end here. */
private fun ByteBuffer.toSightings(): Sightings {
    val whole = duplicate().order(ByteOrder.LITTLE_ENDIAN).flip()
    val bytesOfRows = (whole.limit() - ROW_BYTES).toLong()
    return Sightings.fromRowBlock(whole.put("gaenrows".toByteArray()).putLong(bytesOfRows).position(0))
}

/**
 * Reads packed rows of 40 bytes each, which are copied once: see [Sightings.fromRowBlock] for what is in a row.
 *
 * Throws `no_rows` if there are none, `row_length` if they end within a row, and `row` for the first row that cannot be.
 */
public fun Sightings.Companion.fromRows(rows: ByteArray): Sightings = block(rows.size).put(rows).toSightings()

/** Rules for files that [keys] have signed. */
public fun verifiedBy(
    keys: TrustedKeys,
    profile: Profile = Profile.GOOGLE,
    container: ContainerRule = ContainerRule.STRICT,
): SearchRules = SearchRules(Authenticity.VerifiedBy(keys), profile, container)

/**
 * Searches [files] on a thread for IO. When the coroutine is cancelled, the search stops at the next MiB.
 *
 * [onProgress] is called on that thread, at least at every MiB of a file and at its end. What it throws ends the search.
 */
public suspend fun search(
    files: List<ExportFile>,
    sightings: Sightings,
    rules: SearchRules,
    onProgress: (SearchProgress) -> Next = { Next.CONTINUE },
): Report = observed(onProgress) { searchBlocking(files, sightings, rules, it) }

/** What [searching] tells. */
public sealed interface SearchEvent {
    /** The search goes on. */
    public data class Working(val progress: SearchProgress) : SearchEvent

    /** The search has ended. */
    public data class Done(val report: Report) : SearchEvent
}

/** Searches [files] when it is collected: progress first, and the report at the end. A collector that leaves stops the search. */
public fun searching(files: List<ExportFile>, sightings: Sightings, rules: SearchRules): Flow<SearchEvent> = channelFlow {
    val report = search(files, sightings, rules) { progress ->
        trySend(SearchEvent.Working(progress))
        Next.CONTINUE
    }
    send(SearchEvent.Done(report))
}.buffer(Channel.UNLIMITED)

/** Two hours in intervals of ten minutes: how far from its interval an identifier may be heard. */
public const val TWO_HOURS: Int = 12

/** Says for each pair of two columns of intervals whether they are at most [within] intervals apart. */
public fun near(a: LongArray, b: LongArray, within: Int = TWO_HOURS): BooleanArray {
    require(within >= 0) { "$within intervals: a distance is not negative" }
    return nearIntervals(a.asList(), b.asList(), within.toUInt()).toBooleanArray()
}

/** Runs a search on a thread for IO. It stops when the coroutine is cancelled, and rethrows what [onProgress] throws. */
internal suspend fun observed(onProgress: (SearchProgress) -> Next, search: (SearchObserver) -> Report): Report =
    withContext(Dispatchers.IO) {
        val observer = Observing(coroutineContext, onProgress)
        val report = search(observer)
        val failure = observer.thrown ?: runCatching { coroutineContext.ensureActive() }.exceptionOrNull()
        if (failure != null) {
            report.close()
            throw failure
        }
        report
    }

private class Observing(val context: CoroutineContext, val onProgress: (SearchProgress) -> Next) : SearchObserver {
    var thrown: Throwable? = null

    override fun progress(progress: SearchProgress): Next = try {
        if (context.isActive) onProgress(progress) else Next.STOP
    } catch (failure: Throwable) {
        thrown = failure
        Next.STOP
    }
}

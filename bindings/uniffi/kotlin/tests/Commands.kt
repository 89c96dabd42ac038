/** Answers the requests of both kits: one JSON line in, one JSON line out. */

package gaen.tests

import com.google.gson.Gson
import com.google.gson.JsonObject
import gaen.*

/** The command for `test-vectors/exposures/run.py`. */
fun answerKit() = answerLines(::kitAnswer)

/** The command for `test-vectors/exports/run.py`: reads a file by a search for nobody. */
fun answerExports() {
    val nobody = Sightings.none()
    answerLines { line -> Gson().newBuilder().serializeNulls().create().toJson(reading(json(line), nobody)) }
}

private fun answerLines(answer: (String) -> String) {
    for (line in generateSequence(::readlnOrNull)) {
        println(answer(line))
        System.out.flush()
    }
}

private fun reading(request: JsonObject, nobody: Sightings): Map<String, Any?> {
    val profile = when (val name = request.text("profile")) {
        "google" -> Profile.GOOGLE
        "apple" -> Profile.APPLE_V1
        else -> error("profile $name")
    }
    val container = when (val name = request.text("container")) {
        "strict" -> ContainerRule.STRICT
        "tolerant" -> ContainerRule.TOLERANT
        else -> error("container $name")
    }
    val files = listOf(ExportFile.Path(request.text("file")))
    val file = searchBlocking(files, nobody, verifiedBy(trust(request), profile, container), null).files().single()
    if (file.errorCode != null) return mapOf("error" to file.errorCode, "message" to file.error)
    return mapOf(
        "error" to null,
        "keys" to file.keys,
        "revised_keys" to file.revisedKeys,
        "skipped_keys" to file.skippedKeys,
        "ignored_values" to file.ignoredValues,
    )
}

/** One set of keys is enough, and all keys of a set must have signed. */
private fun trust(request: JsonObject): TrustedKeys {
    var trusted: TrustedKeys? = null
    for (set in request.getAsJsonArray("trust")) {
        for ((position, key) in set.asJsonArray.map { it.asJsonObject }.withIndex()) {
            val pem = key.text("public_key").toByteArray()
            val (id, version) = listOf(key.text("id"), key.text("version"))
            val before = trusted
            trusted = when {
                before == null -> TrustedKeys(pem, id, version)
                position == 0 -> before.or(pem, id, version)
                else -> before.and(pem, id, version)
            }
        }
    }
    return if (request.get("raw_signatures").asBoolean) trusted!!.acceptRawSignatures() else trusted!!
}

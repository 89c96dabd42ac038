package gaen.tests

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File

fun json(text: String): JsonObject = JsonParser.parseString(text).asJsonObject

fun json(file: File): JsonObject = json(file.readText())

fun JsonObject.objects(name: String): List<JsonObject> = getAsJsonArray(name).map(JsonElement::getAsJsonObject)

fun JsonObject.text(name: String): String = get(name).asString

fun JsonObject.number(name: String): Long = get(name).asLong

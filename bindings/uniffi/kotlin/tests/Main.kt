package gaen.tests

import java.io.File

/** `kit`, `exports`, `tests ROOT`, `write ROOT STORE` or `speed FOLDER BASELINE`. */
fun main(arguments: Array<String>) = when (arguments.firstOrNull()) {
    "kit" -> answerKit()
    "exports" -> answerExports()
    "tests" -> Tests(File(arguments[1])).all()
    "write" -> Tests(File(arguments[1])).write(arguments[2])
    "speed" -> Speed(File(arguments[1]), arguments[2]).measure()
    else -> error("no such command: ${arguments.toList()}")
}

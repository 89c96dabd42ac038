"""An implementation that is run as a command: a request a line in, an answer a line out. Both kits use it."""

import json
import queue
import shlex
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable


class Failed(Exception):
    """The command ended, hangs, or said what is no answer. There is no use in asking it more."""


class Command:
    """A command that is started once. It answers in the order in which it is asked."""

    def __init__(self, command: str, timeout: float):
        self.command = command
        self.timeout = timeout
        try:
            self.process = subprocess.Popen(
                shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
            )
        except (OSError, ValueError) as error:
            raise Failed(f"{command}: cannot be started: {error}") from error
        self.requests, self.answers = queue.Queue(), queue.Queue()
        # A thread of its own, so that a command that neither reads nor writes is noticed.
        threading.Thread(target=self._talk, daemon=True).start()

    def _talk(self) -> None:
        while (request := self.requests.get()) is not None:
            try:
                self.process.stdin.write(request + "\n")
                self.process.stdin.flush()
            except OSError:
                pass  # The end of its answers says why.
            self.answers.put(self.process.stdout.readline())
        try:
            self.process.stdin.close()
        except OSError:
            pass

    def ask(self, request: dict):
        """The answer: any JSON value."""
        self.requests.put(json.dumps(request, separators=(",", ":")))
        try:
            line = self.answers.get(timeout=self.timeout)
        except queue.Empty:
            raise self._failed(f"no answer within {self.timeout:g} s") from None
        if not line:
            self.close()
            raise self._failed(f"ended with {self.process.returncode} before it answered")
        try:
            return json.loads(line)
        except ValueError:
            raise self._failed(f"its answer is not JSON: {line[:200]!r}") from None

    def _failed(self, why: str) -> Failed:
        self.close(grace=0)
        return Failed(f"{self.command}: {why}")

    def close(self, grace: float = 2) -> None:
        """Ends the input. What has not ended by itself within `grace` seconds is killed."""
        self.requests.put(None)
        try:
            self.process.wait(grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answer_lines(answer: Callable[[dict], object], lines: Iterable[str] = sys.stdin) -> None:
    """The other side: answers each line of stdin with a line on stdout."""
    for line in lines:
        print(json.dumps(answer(json.loads(line)), separators=(",", ":")), flush=True)


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def difference(path: str, expected, found) -> str | None:
    """The first place where two JSON values differ. Numbers are equal if they are the same double: 300 is 300.0."""
    if isinstance(expected, dict) and isinstance(found, dict):
        if expected.keys() != found.keys():
            missing, more = sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys())
            return f"{path}: fields missing: {missing or 'none'}, not expected: {more or 'none'}"
        pairs = ((f"{path}.{name}", expected[name], found[name]) for name in expected)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return f"{path}: expected {len(expected)} elements, found {len(found)}: {json.dumps(found)}"
        pairs = ((f"{path}[{n}]", *pair) for n, pair in enumerate(zip(expected, found)))
    else:
        same = expected == found and (type(expected) is type(found) or is_number(expected) and is_number(found))
        return None if same else f"{path}: expected {json.dumps(expected)}, found {json.dumps(found)}"
    return next((text for pair in pairs if (text := difference(*pair))), None)

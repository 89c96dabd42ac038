"""The three answers that every language gives: nine matches, four kinds of dropped sightings, and "notify"."""

import threading
import time
from datetime import datetime, timezone

import gaen
import pytest
from conftest import DEMO, FILES, NOW, packed_rows


def test_the_three_answers(report, assessment):
    assert (len(report.matches), len(report.dropped), report.is_partial) == (9, 4, False)
    assert (assessment.verdict, assessment.not_judged) == ("notify", None)
    assert assessment.decision["verdict"] == "notify"


def test_documents_are_those_of_the_command(report, assessment):
    matched = report.document()
    assert matched["verdict"] == "matched" and matched["files"] == report.files and matched["dropped"] == report.dropped
    assert [row["key"].hex() for row in report.matches.rows()] == [found["tek"] for found in matched["matches"]]
    document = assessment.document(explained=True)
    assert document["decision"] == assessment.decision and document["daily_summaries"] == assessment.summaries
    assert document["explanations"] and not assessment.document()["explanations"]
    explanation = assessment.explanation(key="1", redacted=True)
    assert (len(explanation["keys"]), explanation["view"]) == (1, "redacted")
    with pytest.raises(gaen.Error) as raised:
        assessment.explanation(day="2020-09-01")
    assert raised.value.code == "nothing_chosen"
    for wrong in ({"day": "yesterday"}, {"key": "x"}):
        with pytest.raises(ValueError):
            assessment.explanation(**wrong)


def test_windows_have_names_and_scans(assessment):
    windows, document = assessment.windows.rows(), assessment.document()["windows"]
    assert len(windows) == len(document) > 0
    for window, told in zip(windows, document):
        assert window["key"].hex() == told["tek"]
        assert window["date"].isoformat() == told["date"]
        assert window["start"] == datetime.fromtimestamp(told["start"], timezone.utc)
        assert window["seconds"] == sum(scan["seconds_since_last_scan"] for scan in window["scan_instances"])
        for name in ("report_type", "infectiousness", "calibration_confidence", "scan_instances"):
            assert window[name] == told[name]


def test_moments_are_seconds_or_have_a_time_zone(report, cocoa):
    moment = datetime.fromtimestamp(NOW, timezone.utc)
    assert report.assess(cocoa, moment).verdict == "notify"
    with pytest.raises(TypeError, match="time zone"):
        report.assess(cocoa, moment.replace(tzinfo=None))
    with pytest.raises(gaen.Error) as raised:
        report.assess(cocoa, -1)
    assert raised.value.code == "time"


def test_files_come_from_paths_or_memory(heard, trust):
    contents = [FILES[0].read_bytes(), bytearray(FILES[1].read_bytes())]
    report = gaen.search(contents, heard, trust=trust)
    assert len(report.matches) == 9 and [file["path"] for file in report.files] == ["file 0", "file 1"]
    assert len(gaen.search(map(str, FILES), heard, trust=trust).matches) == 9
    with pytest.raises(FileNotFoundError) as raised:
        gaen.search([DEMO / "day-3.zip"], heard, trust=trust)
    assert raised.value.filename == str(DEMO / "day-3.zip")
    with pytest.raises(TypeError, match="path"):
        gaen.search([3], heard, trust=trust)


def test_whom_to_believe_is_decided_by_name(heard):
    with pytest.raises(TypeError):
        gaen.search(FILES, heard)
    for wrong in (None, True, "none"):
        with pytest.raises(TypeError, match="unverified"):
            gaen.search(FILES, heard, trust=wrong)
    assert {file["status"] for file in gaen.search(FILES, heard, trust="unverified").files} == {"unverified"}
    stranger = gaen.TrustedKeys((DEMO / "440-v1.pem").read_bytes(), "441", "v1")
    refused = gaen.search(FILES, heard, trust=stranger)
    assert len(refused.matches) == 0 and all(file["error_code"] for file in refused.files)
    both = stranger.or_key(DEMO / "440-v1.pem", "440", "v1")
    assert len(gaen.search(FILES, heard, trust=both).matches) == 9
    with pytest.raises(gaen.Error) as raised:
        gaen.TrustedKeys(b"no key")
    assert raised.value.code == "public_key"


def test_errors_say_what_there_is(heard, trust):
    with pytest.raises(gaen.Error, match="there are google") as raised:
        gaen.search(FILES, heard, trust=trust, profile="nokia")
    assert raised.value.code == "profile"
    with pytest.raises(gaen.Error, match="cocoa-v2") as raised:
        gaen.Configuration.preset("japan")
    assert raised.value.code == "unknown_preset"
    with pytest.raises(gaen.Error, match="mine") as raised:
        gaen.Configuration.read(b"{}", name="mine")
    assert raised.value.code


def test_an_observer_that_returns_nothing_goes_on(heard, trust):
    told = []
    report = gaen.search(FILES, heard, trust=trust, observer=told.append)
    assert len(report.matches) == 9 and not report.is_partial
    assert {progress.file for progress in told} == {0, 1} and told[-1].keys == 120
    assert all(progress.files == 2 and progress.bytes <= progress.total_bytes for progress in told)


def test_a_stopped_search_says_that_it_is_partial(heard, trust, cocoa):
    def stop_in_the_second(progress):
        return gaen.Next.STOP if progress.file == 1 else gaen.Next.CONTINUE

    report = gaen.search(FILES, heard, trust=trust, observer=stop_in_the_second)
    assert report.is_partial and "stopped" in repr(report)
    assert [file["error_code"] for file in report.files] == [None, "cancelled"]
    assert {row["file"] for row in report.matches.rows()} == {0}
    nothing = gaen.search(FILES, heard, trust=trust, observer=lambda _: gaen.Next.STOP)
    assert nothing.assess(cocoa, NOW).not_judged == "no_usable_file"


def test_an_exception_of_an_observer_is_raised_as_itself(heard, trust):
    class Mine(Exception):
        pass

    failure = Mine("mine")

    def fail(progress):
        raise failure

    with pytest.raises(Mine) as raised:
        gaen.search(FILES, heard, trust=trust, observer=fail)
    assert raised.value is failure
    for wrong in (False, True, 0):
        with pytest.raises(TypeError, match="Next.STOP"):
            gaen.search(FILES, heard, trust=trust, observer=lambda _: wrong)


def test_nobody_heard_is_no_calm_answer(trust, cocoa):
    nobody = gaen.Sightings.none()
    assert len(nobody) == 0
    assessment = gaen.search(FILES, nobody, trust=trust).assess(cocoa, NOW)
    assert (assessment.verdict, assessment.not_judged) == ("not_judged", "no_sightings")


def test_another_thread_runs_while_a_search_works(trust):
    rows = packed_rows() * 400
    done = threading.Event()

    def work():
        heard = gaen.Sightings.from_rows(rows)
        gaen.search(FILES * 20, heard, trust=trust)
        done.set()

    thread = threading.Thread(target=work)
    ticks, longest, before = 0, 0.0, time.perf_counter()
    thread.start()
    while not done.is_set():
        time.sleep(0.0005)
        now = time.perf_counter()
        ticks, longest, before = ticks + 1, max(longest, now - before), now
    took = thread.join()
    assert took is None and ticks > 20, f"{ticks} ticks, the longest took {longest:.3f} s"


def test_objects_are_used_from_any_thread(cocoa):
    made, answers = [], []

    def make():
        heard = gaen.Sightings.from_rows(packed_rows())
        made.append(gaen.search(FILES, heard, trust=gaen.TrustedKeys(DEMO / "440-v1.pem", "440", "v1")))

    def ask(report):
        answers.append((len(report.matches), report.assess(cocoa, NOW).verdict, len(report.assess(cocoa, NOW).windows)))

    for step in (make, lambda: ask(made[0])):
        threads = [threading.Thread(target=step) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 4 and set(answers) == {answers[0]} and answers[0][:2] == (9, "notify")
    # What was made on one thread goes on another.
    thread = threading.Thread(target=made.clear)
    thread.start()
    thread.join()

"""A store: what a device must not lose, in one file."""

import threading

import gaen
import pytest
from conftest import FILES, NOW

pytestmark = pytest.mark.skipif(not hasattr(gaen, "Store"), reason="built without a store")


@pytest.fixture
def store(tmp_path, heard):
    store = gaen.Store(tmp_path / "gaen.db")
    store.insert(heard)
    return store


def test_the_three_answers_come_from_a_store_too(store, trust, cocoa, report, tmp_path):
    found = store.search(FILES, NOW, trust=trust)
    assert (len(found.matches), found.assess(cocoa, NOW).verdict) == (9, "notify")
    # A store does not look for what was heard at another time.
    assert found.dropped == {name: count for name, count in report.dropped.items() if name != "clock_window"}
    # Opened again, it knows the files, and searches nothing twice.
    del store
    again = gaen.Store(tmp_path / "gaen.db", profile=None)
    assert again.profile == "google" and not again.others_may_write and again.check() == []
    assert again.report().assess(cocoa, NOW).verdict == "notify"
    files = again.search(FILES, NOW, trust=trust).files
    assert [file["status"] for file in files] == ["known", "known"]
    counts = again.counts()
    assert (counts["sightings"], counts["files"]) == (493, 2)
    with pytest.raises(gaen.Error) as raised:
        gaen.Store(tmp_path / "none.db", profile=None)
    assert raised.value.code == "missing"
    with pytest.raises(gaen.Error) as raised:
        gaen.Store(tmp_path / "gaen.db", profile="apple_v1")
    assert raised.value.code == "other_profile"


def test_a_stopped_search_goes_on_the_next_time(store, trust):
    stopped = store.search(FILES, NOW, trust=trust, observer=lambda progress: gaen.Next.STOP)
    assert stopped.is_partial and len(stopped.matches) == 0

    class Mine(Exception):
        pass

    def fail(progress):
        raise Mine

    with pytest.raises(Mine):
        store.search(FILES, NOW, trust=trust, observer=fail)
    assert len(store.search(FILES, NOW, trust=trust, observer=lambda progress: None).matches) == 9


def test_a_backup_is_restored(store, trust, cocoa, tmp_path):
    store.search(FILES, NOW, trust=trust)
    backup = store.back_up(passphrase="correct horse battery staple")
    other = gaen.Store(tmp_path / "other.db")
    with pytest.raises(gaen.Error) as raised:
        other.restore(backup, passphrase="wrong")
    assert raised.value.code == "wrong_key"
    assert other.restore(backup, passphrase="correct horse battery staple")["added"]["sightings"] == 493
    # A backup does not prove what was found in files: they are given again.
    assert len(other.awaited_files()) == 2 and other.report().assess(cocoa, NOW).verdict == "not_judged"
    assert other.search(FILES, NOW, trust=trust).assess(cocoa, NOW).verdict == "notify"
    assert other.awaited_files() == []
    for wrong in ({}, {"passphrase": "a", "key": "b"}):
        with pytest.raises(TypeError):
            store.back_up(**wrong)
    for wrong, code in (({"passphrase": ""}, "empty_passphrase"), ({"key": "age1"}, "not_a_key")):
        with pytest.raises(gaen.Error) as raised:
            store.back_up(**wrong)
        assert raised.value.code == code


def test_own_keys_are_kept_released_and_erased(store):
    sent = store.broadcast(NOW, -8)
    assert sent.is_new_key and store.counts()["own_keys"] == 1
    released = store.release(NOW + 2 * 86_400, consent_given_at=NOW + 2 * 86_400)
    assert len(released.keys) == 1
    store.clear_own_keys()
    assert store.counts()["own_keys"] == 0


def test_what_is_old_is_erased(store):
    assert store.purge(NOW)["sightings"] == 0
    with pytest.raises(gaen.Error) as raised:
        store.purge(NOW + 400 * 86_400)
    assert raised.value.code == "clock_jumped"
    assert store.purge(NOW + 400 * 86_400, clock_is_right=True)["sightings"] == 493


def test_databases_that_are_none_are_refused(store, tmp_path):
    (tmp_path / "other.txt").write_text("no database")
    for source, code in (("microg", "not_importable"), ("android", "source")):
        with pytest.raises(gaen.Error) as raised:
            store.import_database(source, tmp_path / "other.txt")
        assert raised.value.code == code
    assert store.counts()["sightings"] == 493


def test_threads_share_a_store_while_an_observer_is_asked(store, trust):
    """A thread that waits for the store does not keep out the observer, who needs the interpreter."""
    counted, began = [], threading.Event()

    def observer(progress):
        began.set()
        # The other thread reaches the store meanwhile, and waits.
        threading.Event().wait(0.05)

    def count():
        began.wait()
        counted.append(store.counts()["sightings"])

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert len(store.search(FILES, NOW, trust=trust, observer=observer).matches) == 9
    for thread in threads:
        thread.join(timeout=60)
    assert counted == [493] * 3

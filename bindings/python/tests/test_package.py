"""The package itself: what the wheel holds, what it says of itself, and the programs that show it."""

import inspect
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import gaen
import pytest
from conftest import REPOSITORY

PACKAGE = REPOSITORY / "bindings/python"
GUIDE = REPOSITORY / "guide/src/python.md"

needs_wheel = pytest.mark.skipif("GAEN_WHEEL" not in os.environ, reason="GAEN_WHEEL names no wheel")


@needs_wheel
def test_no_path_of_this_machine_is_in_the_wheel():
    homes = {str(Path.home()), str(REPOSITORY), os.environ.get("CARGO_HOME"), os.environ.get("CARGO_TARGET_DIR")}
    with zipfile.ZipFile(os.environ["GAEN_WHEEL"]) as wheel:
        for name in wheel.namelist():
            content = wheel.read(name)
            for home in filter(None, homes):
                # The home `/root` is also the start of other words.
                assert not re.search(re.escape(home.encode()) + rb"(/|\0|$)", content), (name, home)
            assert not re.search(rb"/(home|root|Users)/[a-z.]", content), name
        library = wheel.read("gaen/_gaen.abi3.so")
        assert b"crates/" in library, "paths of crates are there under another name"


@needs_wheel
def test_the_wheel_is_small_and_needs_nothing():
    path = Path(os.environ["GAEN_WHEEL"])
    assert path.stat().st_size <= (3_500_000 if hasattr(gaen, "Store") else 1_500_000)
    assert re.fullmatch(r"gaen-[\d.]+-cp311-abi3-(manylinux2014|macosx|win).*\.whl", path.name)
    with zipfile.ZipFile(path) as wheel:
        (metadata,) = (wheel.read(name).decode() for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        assert {"gaen/py.typed", "gaen/_gaen.pyi"} <= set(wheel.namelist())
    assert "Requires-Dist" not in metadata and f"Version: {gaen.__version__}\n" in metadata


def test_everything_public_says_what_it_is():
    public = [getattr(gaen, name) for name in gaen.__all__ if name != "__version__"]
    classes = [thing for thing in public if inspect.isclass(thing)]
    members = [
        member
        for kind in classes
        for name, member in vars(kind).items()
        if not name.startswith("_") and kind is not gaen.Error
    ]
    undocumented = [thing for thing in [gaen, *public, *members] if not inspect.getdoc(thing)]
    assert not undocumented and len(members) > 50, (undocumented, len(members))
    assert gaen.Error("text").code == "" and gaen.Error.__module__ == "gaen"
    assert {kind.__module__ for kind in classes} == {"gaen"}


def printed(program, *arguments):
    run = subprocess.run([sys.executable, program, *arguments], cwd=REPOSITORY, text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_the_app_of_the_guide_prints_what_the_guide_says():
    program = PACKAGE / "examples/app.py"
    assert len(program.read_text().splitlines()) < 80
    guide = GUIDE.read_text()
    (said,) = re.findall(r"examples/app.py demo\n((?:.*\n)*?)```", guide)
    assert printed(program, "demo") == said
    assert "{{#include ../../bindings/python/examples/app.py}}" in guide


def test_notebooks_show_the_verdict_and_no_key(report, assessment):
    summary = assessment._repr_html_()
    assert summary.startswith("<iframe sandbox ") and "&lt;svg" in summary and "notif" in summary.lower()
    assert "<script" not in summary and "src=\"" not in summary.replace("srcdoc", "")
    files = report._repr_html_()
    assert files.count("<tr>") == 3 and "day-1.zip" in files and "verified" in files
    for row in report.matches.rows():
        assert row["key"].hex() not in summary + files

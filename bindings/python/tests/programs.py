"""The programs that run the vectors. Both have the same name, so each is loaded by its path."""

import importlib.util
import sys

from conftest import VECTORS


def load(name):
    folder = VECTORS / name
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location(f"run_{name}", folder / "run.py")
        program = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(program)
        return program
    finally:
        sys.path.remove(str(folder))


exports = load("exports")
exposures = load("exposures")

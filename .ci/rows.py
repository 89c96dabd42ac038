#!/usr/bin/env python3
"""Holds the loop over rows of the kernels for aarch64 against benches/record/aarch64.txt.

Usage: rows.py ASSEMBLY. No hardware is at hand, so what counts are instructions, and cycles in LLVM's models. CPUs issue
AESE and the AESMC after it as one; the models do not know that, so they are given the pair as one instruction. Each AESE of
a full round has to stand beside its AESMC."""
import re
import subprocess
import sys
from pathlib import Path

RECORD = Path("benches/record/aarch64.txt")
TOOL = "llvm-mca-22"


def loop(assembly):
    """The piece of straight code, from a label to a branch, with the most AESE among those of the kernels."""
    function, pieces = "", [[]]
    for line in assembly.splitlines():
        line = line.split("//")[0].rstrip()
        if label := re.match(r"([\w.$]+):", line):
            function = function if label[1].startswith(".L") else label[1]
            pieces.append([])
        elif line.startswith("\t") and not line.strip().startswith(".") and "aarch64" in function and "search" in function:
            pieces[-1].append(line.strip())
            if re.match(r"\s*(b|b\.\w+|cbn?z|tbn?z|ret)\s", line):
                pieces.append([])
    return max(pieces, key=lambda piece: sum("aese" in line for line in piece))


def paired(piece):
    """The piece with each pair as one instruction."""
    kept = []
    for line in piece:
        mixed = re.match(r"aesmc\s+(v\d+\.16b), \1", line)
        if not (mixed and kept and re.match(rf"aese\s+{re.escape(mixed[1])},", kept[-1])):
            kept.append(line)
    return kept


def cycles(cpu, piece):
    """Cycles that one turn of the loop takes in LLVM's model of this CPU."""
    options = ["-mtriple=aarch64", f"-mcpu={cpu}", "-mattr=+aes,+sha2", "-iterations=100", "-"]
    run = subprocess.run([TOOL, *options], input="\n".join(piece), capture_output=True, text=True, check=True)
    return round(int(re.search(r"Total Cycles:\s+(\d+)", run.stdout)[1]) / 100)


piece = loop(Path(sys.argv[1]).read_text())
pairs = len(piece) - len(paired(piece))
alone = sum("aesmc" in line for line in piece) - pairs
if pairs < 100 or alone:
    sys.exit(f"{pairs} pairs of AESE and AESMC side by side, {alone} AESMC alone: not the loop of all rounds, or CPUs lose half")
failed = False
for line in RECORD.read_text().splitlines():
    if line.startswith("#"):
        continue
    name, kept = line.split()
    now = len(piece) if name == "instructions" else cycles(name, paired(piece))
    print(f"{name}: {now} a row, kept {kept}")
    failed |= now * 100 > int(kept) * 105
if failed:
    sys.exit(f"over 5 % more than kept: make it faster again, or raise the number in {RECORD} and say why")

"""Checks the built guide: `check.py BOOK`, with `gaen` on the path.

- Every link leads to a page, and every `#` to a heading.
- Every path of the repository that a page names is there.
- Every page with Rust is compiled by `snippets.rs`.
- Every command prints what the page says. `...` stands for anything; commands of one page share a folder.
"""

import difflib
import html.parser
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = sorted((REPOSITORY / "guide/src").glob("*.md"))
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
NAMED_PATH = re.compile(r"`((?:\.ci|[a-z-]+)/[^` *]*)`")


class Links(html.parser.HTMLParser):
    """What a page of the book links to, and what can be linked to in it."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.ids = [], set()
        self.feed(page.read_text())

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.targets.append(value)


def dead_links(book):
    pages = {page: Links(page) for page in book.rglob("*.html")}
    for page, links in pages.items():
        for target in links.targets:
            link = urlsplit(target)
            if link.scheme or link.netloc:
                continue
            file = (page.parent / unquote(link.path)).resolve() if link.path else page
            if not file.exists() or (link.fragment and file in pages and unquote(link.fragment) not in pages[file].ids):
                yield f"{page.relative_to(book)}: dead link {target}"


def missing_paths(page, text):
    rooms = {path.name for path in REPOSITORY.iterdir() if path.is_dir()}
    for path in NAMED_PATH.findall(text):
        if path.split("/")[0] in rooms and not (REPOSITORY / path).exists():
            yield f"{page.name}: {path} is not in the repository"


def wrong_output(page, text, folder):
    for block in CONSOLE.findall(text):
        for command, expected in COMMAND.findall(block):
            # Cargo needs the repository; everything else must not write there.
            place = REPOSITORY if command.startswith("cargo ") else folder
            run = subprocess.run(["bash", "-c", command], cwd=place, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            # A line of three dots may stand for no line at all.
            pattern = re.escape(expected).replace(r"\.\.\.\n", r"(?:.*\n)?").replace(r"\.\.\.", ".*")
            if run.returncode != 0:
                yield f"{page.name}: $ {command}\nends with {run.returncode}:\n{run.stdout}"
            elif not re.fullmatch(pattern, run.stdout, re.DOTALL):
                lines = (said.splitlines(keepends=True) for said in (expected, run.stdout))
                yield f"{page.name}: $ {command}\n" + "".join(difflib.unified_diff(*lines, "the guide", "the command"))


def main():
    faults = list(dead_links(Path(sys.argv[1]).resolve()))
    compiled = (REPOSITORY / "guide/snippets.rs").read_text()
    commands = 0
    for page in PAGES:
        text = page.read_text()
        faults += missing_paths(page, text)
        if "```rust\n" in text and f'"{page.name}"' not in compiled:
            faults.append(f"{page.name}: snippets.rs does not compile it")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(REPOSITORY / "demo", f"{folder}/demo")
            Path(folder, "test-vectors").symlink_to(REPOSITORY / "test-vectors")
            faults += wrong_output(page, text, folder)
        commands += len(re.findall(r"^\$ ", "".join(CONSOLE.findall(text)), re.MULTILINE))
    print(*faults, sep="\n\n", end="\n" if faults else "")
    print(f"{len(PAGES)} pages, {commands} commands, {len(faults)} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

"""revisions.json: keys that are published and revised."""

import json

import reference_exposures
from kit import DOCUMENTS, FORMAT, GOOGLE_CODE, OURS, START, World, lines


class Revisions:
    """Cases of keys that are published and revised. A step is (list, type) and the outcome that is worked out by hand:
    (outcome, stored type, visible). Google's published readers know `keys` alone; `revised_keys` is in the documents.
    """

    name = "revisions"
    about = "What becomes of a stored match when its key is published again or revised."
    types = ["unknown", "confirmed_test", "confirmed_clinical_diagnosis", "self_report", "recursive", "revoked"]

    def __init__(self):
        self.cases = []

    def case(self, name, proves, steps, recursive_enabled=False, report_type_when_missing=1, source=None):
        assert name not in (case["name"] for case in self.cases), name
        world = World(f"revisions, {name}")
        tek = world.key()["tek"]
        made = []
        for which, number, wanted, *changes in steps:
            key = {"tek": tek, "rolling_start_interval_number": START, "rolling_period": 144, "report_type": number}
            made.append({"list": which, "key": key | (changes[0] if changes else {}), "expected": None})
        case = {
            "name": name,
            "proves": proves,
            "source": source or (DOCUMENTS if any(which == "revised_keys" for which, *_ in steps) else GOOGLE_CODE),
            "recursive_enabled": recursive_enabled,
            "report_type_when_missing": report_type_when_missing,
            "steps": made,
        }
        for step, expected, (_, _, wanted, *_) in zip(made, reference_exposures.evaluate_revisions(case), steps):
            found = (expected["outcome"], expected["report_type"], expected["visible"])
            assert found == wanted, f"{name}: {found}, by hand {wanted}"
            step["expected"] = expected
        self.cases.append(case)

    def render(self) -> str:
        return f'{{"about": {json.dumps(self.about)}, "format": {FORMAT},\n"cases": [\n{lines(self.cases)}\n]}}\n'


def revisions() -> Revisions:
    kit = Revisions()
    keys, revised = "keys", "revised_keys"
    name_of = kit.types
    test, clinical, self_report = ((name_of[number]) for number in (1, 2, 3))
    allowed = {(3, 1), (3, 2), (3, 5), (2, 1), (2, 5)}
    for old in (1, 2, 3, 4):
        for new in (1, 2, 3, 4, 5):
            if (old, new) in allowed:
                outcome = ("revoked", "revoked", False) if new == 5 else ("changed", name_of[new], True)
            else:
                outcome = ("transition_not_allowed", name_of[old], True)
            kit.case(
                f"{name_of[old]} to {name_of[new]}",
                "Self reports may be confirmed or revoked, clinical diagnoses tested or revoked; that is all.",
                [(keys, old, ("stored", name_of[old], True)), (revised, new, outcome)],
                recursive_enabled=True,
            )
    for old in (1, 2, 3, 4):
        for new in (1, 2, 3, 4, 5):
            outcome = ("stored", name_of[old], True)
            if (old, new) in allowed:
                outcome = ("revoked", "revoked", False) if new == 5 else ("changed", name_of[new], True)
            kit.case(
                f"{name_of[old]} to {name_of[new]}, in keys",
                "A better type in `keys` of a later file changes the type as in `revised_keys`; what is not allowed "
                "changes nothing.",
                [(keys, old, ("stored", name_of[old], True)), (keys, new, outcome)],
                recursive_enabled=True,
            )
    for new in (1, 2, 3):
        kit.case(
            f"self_report to clinical, then to {name_of[new]}",
            "A key is revised at most once, even to what would be allowed.",
            [
                (keys, 3, ("stored", self_report, True)),
                (revised, 2, ("changed", clinical, True)),
                (revised, new, ("already_revised", clinical, True)),
            ],
        )
    for new in (1, 3, 5):
        kit.case(
            f"revoked, then {name_of[new]}",
            "A revoked key stays revoked.",
            [
                (keys, 3, ("stored", self_report, True)),
                (revised, 5, ("revoked", "revoked", False)),
                (revised, new, ("already_revised", "revoked", False)),
            ],
        )
    kit.case(
        "revoked, then published again",
        "A revoked key stays stored and hidden, and does not match again.",
        [
            (keys, 2, ("stored", clinical, True)),
            (revised, 5, ("revoked", "revoked", False)),
            (keys, 2, ("stored", "revoked", False)),
            (keys, 1, ("stored", "revoked", False)),
        ],
    )
    kit.case(
        "the same file again",
        "A key that is published again is stored already, and nothing changes.",
        [(keys, 3, ("stored", self_report, True)), (keys, 3, ("stored", self_report, True))],
    )
    for which in (keys, revised):
        again = "stored" if which == keys else "already_revised"
        kit.case(
            f"changed in keys, then in {which}",
            "A change in `keys` uses up the one revision.",
            [
                (keys, 3, ("stored", self_report, True)),
                (keys, 2, ("changed", clinical, True)),
                (which, 1, (again, clinical, True)),
                (which, 5, (again, clinical, True)),
            ],
        )
    kit.case(
        "changed in revised keys, then in keys",
        "A key is revised at most once, whichever list it comes in.",
        [
            (keys, 3, ("stored", self_report, True)),
            (revised, 2, ("changed", clinical, True)),
            (keys, 1, ("stored", clinical, True)),
        ],
    )
    kit.case(
        "a type in keys that is not allowed uses nothing up",
        "Only a revision that changed the type counts as the one.",
        [
            (keys, 2, ("stored", clinical, True)),
            (keys, 3, ("stored", clinical, True)),
            (keys, 1, ("changed", test, True)),
        ],
    )
    kit.case(
        "a revision that is not allowed uses nothing up",
        "Only a revision that changed the type counts as the one.",
        [
            (keys, 3, ("stored", self_report, True)),
            (revised, 3, ("transition_not_allowed", self_report, True)),
            (revised, 4, ("transition_not_allowed", self_report, True)),
            (revised, 1, ("changed", test, True)),
            (revised, 5, ("already_revised", test, True)),
        ],
    )
    for number in (1, 2, 3):
        kit.case(
            f"recursive, then {name_of[number]}",
            "A key that came first as recursive was skipped and is not stored, so that it is stored and shown later.",
            [(keys, 4, ("not_stored", None, False)), (keys, number, ("stored", name_of[number], True))],
        )
    kit.case(
        "recursive, then a revision",
        "A key that was skipped as recursive cannot be revised.",
        [
            (keys, 4, ("not_stored", None, False)),
            (revised, 1, ("not_stored", None, False)),
            (keys, 1, ("stored", test, True)),
        ],
    )
    kit.case(
        "recursive with another period, then confirmed_test",
        "A skipped key leaves no period behind that the later one is compared with.",
        [
            (keys, 4, ("not_stored", None, False), {"rolling_period": 100}),
            (keys, 1, ("stored", test, True)),
        ],
    )
    for number in (1, 3, 5):
        kit.case(
            f"{name_of[number]} of an unknown key",
            "A revision of a key that is not stored stores nothing.",
            [(revised, number, ("not_stored", None, False))],
        )
    kit.case(
        "revised before it is published",
        "A revision of a key that is not stored leaves no trace.",
        [
            (revised, 5, ("not_stored", None, False)),
            (keys, 3, ("stored", self_report, True)),
            (revised, 1, ("changed", test, True)),
        ],
    )
    kit.case(
        "published as revoked",
        "A revoked key starts no match that is shown: it is stored hidden, and stays so.",
        [(keys, 5, ("stored", "revoked", False)), (keys, 1, ("stored", "revoked", False))],
    )
    for enabled in (False, True):
        outcome = ("stored", "recursive", True) if enabled else ("not_stored", None, False)
        kit.case(
            "published as recursive" + (", enabled" if enabled else ""),
            "A recursive key starts a match only where that is enabled.",
            [(keys, 4, outcome)],
            recursive_enabled=enabled,
        )
    for which in (keys, revised):
        for what, change in (
            ("shorter period", {"rolling_period": 143}),
            ("later start", {"rolling_start_interval_number": START + 1}),
        ):
            kit.case(
                f"a {what} in {which}",
                "The same TEK with another start or period is skipped.",
                [
                    (keys, 3, ("stored", self_report, True)),
                    (which, 1, ("other_period", self_report, True), change),
                    (revised, 1, ("changed", test, True)),
                ],
                source=OURS if which == keys else None,
            )
    kit.case(
        "another period after a revision",
        "Another period is the first thing that is looked at.",
        [
            (keys, 3, ("stored", self_report, True)),
            (revised, 1, ("changed", test, True)),
            (revised, 3, ("other_period", test, True), {"rolling_period": 1}),
        ],
    )
    for number, outcome in ((1, ("changed", test, True)), (3, ("transition_not_allowed", self_report, True))):
        kit.case(
            f"unknown is {name_of[number]}",
            "Unknown is read as the configuration says, in both lists.",
            [(keys, 3, ("stored", self_report, True)), (revised, 0, outcome)],
            report_type_when_missing=number,
        )
    kit.case(
        "published as unknown",
        "Unknown is read as the configuration says, in both lists.",
        [(keys, 0, ("stored", clinical, True)), (revised, 5, ("revoked", "revoked", False))],
        report_type_when_missing=2,
    )
    other = World("revisions, another key").key()["tek"]
    kit.case(
        "two keys",
        "Every key has a revision of its own.",
        [
            (keys, 3, ("stored", self_report, True)),
            (keys, 2, ("stored", clinical, True), {"tek": other}),
            (revised, 5, ("revoked", "revoked", False)),
            (revised, 1, ("changed", test, True), {"tek": other}),
            (revised, 1, ("already_revised", "revoked", False)),
        ],
    )
    return kit

#!/usr/bin/env python3
"""Checks the sample calls: their form, and that their README tells the truth about them.

Usage: sim_calls_test.py FOLDER_OF_CALLS [unittest options]

What is left in a call is found here in the plainest way, without the product's code: every run of nine or more
digits, spoken or written, must contain a value of the lists below, and every e-mail address an example domain.
So a number that slips into a clean call, or that somebody could own, fails the test.
"""

import datetime
import json
import pathlib
import re
import sys
import unittest

CARDS = {"4111111111111111", "4242424242424242", "5555555555554444", "5105105105105100"}
SSNS = {"219099999", "123456789"}
FICTIONAL_PHONE = re.compile(r"[2-9]\d\d55501\d\d")  # 555-0100 to 555-0199 are kept for fiction

DIGITS = {word: str(value) for value, word in enumerate(
    "zero one two three four five six seven eight nine".split())} | {"oh": "0"}
TIMES = {"double": 2, "triple": 3}
# Said while a number is being read out, by either side; the number goes on after them.
FILLERS = set("uh um mm hmm huh yep yeah yes okay and then it's so go ahead on got it that "
              "take your time".split())
MASK = re.compile(r"\[[A-Za-z_]+\]|\*{2,}")
EMAIL = re.compile(r"(?:@| at )([a-z0-9-]+)(?:\.| dot )(com|org|net|edu)\b")


def digit_runs(texts):
    """The digit strings of a call, across segments: 'double four uh' + 'mm hmm' + 'one' is '441'."""
    runs, run, times = [], "", 1
    for token in " ".join(MASK.sub(" # ", text) for text in texts).split():
        written = token.replace("-", "")
        if token in TIMES:
            times = TIMES[token]
        elif token in DIGITS or written.isdigit():
            run += DIGITS.get(token, written) * times
            times = 1
        elif token == "hundred" and run:
            run += "00"
        elif token not in FILLERS:
            runs.append(run)
            run, times = "", 1
    return [run for run in runs + [run] if run]


def left_in(texts):
    """(entity types left in, problems): a problem is a value that is not one of the published test values."""
    kinds, problems = set(), []
    for run in digit_runs(texts):
        if len(run) < 9:
            continue
        found = {kind for kind, hit in (
            ("CREDIT_CARD", any(card in run for card in CARDS)),
            ("PHONE", FICTIONAL_PHONE.search(run)),
            ("SSN", any(ssn in run for ssn in SSNS))) if hit}
        if not found:
            problems.append(f"unknown number of {len(run)} digits: {run}")
        kinds |= found
    for text in texts:
        for domain, _ in EMAIL.findall(text):
            kinds.add("EMAIL")
            if domain != "example":
                problems.append(f"e-mail domain {domain}")
    return kinds, problems


def luhn(number):
    odd, even = number[-1::-2], number[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def form_problems(document):
    """What breaks the contract, or the habits of these samples, in one parsed file."""
    problems = []

    def need(condition, text):
        if not condition:
            problems.append(text)

    need(set(document) == {"id", "status", "progress", "accuracyScore", "createdTime", "completedTime",
                           "results"}, "top-level keys")
    if problems:
        return problems
    need(re.fullmatch(r"txn_[0-9a-f]{12}", document["id"]), "id")
    need(document["status"] == "completed" and document["progress"] == 100, "status and progress")
    need(0 < document["accuracyScore"] <= 1, "accuracyScore")
    created, completed = (datetime.datetime.strptime(document[key], "%Y-%m-%dT%H:%M:%SZ")
                          for key in ("createdTime", "completedTime"))
    need(created < completed, "completed before it was created")
    need(20 <= len(document["results"]) <= 80, f"{len(document['results'])} segments")
    last_start, last_end = -1, 0
    for index, segment in enumerate(document["results"]):
        where = f"segment {index}: "
        need({"text", "startOffsetMs", "endOffsetMs"} <= set(segment), where + "keys missing")
        need(set(segment) <= {"text", "speakerLabels", "confidence", "startOffsetMs", "endOffsetMs"},
             where + "unknown keys")
        need(re.fullmatch(r"[a-z0-9'@.\-]+( [a-z0-9'@.\-]+)*", MASK.sub("masked", segment["text"])),
             where + "text is not lower case without punctuation")
        labels = segment.get("speakerLabels", [])
        need(isinstance(labels, list) and len(labels) <= 1 and all(isinstance(x, str) and x for x in labels),
             where + "speakerLabels")
        need(0 <= segment.get("confidence", 0.5) <= 1, where + "confidence")
        start, end = segment["startOffsetMs"], segment["endOffsetMs"]
        need(type(start) is int and type(end) is int and 0 <= start < end < 2**31, where + "offsets")
        need(start > last_start, where + "starts before the one before it")
        need(start > last_end - 1500, where + "overlaps by more than a second and a half")
        last_start, last_end = start, max(last_end, end)
    return problems


def table_rows(readme, columns):
    rows = ([cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]
            for line in readme.splitlines() if line.startswith("| `"))
    return [row for row in rows if len(row) == columns]


class TheDetectorItself(unittest.TestCase):
    def test_finds_what_is_spoken_in_parts(self):
        self.assertEqual(left_in(["okay four one one one", "mm hmm", "triple one one uh one one one one",
                                  "and then double one double one"])[0], {"CREDIT_CARD"})
        self.assertEqual(left_in(["it's eight hundred five five five oh one three two"])[0], {"PHONE"})
        self.assertEqual(left_in(["two one nine", "go ahead", "oh nine nine nine nine nine"])[0], {"SSN"})
        self.assertEqual(left_in(["a.b@example.net"])[0], {"EMAIL"})
        self.assertEqual(left_in(["it's jane at example dot com"])[0], {"EMAIL"})

    def test_leaves_short_numbers_and_masks_alone(self):
        self.assertEqual(left_in(["order three one oh seven five five two", "it's [CREDIT_CARD]", "****",
                                  "i was at home at nine"]), (set(), []))

    def test_a_mask_ends_a_number(self):
        self.assertEqual(digit_runs(["one two [redacted] three four"]), ["12", "34"])

    def test_names_values_that_somebody_could_own(self):
        self.assertTrue(left_in(["four one two six six two two nine one eight"])[1])
        self.assertTrue(left_in(["jane at acme dot com"])[1])

    def test_form_names_a_wrong_segment(self):
        segment = {"text": "hello", "speakerLabels": [], "startOffsetMs": 0, "endOffsetMs": 5}
        document = {"id": "txn_0123456789ab", "status": "completed", "progress": 100, "accuracyScore": 0.9,
                    "createdTime": "2024-01-15T10:00:00Z", "completedTime": "2024-01-15T10:02:30Z",
                    "results": [dict(segment, startOffsetMs=10 * i, endOffsetMs=10 * i + 5) for i in range(20)]}
        self.assertEqual(form_problems(document), [])
        document["results"][3]["text"] = "Hello."
        document["results"][4]["endOffsetMs"] = 0
        self.assertEqual(len(form_problems(document)), 2)


class TheCalls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.calls = {path.name: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
        cls.readme = (FOLDER / "README.md").read_text("utf-8")
        cls.rows = table_rows(cls.readme, 6)
        cls.texts = {name: [segment["text"] for segment in call["results"]] for name, call in cls.calls.items()}

    def test_form(self):
        self.assertGreaterEqual(len(self.calls), 10)
        for name, call in self.calls.items():
            with self.subTest(name):
                self.assertRegex(name, r"^rec_[A-Za-z0-9_.-]{1,119}\.json$")
                self.assertEqual(form_problems(call), [])
        ids = [call["id"] for call in self.calls.values()]
        self.assertEqual(len(set(ids)), len(ids))

    def test_the_table_lists_every_call_once(self):
        self.assertEqual(sorted(row[0] for row in self.rows), sorted(self.calls))

    def test_the_table_is_true(self):
        for name, segments, labels, _, kinds, verdict in self.rows:
            with self.subTest(name):
                found, problems = left_in(self.texts[name])
                self.assertEqual(problems, [])
                self.assertEqual(int(segments), len(self.calls[name]["results"]))
                self.assertEqual(set() if kinds == "none" else set(kinds.split(", ")), found)
                self.assertEqual(verdict, "caught" if found else "clean")
                used = {x for s in self.calls[name]["results"] for x in s.get("speakerLabels", [])}
                self.assertEqual(set(labels.split(", ")), used)

    def test_the_collection_has_what_it_promises(self):
        segments = [segment for call in self.calls.values() for segment in call["results"]]
        verdicts = [row[5] for row in self.rows]
        self.assertGreaterEqual(verdicts.count("clean"), 4)
        self.assertGreaterEqual(verdicts.count("caught"), 4)
        self.assertTrue(any("speakerLabels" not in s for s in segments), "no missing label")
        self.assertTrue(any(s.get("speakerLabels") == [] for s in segments), "no empty label")
        self.assertTrue(any("confidence" not in s for s in segments), "no missing confidence")
        self.assertTrue(any(MASK.search(s["text"]) for s in segments), "nothing masked by the vendor")
        self.assertIn("however i did not ask for that", [s["text"] for s in segments])
        self.assertTrue(any(later["startOffsetMs"] < earlier["endOffsetMs"] for call in self.calls.values()
                            for earlier, later in zip(call["results"], call["results"][1:])), "no overlap")

    def test_the_seed_recordings_are_one_clean_and_one_card(self):
        seeds = dict(table_rows(self.readme, 2))
        self.assertEqual(left_in(self.texts[seeds["rec_8a7f3b2c1d4e"]])[0], set())
        self.assertEqual(left_in(self.texts[seeds["rec_1b2c3d4e5f6a"]])[0], {"CREDIT_CARD"})

    def test_the_published_card_numbers_pass_luhn(self):
        for card in CARDS:
            self.assertTrue(luhn(card), card)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not pathlib.Path(sys.argv[1]).is_dir():
        sys.exit("usage: sim_calls_test.py FOLDER_OF_CALLS [unittest options]")
    FOLDER = pathlib.Path(sys.argv.pop(1))
    unittest.main()

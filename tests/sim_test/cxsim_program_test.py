#!/usr/bin/env python3
"""cxsim as a program: its first line, its flags, its errors and its end.

usage: cxsim_program_test.py PATH_OF_CXSIM
"""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

CXSIM = sys.argv.pop(1)
TIMEOUT = 20
GOOD = {"results": [{"text": "hello", "startOffsetMs": 0, "endOffsetMs": 10}]}


def run(*arguments):
    """Runs cxsim to its end."""
    return subprocess.run([CXSIM, *arguments], capture_output=True, text=True, timeout=TIMEOUT, check=False)


class Running:
    """A running cxsim."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [CXSIM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.first_line = self.process.stdout.readline()
        self.url = self.first_line.strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate(timeout=TIMEOUT)

    def call(self, path, data=None, method=None):
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(self.url + path, body, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.load(answer)


class CxsimTest(unittest.TestCase):
    def test_bad_usage_exits_2(self):
        for arguments in (
            ["--nonsense"],
            ["--port", "70000"],
            ["--port", "x"],
            ["--transcription-time", "soon"],
            ["--token-lifetime", "-1"],
            ["--idempotency", "maybe"],
            ["--max-storage-mb", "0"],
            ["--speed", "2", "--transcription-time", "1s"],
        ):
            ended = run(*arguments)
            self.assertEqual(ended.returncode, 2, arguments)
            self.assertEqual(ended.stdout, "", arguments)
            self.assertIn(arguments[-2] if len(arguments) > 1 else arguments[0], ended.stderr)

    def test_every_bad_transcript_is_listed_and_nothing_starts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "good.json").write_text(json.dumps(GOOD))
            (path / "cut.json").write_text('{"results": [')
            (path / "shape.json").write_text('{"results": {}}')
            ended = run("--transcripts", folder)
        self.assertEqual(ended.returncode, 1)
        self.assertEqual(ended.stdout, "")
        self.assertIn("2 of 3 transcript files are bad", ended.stderr)
        self.assertRegex(ended.stderr, r"cut\.json: .*not JSON")
        self.assertRegex(ended.stderr, r"shape\.json: .*results is not a list")
        self.assertNotIn("good.json", ended.stderr)

    def test_a_bad_scenario_is_refused_with_its_place(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "s.yaml"
            path.write_text("faults:\n  - kind: status\n    status: 7\n")
            ended = run("--scenario", str(path))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("s.yaml: faults[0].status", ended.stderr)

    def test_a_taken_port_exits_1(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            ended = run("--port", str(taken.getsockname()[1]))
        self.assertEqual(ended.returncode, 1)
        self.assertIn("cannot listen on 127.0.0.1", ended.stderr)

    def test_version(self):
        ended = run("--version")
        self.assertEqual(ended.returncode, 0)
        self.assertRegex(ended.stdout, r"^cxsim \d+\.\d+\.\d+")

    def test_help_names_every_flag(self):
        ended = run("--help")
        self.assertEqual(ended.returncode, 0)
        for flag in ("port transcripts scenario client-id client-secret token-lifetime transcription-time speed "
                     "idempotency max-storage-mb seed synthetic-recordings version").split():
            self.assertIn("--" + flag, ended.stdout)

    def test_the_first_line_is_the_address_and_signals_end_it(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Running() as cxsim:
                self.assertRegex(cxsim.first_line, r"^http://127\.0\.0\.1:\d+\n$")
                cxsim.call("/admin/state")
                cxsim.process.send_signal(number)
                self.assertEqual(cxsim.process.wait(TIMEOUT), 0)
                self.assertEqual(cxsim.process.stdout.read(), "", "nothing else on standard output")

    def test_a_given_port_is_used(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with Running("--port", str(port)) as cxsim:
            self.assertEqual(cxsim.url, f"http://127.0.0.1:{port}")

    def test_transcripts_scenario_and_admin_work_together(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "my-call.json").write_text(json.dumps(GOOD))
            scenario = path / "s.yml"
            scenario.write_text("- {kind: status, route: token, status: 503, retry_after: 2, times: 1}\n")
            with Running("--transcripts", folder, "--scenario", str(scenario), "--seed", "5") as cxsim:
                state = cxsim.call("/admin/state")
                self.assertEqual(state["seed"], 5)
                ids = [recording["id"] for recording in state["recordings"]]
                for expected in ("my-call", "rec_8a7f3b2c1d4e", "rec_1b2c3d4e5f6a"):
                    self.assertIn(expected, ids)
                with self.assertRaises(urllib.error.HTTPError) as refused:
                    cxsim.call("/oauth2/token", {})
                self.assertEqual(refused.exception.code, 503)
                self.assertEqual(refused.exception.headers["Retry-After"], "2")
                refused.exception.close()
                self.assertEqual(cxsim.call("/admin/faults")["faults"][0]["fired"], 1)
                added = cxsim.call("/admin/faults", {"kind": "reset", "route": "poll"})
                self.assertEqual(len(added["ids"]), 1)
                cxsim.call("/admin/faults", method="DELETE")
                self.assertEqual(cxsim.call("/admin/faults")["faults"], [])
                requests = cxsim.call("/admin/requests")["requests"]
                self.assertEqual([(r["route"], r["status"]) for r in requests], [("token", 503)])

    def test_two_runs_do_not_share_ids(self):
        seeds = set()
        for _ in range(2):
            with Running() as cxsim:
                seeds.add(cxsim.call("/admin/state")["seed"])
        self.assertEqual(len(seeds), 2)

    def test_readme_scenarios_are_valid(self):
        readme = pathlib.Path(__file__).parents[1] / "sim" / "README.md"
        examples = re.findall(r"```yaml\n(.*?)```", readme.read_text(), re.DOTALL)
        self.assertGreater(len(examples), 10)
        for example in examples:
            with tempfile.NamedTemporaryFile("w", suffix=".yaml") as scenario:
                scenario.write(example)
                scenario.flush()
                with Running("--scenario", scenario.name) as cxsim:
                    self.assertTrue(cxsim.url, f"refused:\n{example}")


if __name__ == "__main__":
    unittest.main()

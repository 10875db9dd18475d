#!/usr/bin/env python3
"""End to end: cxctl's verbs against a server, and what it shows on a terminal."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stack import CAUGHT, CLEAN, PATIENCE, StackTest, program  # noqa: E402

PLUGINS = ["punctuation", "diarization", "redaction"]


class Verbs(StackTest):
    def run_ok(self, *arguments):
        code, out, err = self.stack.cxctl(*arguments)
        self.assertEqual(code, 0, err)
        return out

    def in_every_format(self, verb, key):
        """What a list verb prints as a table; the other formats must agree with each other."""
        answer = json.loads(self.run_ok(*verb, "-o", "json"))
        self.assertEqual(yaml.safe_load(self.run_ok(*verb, "-o", "yaml")), answer)
        lines = [json.loads(line) for line in self.run_ok(*verb, "-o", "jsonl").splitlines()]
        self.assertEqual(lines, answer[key])
        return answer[key], self.run_ok(*verb)

    def test_plugin_list(self):
        plugins, table = self.in_every_format(("plugin", "list"), "plugins")
        self.assertEqual([plugin["name"] for plugin in plugins], PLUGINS)
        rows = table.splitlines()
        self.assertGreater(len(rows), len(PLUGINS), "a heading, and a row for each")
        for plugin in plugins:
            self.assertEqual(len(plugin["sha256"]), 64)
            self.assertEqual(plugin["health"], "PLUGIN_HEALTH_OK")
            row = next(row for row in rows if row.startswith(plugin["name"]))
            self.assertIn(plugin["version"], row)

    def test_pipeline_list(self):
        pipelines, table = self.in_every_format(("pipeline", "list"), "pipelines")
        self.assertEqual([pipeline["name"] for pipeline in pipelines], ["default"])
        self.assertEqual([stage["capability"] for stage in pipelines[0]["stages"]],
                         ["punctuation", "diarization", "redaction-verification"])
        self.assertIn("default", table)
        self.assertIn("redaction-verification", table)

    def test_a_job_as_yaml_says_what_it_says_as_json(self):
        job = self.stack.submit(CAUGHT, "--label", "case=2024-01")
        self.run_ok("wait", job)
        for verb in (("get", job), ("result", job), ("list",), ("events", job)):
            with self.subTest(verb=verb[0]):
                answer = json.loads(self.run_ok(*verb, "-o", "json"))
                self.assertTrue(answer)
                self.assertEqual(yaml.safe_load(self.run_ok(*verb, "-o", "yaml")), answer)

    def test_pipelines_are_reloaded_whole_or_not_at_all(self):
        def rewrite(pipelines):
            with open(self.stack.config, encoding="utf-8") as file:
                text = file.read().split("pipelines:")[0]
            with open(self.stack.config, "w", encoding="utf-8") as file:
                file.write(text + "pipelines:\n" + pipelines)
            return text.count("\n") + 1

        rewrite("  default:\n    - plugin: punctuation.so\n  bare:\n    - plugin: diarization.so\n")
        self.assertIn("bare", self.run_ok("pipeline", "reload"))
        job = self.stack.submit(CLEAN, "--pipeline", "bare")
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 4, "nothing in it verifies: " + err)
        first = rewrite("  default:\n    - plugin: nonesuch.so\n    - plugin: punctuation.so\n      timeout: soon\n")
        code, _, err = self.stack.cxctl("pipeline", "reload")
        self.assertEqual(code, 64 + 9, err)
        self.assertIn(f"{self.stack.config}:{first + 2}:", err)
        self.assertIn("bare", self.run_ok("pipeline", "list"))
        # A signal does the same; what came of it stands in the log, and in what is in force.
        rewrite("  default:\n    - plugin: diarization.so\n  signalled:\n    - plugin: punctuation.so\n")
        self.stack.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + PATIENCE
        while "signalled" not in self.run_ok("pipeline", "list"):
            self.assertLess(time.monotonic(), deadline)

    def complete(self, *words):
        """What a bash that has read the completion of this very program offers for the last word."""
        with tempfile.TemporaryDirectory(prefix="cxscribe-e2e-") as folder:
            script = os.path.join(folder, "ask.bash")
            with open(script, "w", encoding="utf-8") as file:
                file.write(f'source <("{program("cxctl")}" completion bash)\n'
                           f"COMP_WORDS=({' '.join(words)!s})\n"
                           f"COMP_CWORD={len(words) - 1}\n"
                           'spec=$(complete -p cxctl); read -r _ _ name _ <<<"$spec"\n'
                           '"$name" || exit 1\n'
                           'printf "%s\\n" "${COMPREPLY[@]}"\n')
            done = subprocess.run(["bash", "--norc", "--noprofile", script], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False, cwd=folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_bash_completes_what_the_program_knows(self):
        self.assertEqual(self.complete("cxctl", "pl"), ["plugin"])
        self.assertEqual(set(self.complete("cxctl", "pipeline", "r")), {"run", "reload"})
        self.assertIn("yaml", self.complete("cxctl", "list", "-o", "''"))
        self.assertIn("--redaction-policy", self.complete("cxctl", "submit", "--re"))


class OnTerminal:
    """A cxctl with a terminal of its own on each of standard output and standard error."""

    def __init__(self, stack, *arguments, columns=100):
        self.shown = {"out": b"", "err": b""}
        self.terminals = {}
        ends = {}
        for name in self.shown:
            self.terminals[name], ends[name] = pty.openpty()
            fcntl.ioctl(ends[name], termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        environment = {**stack.environment(), "TERM": "xterm"}
        self.process = subprocess.Popen([program("cxctl"), *arguments], stdin=subprocess.DEVNULL, stdout=ends["out"],
                                        stderr=ends["err"], env=environment)
        for end in ends.values():
            os.close(end)
        self.deadline = time.monotonic() + PATIENCE

    def read_some(self):
        """Takes what has been written; False when both terminals are closed."""
        ready, _, _ = select.select(list(self.terminals.values()), [], [], max(0, self.deadline - time.monotonic()))
        assert ready, f"nothing more came in time: {self.shown}"
        for name, terminal in list(self.terminals.items()):
            if terminal in ready:
                try:
                    data = os.read(terminal, 4096)
                except OSError:  # EIO: nobody has the other end any more
                    data = b""
                self.shown[name] += data
                if not data:
                    os.close(self.terminals.pop(name))
        return bool(self.terminals)

    def until(self, pattern, name="err"):
        """Waits until the terminal shows what matches."""
        while not re.search(pattern, self.shown[name].decode(errors="replace")):
            assert self.read_some(), f"{pattern} was not shown: {self.shown}"

    def end(self):
        """The exit code, after everything was read."""
        while self.terminals and self.read_some():
            pass
        return self.process.wait(timeout=PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for terminal in self.terminals.values():
            os.close(terminal)

    def text(self, name):
        return self.shown[name].decode()


class Terminal(StackTest):
    stack_arguments = {"sim_arguments": ("--transcription-time", "1h")}

    def on_terminal(self, *arguments):
        terminal = OnTerminal(self.stack, *arguments)
        self.addCleanup(terminal.close)
        return terminal

    def test_a_bar_on_standard_error_and_how_to_resume_after_ctrl_c(self):
        job = self.stack.submit(CLEAN)
        watch = self.on_terminal("watch", job)
        watch.until(re.escape(job) + r" +TRANSCRIBING +\[[=> ]+\] +\d+%")
        watch.process.send_signal(signal.SIGINT)
        self.assertEqual(watch.end(), 130)
        self.assertEqual(watch.text("out"), "", "a picture is no output")
        resume = re.search(rf"Resume with: cxctl (watch {job}@\d+)\r?\n", watch.text("err"))
        self.assertTrue(resume, watch.text("err"))
        self.assertIn("nothing was cancelled", watch.text("err"))
        # It says so truly: the job goes on, and the command that was given follows it.
        self.assertEqual(self.job(job)["state"], "JOB_STATE_TRANSCRIBING")
        again = self.on_terminal(*resume[1].split())
        again.until(re.escape(job) + r" +TRANSCRIBING")
        code, _, err = self.stack.cxctl("cancel", job)
        self.assertEqual(code, 0, err)
        self.assertEqual(again.end(), 6)
        self.assertIn("CANCELLED", again.text("out") + again.text("err"))

    def test_several_jobs_are_a_table_that_is_drawn_in_place(self):
        jobs = [self.stack.submit(recording) for recording in (CLEAN, CAUGHT)]
        watch = self.on_terminal("watch", *jobs)
        for job in jobs:
            watch.until(re.escape(job) + r" +TRANSCRIBING +\[[=> ]+\] +\d+%")
        watch.until("0 of 2 ended")
        code, _, err = self.stack.cxctl("cancel", jobs[0])
        self.assertEqual(code, 0, err)
        watch.until("1 of 2 ended, 1 not succeeded")
        watch.until(re.escape(jobs[0]) + r" +CANCELLED")
        self.assertEqual(watch.text("out"), "")
        # Three lines are drawn over: up by two, and the rest of each line is cleared.
        self.assertIn("\x1b[2A", watch.text("err"))
        self.assertIn("\x1b[K", watch.text("err"))
        watch.process.send_signal(signal.SIGINT)
        self.assertEqual(watch.end(), 130)
        self.assertEqual(watch.text("out"), "")
        resume = watch.text("err").split("Resume with: cxctl watch ")[1]
        self.assertIn(jobs[1] + "@", resume)

    def test_no_colour_and_no_picture_where_standard_error_is_no_terminal(self):
        job = self.stack.submit(CLEAN)
        follow = self.stack.follow(job)
        json.loads(follow.line())
        follow.process.send_signal(signal.SIGINT)
        self.assertEqual(follow.wait(), 130)
        follow.process.stdout.close()
        self.assertNotIn("\x1b", follow.log())
        self.assertIn(f"Resume with: cxctl watch {job}@", follow.log())


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""End to end: what a reload takes in, and how a server goes while one is under way."""
import os
import shutil
import signal
import sys
import tempfile
import time
import unittest

import grpc

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stack import BIN, CLEAN, PATIENCE, SECRET, Program, Stack, StackTest, program  # noqa: E402


def rewrite(stack, *changes):
    """Replaces text of the server's configuration."""
    with open(stack.config, encoding="utf-8") as file:
        text = file.read()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    with open(stack.config, "w", encoding="utf-8") as file:
        file.write(text)


class Reloading(StackTest):
    stack_arguments = {"more": "jobs: {max_queued: 1000}\n"
                               "redaction_policies: {before: {entity_types: [PIN]}}\n"}

    def write_secret(self, secret):
        with open(self.stack.path("secret"), "w", encoding="utf-8") as file:
            file.write(secret + "\n")

    def reload(self):
        code, out, err = self.stack.cxctl("pipeline", "reload")
        self.assertEqual(code, 0, err)
        self.assertIn("default", out)
        return err

    def test_a_rotated_secret_is_used_without_a_restart(self):
        self.write_secret("not-the-secret-any-more")
        rewrite(self.stack, ("${CXSCRIBE_TEST_SECRET}", "${file:secret}"))
        self.assertEqual(self.reload(), "", "nothing needs a restart")
        job = self.stack.submit(CLEAN)
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 3, err)
        self.assertIn("UPSTREAM_CREDENTIALS", str(self.job(job)))
        self.write_secret(SECRET)
        self.reload()
        code, _, err = self.stack.cxctl("wait", self.stack.submit(CLEAN))
        self.assertEqual(code, 0, err)
        for secret in (SECRET, "not-the-secret-any-more"):
            self.assertNotIn(secret, self.stack.server.log())

    def test_policies_are_exchanged_and_what_is_not_is_named(self):
        rewrite(self.stack, ("before: {entity_types: [PIN]}", "after: {entity_types: [PHONE]}"),
                ("max_queued: 1000", "max_queued: 31415"))
        self.assertIn("only after a restart: jobs.max_queued", self.reload())
        warning = next(line for line in self.stack.server.log().splitlines() if '"restart_required"' in line)
        self.assertIn('"jobs.max_queued"', warning)
        self.assertNotIn("31415", warning)
        job = self.stack.submit(CLEAN, "--redaction-policy", "after")
        self.assertEqual(self.stack.cxctl("wait", job)[0], 0)
        code, _, err = self.stack.cxctl("submit", CLEAN, "--redaction-policy", "before")
        self.assertEqual(code, 64 + grpc.StatusCode.INVALID_ARGUMENT.value[0], err)
        self.assertIn("known: after", err)
        # All or nothing: a pipeline that is wrong keeps the policies, too.
        rewrite(self.stack, ("after: {", "later: {"), ("jobs:", "pipelines: {default: [{plugin: none.so}]}\njobs:"))
        self.assertNotEqual(self.stack.cxctl("pipeline", "reload")[0], 0)
        self.assertEqual(self.stack.cxctl("submit", CLEAN, "--redaction-policy", "after")[0], 0)

    def test_the_health_of_plugins_that_are_gone_is_not_shown(self):
        def shown():
            lines = self.stack.operators("/metrics")[1].splitlines()
            return {line.split('"')[1] for line in lines if line.startswith("cxscribe_plugin_health{")}
        deadline = time.monotonic() + PATIENCE
        while shown() != {"punctuation", "diarization", "redaction"}:
            self.assertLess(time.monotonic(), deadline)
        rewrite(self.stack, ("jobs:", "pipelines: {default: [{plugin: punctuation.so}]}\njobs:"))
        self.reload()
        while shown() != {"punctuation"}:
            self.assertLess(time.monotonic(), deadline)


class ReloadWhileStopping(unittest.TestCase):
    """A plugin that never returns does not keep the server, whatever it was asked."""
    # Far more than it should take, far less than the plugin has (plugins.start_timeout, a minute).
    AT_MOST_SECONDS = 25

    def stop_during_reload_of(self, action, isolation):
        plugins = tempfile.TemporaryDirectory(prefix="cxscribe-e2e-")
        self.addCleanup(plugins.cleanup)
        for library in (os.path.join(BIN, "../lib/cxscribe/plugins/redaction.so"), os.environ["CXSCRIBE_HOSTILE"]):
            shutil.copy(library, plugins.name)
        entered = os.path.join(plugins.name, "entered")
        stack = Stack(more=f"plugins: {{directory: {plugins.name}}}\n"
                           "pipelines: {default: [{plugin: redaction.so}]}\n",
                      variables={"CXSCRIBE_FIXTURE_ENTERED": entered})
        self.addCleanup(stack.close)
        hostile = os.path.basename(os.environ["CXSCRIBE_HOSTILE"])
        rewrite(stack, ("default: [", f"default: [{{plugin: {hostile}, isolation: {isolation}, "
                                      f"config: {{do: {action}}}}}, "))
        caller = Program([program("cxctl"), "pipeline", "reload"], stack.path("reload.log"), env=stack.environment())
        self.addCleanup(caller.stop)
        deadline = time.monotonic() + PATIENCE
        while '"reload_started"' not in stack.server.log():
            self.assertLess(time.monotonic(), deadline)
        while isolation == "in_process" and not os.path.exists(entered):
            self.assertLess(time.monotonic(), deadline)
        began = time.monotonic()
        stack.server.process.send_signal(signal.SIGTERM)
        self.assertEqual(caller.wait(), 64 + grpc.StatusCode.UNAVAILABLE.value[0], caller.log())
        self.assertIn("shutting down", caller.log())
        self.assertEqual(stack.server.wait(), 0, stack.server.log())
        self.assertLess(time.monotonic() - began, self.AT_MOST_SECONDS)
        self.assertIn('"stopped"', stack.server.log())
        return stack.server.log()

    def test_a_worker_that_is_checked(self):
        self.assertNotIn('"reload_stuck"', self.stop_during_reload_of("validate_sleep", "process"))

    def test_a_worker_that_makes_its_instance(self):
        self.assertNotIn('"reload_stuck"', self.stop_during_reload_of("create_sleep", "process"))

    def test_code_in_the_server_itself(self):
        self.assertIn('"reload_stuck"', self.stop_during_reload_of("create_sleep", "in_process"))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""Runs the Python examples against cxctl_fake_server: python_examples_test.py FAKE_SERVER EXAMPLES."""
import json
import pathlib
import subprocess
import sys
import unittest

FAKE_SERVER, EXAMPLES = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))


class Examples(unittest.TestCase):
    def setUp(self):
        self.server = subprocess.Popen([FAKE_SERVER], stdout=subprocess.PIPE, text=True)
        self.address = "127.0.0.1:" + self.server.stdout.readline().strip()

    def tearDown(self):
        self.server.kill()
        self.server.communicate()

    def run_example(self, script, *arguments):
        return subprocess.run(
            [sys.executable, "-B", EXAMPLES / script, "--server", self.address, *arguments],
            capture_output=True, text=True, timeout=60, encoding="utf-8",
            env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"})

    def test_submits_watches_across_a_lost_stream_and_prints_the_result(self):
        done = self.run_example("submit_and_watch.py", "rec_1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines(), [
            "job_1",
            "QUEUED 0% (revision 1)",
            "TRANSCRIBING 50% (revision 2)",
            "SUCCEEDED 100% (revision 3)",
            "[00:00] agent: Grüße 👍, how can I help?",
            "[01:01] customer: 👍 my number is [PHONE].",
            "  PHONE in segment 1, characters 15 to 22 (masked): '[PHONE]'",
            "  vendor_redaction: FAIL",
            "  pii_redacted: PASS",
            "  diarization_applied: UNSPECIFIED",
            "  punctuation_restored: UNSPECIFIED",
        ])
        self.assertIn("resuming after revision 2", done.stderr)

    def test_resumes_a_watch(self):
        done = self.run_example("submit_and_watch.py", "--resume", "job_1@2")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("QUEUED", done.stdout)

    def test_prints_every_field_violation(self):
        done = self.run_example("submit_and_watch.py", "bad")
        self.assertEqual(done.returncode, 67)
        self.assertIn("  reason: INVALID_REQUEST\n  recording_ids: \"bad\" is bad\n  language: unknown",
                      done.stderr)

    def test_reflection_lists_services(self):
        done = self.run_example("reflection_client.py", "list")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cxscribe.v1.TranscriptionService", done.stdout.splitlines())

    def test_reflection_is_enough_to_call_a_method(self):
        done = self.run_example("reflection_client.py", "call",
                                "cxscribe.v1.TranscriptionService/GetJob", '{"job_id": "job_1"}')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["job"]["state"], "JOB_STATE_SUCCEEDED")
        done = self.run_example("reflection_client.py", "call",
                                "cxscribe.v1.TranscriptionService/GetJob", '{"job_id": "job_9"}')
        self.assertEqual(done.returncode, 69)

    def test_reflection_is_enough_to_submit_watch_and_get_the_result(self):
        done = self.run_example("reflection_client.py", "transcribe", "rec_1")
        self.assertEqual(done.returncode, 78, "the first stream of this server breaks: " + done.stderr)
        done = self.run_example("reflection_client.py", "transcribe", "rec_1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["compliance"]["pii_redacted"], "OUTCOME_PASS")


if __name__ == "__main__":
    unittest.main()

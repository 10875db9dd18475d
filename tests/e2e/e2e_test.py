#!/usr/bin/env python3
"""End to end: the programs as their users run them, against cxsim on loopback."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stack import BIN, CAUGHT, CLEAN, PATIENCE, SECRET, SOURCE, StackTest, program  # noqa: E402


class Transcripts(StackTest):
    def test_a_clean_call_passes(self):
        code, _, err = self.stack.cxctl("submit", CLEAN, "--label", "case=clean", "--watch")
        self.assertEqual(code, 0, err)
        _, out, _ = self.stack.cxctl("list", "--label", "case=clean", "-o", "jsonl")
        result = self.result(json.loads(out)["job_id"])
        self.assertEqual(result["status"], "completed")
        self.assertEqual(result["compliance"]["vendor_redaction"], "OUTCOME_PASS")
        self.assertEqual(result["compliance"]["pii_redacted"], "OUTCOME_PASS")
        self.assertEqual(result["compliance"]["punctuation_restored"], "OUTCOME_PASS")
        self.assertEqual(result["findings"], [])
        self.assertTrue(all(segment["text"] for segment in result["segments"]))
        self.assertTrue(result["segments"][0]["text"][0].isupper())
        self.assertEqual([stage["capability"] for stage in result["stages"]],
                         ["punctuation", "diarization", "redaction-verification"])
        for stage in result["stages"]:
            self.assertEqual(len(stage["plugin_sha256"]), 64)
            self.assertEqual(len(stage["input_sha256"]), 64)

    def test_a_missed_card_number_is_masked_and_reported(self):
        code, _, err = self.stack.cxctl("submit", CAUGHT, "--watch")
        self.assertEqual(code, 0, err)
        _, out, _ = self.stack.cxctl("list", "-o", "jsonl")
        result = self.result(json.loads(out)["job_id"])
        self.assertEqual(result["compliance"]["vendor_redaction"], "OUTCOME_FAIL")
        self.assertEqual(result["compliance"]["pii_redacted"], "OUTCOME_PASS")
        types = {finding["entity_type"] for finding in result["findings"]}
        self.assertIn("CREDIT_CARD", types)
        for finding in result["findings"]:
            self.assertTrue(finding["masked"])
            for span in finding["spans"]:
                text = result["segments"][span["segment_index"]]["text"].encode()
                self.assertEqual(text[span["begin"]:span["end"]].decode(), f"[{finding['entity_type']}]")

    def test_several_recordings_are_one_ordered_transcript(self):
        job = self.stack.submit("rec_complaint", "rec_identity_check")
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 0, err)
        recordings = [segment["recording_id"] for segment in self.result(job)["segments"]]
        self.assertEqual(recordings, sorted(recordings, key=["rec_complaint", "rec_identity_check"].index))
        self.assertEqual(set(recordings), {"rec_complaint", "rec_identity_check"})

    def test_policy_none_checks_nothing_and_says_so(self):
        job = self.stack.submit(CAUGHT, "--redaction-policy", "none")
        self.stack.cxctl("wait", job)
        compliance = self.result(job)["compliance"]
        self.assertEqual(compliance["vendor_redaction"], "OUTCOME_NOT_RUN")
        self.assertEqual(compliance["pii_redacted"], "OUTCOME_NOT_RUN")

    def test_stages_can_be_asked_off(self):
        job = self.stack.submit(CLEAN, "--no-punctuation", "--no-diarization")
        self.stack.cxctl("wait", job)
        compliance = self.result(job)["compliance"]
        self.assertEqual(compliance["punctuation_restored"], "OUTCOME_NOT_RUN")
        self.assertEqual(compliance["diarization_applied"], "OUTCOME_NOT_RUN")
        self.assertEqual(compliance["pii_redacted"], "OUTCOME_PASS")

    def test_the_audit_log_holds_what_the_result_anchors(self):
        job = self.stack.submit(CAUGHT)
        self.stack.cxctl("wait", job)
        anchor = self.result(job)["audit"]
        self.stack.server.stop()
        self.stack.server = None
        code, out, err = self.stack.cxctl("audit", "verify", self.stack.path("audit.jsonl"))
        self.assertEqual(code, 0, out + err)
        with open(self.stack.path("audit.jsonl"), encoding="utf-8") as log:
            entries = [json.loads(line) for line in log]
        entry = entries[int(anchor["sequence"]) - 1]
        self.assertEqual(entry["hash"], anchor["head_hash"])
        self.assertEqual(entry["job_id"], job)
        self.assertEqual(entry["compliance_flags"],
                         {"pii_redacted": True, "diarization_applied": True, "punctuation_restored": True})
        with open(self.stack.path("audit.jsonl"), "r+", encoding="utf-8") as log:
            text = log.read()
            log.seek(0)
            log.write(text.replace('"completed"', '"completeD"', 1))
        code, out, err = self.stack.cxctl("audit", "verify", self.stack.path("audit.jsonl"))
        self.assertNotEqual(code, 0, "a changed entry must not verify")


class OwnTranscripts(StackTest):
    """cxsim --transcripts: files that say no more than they must."""
    FILES = {
        "rec_own_bare": {"results": [
            {"text": "good morning", "startOffsetMs": 0, "endOffsetMs": 900},
            {"text": "my card number is four one one one one one one one one one one one one one one one",
             "startOffsetMs": 1000, "endOffsetMs": 9000}]},
        "rec_own_mixed": {"results": [
            {"text": "how can i help you", "speakerLabels": ["agent"], "confidence": 0.5,
             "startOffsetMs": 10, "endOffsetMs": 1200,
             "words": [{"text": word, "startOffsetMs": 10 + 200 * at, "endOffsetMs": 200 + 200 * at}
                       for at, word in enumerate("how can i help you".split())]},
            {"text": "i want to close my account", "speakerLabels": [], "startOffsetMs": 1300,
             "endOffsetMs": 2600}]},
    }

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="cxscribe-e2e-")
        self.addCleanup(folder.cleanup)
        for recording, transcript in self.FILES.items():
            with open(os.path.join(folder.name, recording + ".json"), "w", encoding="utf-8") as file:
                json.dump(transcript, file)
        self.stack_arguments = {"sim_arguments": ("--transcription-time", "300ms", "--transcripts", folder.name)}
        super().setUp()

    def test_a_job_over_them_is_watched_to_its_end_and_verified(self):
        job = self.stack.submit("rec_own_mixed", "rec_own_bare")
        follow = self.stack.follow(job)
        code = follow.wait()
        follow.process.stdout.close()
        states = [json.loads(line)["state"] for line in follow.rest.splitlines()]
        self.assertEqual(states[-1], "JOB_STATE_SUCCEEDED")
        self.assertEqual(code, 4, "not everybody could be told apart")
        self.assertIn("diarization_applied INCONCLUSIVE", follow.log())
        result = self.result(job)
        self.assertNotIn("accuracy_score", result, "nobody said it, and missing is not 0")
        segments = result["segments"]
        self.assertEqual([segment["recording_id"] for segment in segments],
                         ["rec_own_mixed"] * 2 + ["rec_own_bare"] * 2)
        self.assertEqual(segments[0]["confidence"], 0.5)
        self.assertEqual(segments[0]["speaker"], "agent")
        self.assertEqual([word["text"].strip("?.,").lower() for word in segments[0]["words"]],
                         "how can i help you".split())
        for segment in segments[1:]:
            self.assertNotIn("confidence", segment)
            self.assertEqual(segment["speaker"], "unknown", "nobody said who speaks")
            self.assertEqual(segment["words"], [])
            self.assertGreater(segment["end_ms"], segment["start_ms"])
        self.assertIn("[CREDIT_CARD]", segments[3]["text"])
        self.assertNotIn("one one", segments[3]["text"])
        self.assertEqual(result["compliance"]["vendor_redaction"], "OUTCOME_FAIL")
        self.assertEqual(result["compliance"]["pii_redacted"], "OUTCOME_PASS")

    def test_a_bad_file_is_named_before_anything_starts(self):
        with tempfile.TemporaryDirectory(prefix="cxscribe-e2e-") as folder:
            with open(os.path.join(folder, "rec_bad.json"), "w", encoding="utf-8") as file:
                json.dump({"results": [{"text": "no times"}]}, file)
            done = subprocess.run([program("cxsim"), "--transcripts", folder], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("rec_bad.json", done.stderr)
        self.assertIn("startOffsetMs", done.stderr)


class Failures(StackTest):
    def failed(self, *recordings):
        job = self.stack.submit(*recordings)
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 3, err)
        error = self.job(job)["error"]
        reason = next(detail["reason"] for detail in error["details"] if "reason" in detail)
        return reason, error["message"]

    def test_every_bad_recording_is_named(self):
        job = self.stack.submit("rec_unsupported", "rec_nowhere", "rec_huge")
        self.assertEqual(self.stack.cxctl("wait", job)[0], 3)
        error = json.dumps(self.job(job)["error"])
        self.assertIn("RECORDINGS_INVALID", error)
        for part in ("rec_unsupported", "rec_nowhere", "601 MiB together"):
            self.assertIn(part, error)

    def test_a_transcription_that_fails_upstream(self):
        self.assertEqual(self.failed("rec_failing")[0], "UPSTREAM_FAILED")

    def test_a_rejected_submission(self):
        self.stack.add_fault({"kind": "status", "route": "submit", "status": 400})
        self.assertEqual(self.failed(CLEAN)[0], "UPSTREAM_REJECTED")

    def test_missing_roles(self):
        self.stack.add_fault({"kind": "status", "route": "submit", "status": 403})
        reason, message = self.failed(CLEAN)
        self.assertEqual(reason, "UPSTREAM_FORBIDDEN")
        self.assertIn("Voice: Transcribe", message)

    def test_answers_that_stay_malformed(self):
        for fault, word in (({"kind": "malformed_json"}, "ends in the middle"),
                            ({"kind": "wrong_shape", "set": {"/status": 7}}, "status"),
                            ({"kind": "invalid_utf8"}, "UTF-8"),
                            ({"kind": "unknown_status", "value": "paused"}, "status")):
            with self.subTest(fault=fault["kind"]):
                self.stack.clear_faults()
                self.stack.add_fault({**fault, "route": "poll"})
                reason, message = self.failed(CLEAN)
                self.assertEqual(reason, "UPSTREAM_MALFORMED")
                self.assertIn("polling", message)
                self.assertIn(word, message)
                self.assertEqual(self.stack.cxctl("list")[0], 0, "the server lives")

    def test_a_recording_that_cxone_leaves_out_is_named(self):
        self.stack.add_fault({"kind": "omit_recording", "recordings": [CAUGHT]})
        reason, message = self.failed(CLEAN, CAUGHT)
        self.assertEqual(reason, "RECORDINGS_INVALID")
        self.assertIn(CAUGHT, message)

    def test_a_huge_answer_is_refused_and_the_server_lives(self):
        self.stack.add_fault({"kind": "huge_body", "route": "poll", "mib": 100})
        self.assertEqual(self.failed(CLEAN)[0], "UPSTREAM_MALFORMED")

    def test_what_passes_is_outlasted(self):
        self.stack.add_fault([
            {"kind": "status", "route": "submit", "status": 503, "times": 2},
            {"kind": "status", "route": "poll", "status": 429, "retry_after": "1s", "times": 1},
            {"kind": "reset", "route": "poll", "times": 2},
            {"kind": "malformed_json", "route": "recordings", "times": 1},
            {"kind": "revoke_tokens", "route": "poll", "calls": 2},
            {"kind": "progress_back", "route": "poll", "calls": [3]},
        ])
        job = self.stack.submit(CLEAN)
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(self.stack.sim_state()["transcriptions"]), 1)

    def test_a_submission_that_nobody_heard_of_is_not_made_twice(self):
        self.stack.add_fault({"kind": "reset", "route": "submit", "processed": True, "times": 1})
        job = self.stack.submit(CLEAN)
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 0, err)
        self.assertEqual(len(self.stack.sim_state()["transcriptions"]), 1)

    def test_readiness_shows_a_degraded_upstream(self):
        self.stack.add_fault({"kind": "status", "route": "any", "status": 503})
        job = self.stack.submit(CLEAN)
        follow = self.stack.follow(job)
        while json.loads(follow.line())["state"] != "JOB_STATE_VALIDATING":
            pass
        # The first answer of 503 is only moments away; the endpoint never blocks, so ask until it shows.
        for _ in range(10_000):
            status, text = self.stack.operators("/readyz")
            self.assertEqual(status, 200, "a degraded upstream is no reason to be unready")
            if "degraded" in text:
                break
        self.assertIn("degraded", text)
        follow.stop(signal.SIGKILL)


class Restart(StackTest):
    stack_arguments = {"sim_arguments": ("--transcription-time", "1h")}

    def test_a_job_survives_kill_9_and_its_watcher_resumes(self):
        job = self.stack.submit(CLEAN)
        follow = self.stack.follow(job)
        seen = []
        while True:
            seen.append(json.loads(follow.line()))
            if seen[-1]["transcription_id"]:
                break
        self.stack.server.stop(signal.SIGKILL)
        self.stack.start_server()
        request = json.dumps({"by": "2h"}).encode()
        urllib.request.urlopen(urllib.request.Request(
            self.stack.sim_url + "/admin/advance", data=request, headers={"Content-Type": "application/json"},
            method="POST"), timeout=PATIENCE).close()
        self.assertEqual(follow.wait(), 0, follow.log())
        seen += [json.loads(line) for line in follow.rest.splitlines()]
        follow.process.stdout.close()
        self.assertEqual(seen[-1]["state"], "JOB_STATE_SUCCEEDED")
        revisions = [int(update["revision"]) for update in seen]
        self.assertEqual(revisions, sorted(revisions), "no revision goes back")
        self.assertEqual(len(self.stack.sim_state()["transcriptions"]), 1, "one transcription at CXone")
        with open(self.stack.path("audit.jsonl"), encoding="utf-8") as log:
            self.assertEqual(len(log.readlines()), 1, "one end")


class Drain(StackTest):
    stack_arguments = {"sim_arguments": ("--transcription-time", "1h")}

    def test_sigterm_ends_in_time_and_the_job_goes_on_afterwards(self):
        job = self.stack.submit(CLEAN)
        follow = self.stack.follow(job)
        while not json.loads(follow.line())["transcription_id"]:
            pass
        code, _, _ = self.stack.cxctl("pipeline", "list")
        self.assertEqual(code, 0)
        self.assertEqual(self.stack.server.stop(signal.SIGTERM), 0, self.stack.server.log())
        self.assertNotIn("drain_incomplete", self.stack.server.log())
        done = subprocess.run([program("cxscribed"), "--config", self.stack.config, "--validate"],
                              capture_output=True, text=True, timeout=PATIENCE, check=False,
                              env={**os.environ, "CXSCRIBE_TEST_SECRET": SECRET})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.stack.start_server()
        code, _, err = self.stack.cxctl("cancel", job)
        self.assertEqual(code, 0, err)
        self.assertEqual(follow.wait(), 6, follow.log())
        self.assertEqual(json.loads(follow.rest.splitlines()[-1])["state"], "JOB_STATE_CANCELLED")
        self.assertIn("shutting down", follow.log())
        follow.process.stdout.close()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.put((dict(self.headers), body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        self.send_response(status)
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Webhook(StackTest):
    signing_secret = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
    stack_arguments = {"more": "webhook: {signing_secret: whsec_" + signing_secret +
                               ", allow_http: true, allow_private_networks: true, retry_schedule: [1s, 1s, 1s]}"}

    def test_it_is_signed_retried_and_never_goes_upstream(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        server.received = queue.Queue()
        server.statuses = [503, 500]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/hook?token=abc"
        job = self.stack.submit(CAUGHT, "--webhook-url", url)
        attempts = [server.received.get(timeout=PATIENCE) for _ in range(3)]
        self.assertEqual(len({headers["webhook-id"] for headers, _ in attempts}), 1)
        for headers, body in attempts:
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            digest = hmac.new(base64.b64decode(self.signing_secret), signed, hashlib.sha256).digest()
            self.assertEqual(headers["webhook-signature"], "v1," + base64.b64encode(digest).decode())
        message = json.loads(attempts[0][1])
        self.assertEqual(message["type"], "job.succeeded")
        self.assertEqual(message["data"]["job_id"], job)
        upstream = json.dumps(self.stack.sim_requests())
        self.assertNotIn("/hook", upstream)
        self.assertNotIn("webhook_url", upstream)


class Clients(StackTest):
    def python(self, script, *arguments):
        path = os.path.join(SOURCE, "docs", "examples", "python", script)
        return subprocess.run([sys.executable, path, "--server", f"127.0.0.1:{self.stack.port}", *arguments],
                              capture_output=True, text=True, timeout=PATIENCE, check=False)

    def test_a_client_that_only_knows_reflection(self):
        done = self.python("reflection_client.py", "transcribe", CLEAN)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("OUTCOME_PASS", done.stdout)

    def test_the_python_example(self):
        done = self.python("submit_and_watch.py", CLEAN)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("agent", done.stdout)


class Secrets(StackTest):
    def test_neither_secrets_nor_tokens_nor_text_reach_the_logs(self):
        self.stack.add_fault([{"kind": "status", "route": "poll", "status": 503, "times": 2},
                              {"kind": "revoke_tokens", "route": "poll", "calls": 2}])
        job = self.stack.submit(CAUGHT)
        code, _, err = self.stack.cxctl("wait", job)
        self.assertEqual(code, 0, err)
        _, metrics = self.stack.operators("/metrics")
        tokens = {value.split()[-1] for request in self.stack.sim_requests()["requests"]
                  for name, value in request["headers"] if name.lower() == "authorization"}
        self.assertGreaterEqual(len(tokens), 2, "one, and a fresh one after it was revoked")
        with open(os.path.join(SOURCE, "tests", "sim", "calls", "rec_card_payment.json"), encoding="utf-8") as call:
            texts = [result["text"] for result in json.load(call)["results"]]
        texts += [segment["text"] for segment in self.result(job)["segments"]]
        texts = [text for text in texts if len(text) > 25]
        self.assertGreater(len(texts), 10)
        log = self.stack.server.log()
        self.assertIn(job, log)
        for secret in [SECRET, *tokens, *texts]:
            self.assertNotIn(secret, log)
            self.assertNotIn(secret.lower(), log.lower())
            self.assertNotIn(secret, metrics)
        for line in log.splitlines():
            entry = json.loads(line)
            if entry["event"] in ("job_submitted", "job_ended"):
                self.assertEqual(len(entry["trace_id"]), 32)


class Startup(unittest.TestCase):
    def validate(self, text):
        with tempfile.TemporaryDirectory(prefix="cxscribe-e2e-") as folder:
            path = os.path.join(folder, "cxscribe.yaml")
            with open(path, "w", encoding="utf-8") as config:
                config.write(text)
            done = subprocess.run([program("cxscribed"), "--config", path, "--validate"], capture_output=True,
                                  text=True, timeout=PATIENCE, check=False)
            return done.returncode, done.stdout, done.stderr.replace(path, "F")

    GOOD = ("cxone: {accounts: {default: {base_url: 'https://x.example', client_id: a, client_secret: b}}}\n"
            "storage: {path: jobs.db}\n"
            "audit: {path: audit.jsonl}\n")

    def test_a_good_file_is_valid(self):
        code, out, err = self.validate(self.GOOD)
        self.assertEqual(code, 0, err)
        self.assertIn("valid", out)

    def test_files_that_could_not_be_written_are_reported(self):
        code, _, err = self.validate(self.GOOD.replace("path: jobs.db", "path: cxscribe.yaml/jobs.db")
                                     .replace("path: audit.jsonl", "path: cxscribe.yaml/audit.jsonl"))
        self.assertEqual(code, 1)
        self.assertIn("F:2:17: storage.path", err)
        self.assertIn("F:3:15: audit.path", err)

    def test_all_errors_are_reported_with_their_places(self):
        code, _, err = self.validate(self.GOOD.replace("storage:", "storag:") +
                                     "pipelines:\n"
                                     "  default:\n"
                                     "    - plugin: nonesuch.so\n"
                                     "    - plugin: redaction.so\n"
                                     "      isolation: container\n"
                                     "      timeout: soon\n")
        self.assertEqual(code, 1)
        for place in ("F:2:1:", "F:6:15: ", "F:8:18:", "F:9:16:"):
            self.assertIn(place, err)
        self.assertIn("nonesuch.so", err, "one kind of error does not hide another")

    def test_a_plugin_that_cannot_be_loaded_is_refused_at_its_line(self):
        code, _, err = self.validate(self.GOOD + "pipelines:\n  default:\n    - plugin: nonesuch.so\n")
        self.assertEqual(code, 1)
        self.assertIn("F:6:15:", err)
        self.assertIn("nonesuch.so", err)

    def test_every_program_tells_its_version(self):
        for name in ("cxscribed", "cxctl", "cxsim"):
            done = subprocess.run([os.path.join(BIN, name), "--version"], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout, name + r" \d+\.\d+\.\d+")


if __name__ == "__main__":
    unittest.main()

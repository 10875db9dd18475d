#!/usr/bin/env python3
"""End to end: a plugin that kills its worker, in a server full of jobs."""
import collections
import json
import os
import shutil
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stack import BIN, PATIENCE, SOURCE, Stack  # noqa: E402

sys.path.insert(0, os.path.join(SOURCE, "docs", "examples", "python"))
import cxscribe_api  # noqa: E402

JOBS = 1000
# One job in so many has the word that makes the plugin crash.
POISONED = 10


def words(*texts):
    """A transcript in CXone's form."""
    return {"results": [{"text": text, "speakerLabels": ["agent" if i % 2 == 0 else "customer"], "confidence": 0.9,
                         "startOffsetMs": i * 2000, "endOffsetMs": i * 2000 + 1500} for i, text in enumerate(texts)]}


class Isolation(unittest.TestCase):
    def setUp(self):
        """cxsim with two calls, and a pipeline whose first stage crashes over one of them."""
        self.transcripts = self.folder()
        plugins = self.folder()
        for name, texts in (("rec_healthy", ("thank you for calling", "hello i have a question about my bill")),
                            ("rec_poisoned", ("thank you for calling", "this is poison to the plugin"))):
            with open(os.path.join(self.transcripts, name + ".json"), "w", encoding="utf-8") as file:
                json.dump(words(*texts), file)
        for library in (os.path.join(BIN, "../lib/cxscribe/plugins/redaction.so"), os.environ["CXSCRIBE_HOSTILE"]):
            shutil.copy(library, plugins)
        self.stack = Stack(
            sim_arguments=("--transcripts", self.transcripts, "--transcription-time", "200ms"),
            more=f"plugins: {{directory: {plugins}}}\n"
                 "pipelines:\n"
                 "  default:\n"
                 f"    - {{plugin: {os.path.basename(os.environ['CXSCRIBE_HOSTILE'])}, stage: crasher, instances: 2,\n"
                 "       config: {do: poison}}\n"
                 "    - {plugin: redaction.so, stage: redaction-verification, instances: 2}\n"
                 "  stuck:\n"
                 f"    - {{plugin: {os.path.basename(os.environ['CXSCRIBE_HOSTILE'])}, stage: sleeper, timeout: 10m,\n"
                 "       config: {do: sleep}}\n"
                 "jobs: {max_active: 1000}\n")
        self.addCleanup(self.stack.close)

    def folder(self):
        folder = tempfile.TemporaryDirectory(prefix="cxscribe-e2e-")
        self.addCleanup(folder.cleanup)
        return folder.name

    def workers(self):
        children = set()
        for task in os.listdir(f"/proc/{self.stack.server.process.pid}/task"):
            with open(f"/proc/{self.stack.server.process.pid}/task/{task}/children", encoding="ascii") as file:
                children.update(file.read().split())
        return children

    def descriptors(self):
        """What the server holds open of workers and plugins; its network connections come and go."""
        folder = f"/proc/{self.stack.server.process.pid}/fd"
        kinds = collections.Counter()
        for name in os.listdir(folder):
            try:
                target = os.readlink(os.path.join(folder, name))
                kinds["pipe" if target.startswith("pipe:") else target.split(":")[-1]] += 1
            except FileNotFoundError:
                pass
        return {kind: count for kind, count in kinds.items() if kind == "pipe" or "pidfd" in kind or "memfd" in kind}

    def test_a_plugin_that_hangs_holds_up_no_other_pipeline(self):
        api = cxscribe_api.load()
        jobs = api.TranscriptionService(cxscribe_api.connect(f"127.0.0.1:{self.stack.port}"))

        def submit(pipeline):
            request = api.SubmitRequest(recording_ids=["rec_healthy"], pipeline=pipeline)
            return jobs.Submit(request, timeout=PATIENCE).job.job_id

        def states(of):
            return [jobs.GetJob(api.GetJobRequest(job_id=job), timeout=PATIENCE).job.state for job in of]

        # More than there are threads.
        stuck = [submit("stuck") for _ in range(4 * os.cpu_count())]
        deadline = time.monotonic() + PATIENCE
        while set(states(stuck)) != {api.JOB_STATE_PROCESSING}:
            self.assertLess(time.monotonic(), deadline)
        healthy = submit("default")
        self.assertEqual(self.stack.cxctl("wait", healthy)[0], 0)
        self.assertEqual(set(states(stuck)), {api.JOB_STATE_PROCESSING})
        for job in stuck:
            jobs.CancelJob(api.CancelJobRequest(job_id=job), timeout=PATIENCE)

    def test_a_thousand_jobs_of_which_one_in_ten_kills_its_worker(self):
        api = cxscribe_api.load()
        jobs = api.TranscriptionService(cxscribe_api.connect(f"127.0.0.1:{self.stack.port}"))
        pid = self.stack.server.process.pid
        workers = len(self.workers())
        descriptors = self.descriptors()
        wanted = {}
        for i in range(JOBS):
            poisoned = i % POISONED == 0
            request = api.SubmitRequest(recording_ids=["rec_poisoned" if poisoned else "rec_healthy"])
            wanted[jobs.Submit(request, timeout=PATIENCE).job.job_id] = poisoned
        ends = {}
        watch = api.WatchRequest(targets=[api.WatchTarget(job_id=job) for job in wanted])
        for response in jobs.Watch(watch, timeout=150):
            if response.WhichOneof("event") == "job":
                ends[response.job.job_id] = response.job
        self.assertEqual(len(ends), JOBS)
        for job, poisoned in wanted.items():
            if not poisoned:
                self.assertEqual(ends[job].state, api.JOB_STATE_SUCCEEDED, ends[job].error.message)
                continue
            self.assertEqual(ends[job].state, api.JOB_STATE_FAILED)
            for part in ("crasher", "hostile", "SIGSEGV"):
                self.assertIn(part, ends[job].error.message)
        self.assertEqual(self.stack.server.process.poll(), None)
        self.assertEqual(self.stack.server.process.pid, pid, "the server has lived through it all")
        # The last worker that died may still be on its way back. One that succeeds shows that all is well.
        last = jobs.Submit(api.SubmitRequest(recording_ids=["rec_healthy"]), timeout=PATIENCE).job.job_id
        self.assertEqual(self.stack.cxctl("wait", last)[0], 0)
        deadline = time.monotonic() + PATIENCE
        while self.stack.cxctl("plugin", "list", "-o", "json")[1].count('"PLUGIN_HEALTH_OK"') != 2:
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(len(self.workers()), workers, "each worker that died was replaced, none is left over")
        self.assertEqual(self.descriptors(), descriptors)


if __name__ == "__main__":
    unittest.main()

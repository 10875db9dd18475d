"""cxsim and cxscribed as child processes on loopback, for end-to-end tests. Nothing here sleeps: it waits for lines."""
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

BIN = os.environ["CXSCRIBE_BIN"]
SOURCE = os.environ["CXSCRIBE_SOURCE"]
SECRET = "an-unmistakable-client-secret"
# Every wait has a deadline: how long a program may take for anything it is asked.
PATIENCE = 60

# Two of cxsim's sample calls.
CLEAN = "rec_8a7f3b2c1d4e"
CAUGHT = "rec_1b2c3d4e5f6a"

CONFIG = """
listen: {{grpc: "127.0.0.1:0", metrics: "127.0.0.1:0"{listen}}}
cxone:
  accounts:
    default:
      base_url: {sim}
      client_id: demo
      client_secret: ${{CXSCRIBE_TEST_SECRET}}
      idempotency: {idempotency}
      budget: {{requests: 100000, per: 1m}}
      retry: {{initial_backoff: 20ms, max_backoff: 200ms}}
      poll: {{min_interval: 50ms, max_interval: 100ms}}
storage: {{path: jobs.db}}
audit: {{path: audit.jsonl}}
{more}
"""


def program(name):
    return os.path.join(BIN, name)


class Program:
    """A child process whose standard output is read line by line; standard error goes to a file."""

    def __init__(self, arguments, log, env=None):
        self.log_path = log
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=errors,
                                            stdin=subprocess.DEVNULL, text=True, env={**os.environ, **(env or {})})
        self.deadline = threading.Timer(PATIENCE, self.process.kill)
        self.deadline.daemon = True
        self.deadline.start()

    def line(self):
        """The next line; fails when the program ends (or is ended, for taking too long) without one."""
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"{self.process.args[0]} ended with {self.process.returncode}: {self.log()[-2000:]}")
        return line.rstrip("\n")

    def wait(self):
        """The exit code, after everything was read."""
        self.rest = self.process.stdout.read()
        code = self.process.wait()
        self.deadline.cancel()
        return code

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.wait()
        self.process.stdout.close()
        return code

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()


class Stack:
    """One cxsim and one cxscribed with a folder of their own."""

    def __init__(self, sim_arguments=("--transcription-time", "300ms"), idempotency="header", more="", listen="",
                 variables=None):
        self.folder = tempfile.TemporaryDirectory(prefix="cxscribe-e2e-")
        self.dir = self.folder.name
        self.sim = Program([program("cxsim"), "--client-secret", SECRET, *sim_arguments], self.path("cxsim.log"))
        self.sim_url = self.sim.line()
        self.port = self.metrics_port = 0
        self.config = self.path("cxscribe.yaml")
        with open(self.config, "w", encoding="utf-8") as config:
            config.write(CONFIG.format(sim=self.sim_url, idempotency=idempotency, more=more, listen=listen))
        self.variables = {"CXSCRIBE_TEST_SECRET": SECRET, **(variables or {})}
        self.server = None
        try:
            self.start_server()
        except BaseException:
            self.close()
            raise

    def path(self, name):
        return os.path.join(self.dir, name)

    def start_server(self):
        """Starts on free ports the first time, and where it was known from then on."""
        self.server = Program([program("cxscribed"), "--config", self.config, "--log-level", "debug",
                               "--set", f"listen.grpc=127.0.0.1:{self.port}",
                               "--set", f"listen.metrics=127.0.0.1:{self.metrics_port}"],
                              self.path("cxscribed.log"), env=self.variables)
        ready = self.server.line()
        ports = re.search(r"grpc_port=(\d+) metrics_port=(\d+)", ready)
        assert ports, ready
        assert self.port in (0, int(ports[1])), ready
        self.port, self.metrics_port = int(ports[1]), int(ports[2])

    def close(self):
        for running in (self.server, self.sim):
            if running is not None:
                running.stop()
        self.folder.cleanup()

    def environment(self):
        return {**os.environ, "CXSCRIBE_SERVER": f"127.0.0.1:{self.port}", "XDG_CONFIG_HOME": self.dir,
                "NO_COLOR": "1"}

    def cxctl(self, *arguments, stdin=None):
        """Runs cxctl to its end: (exit code, standard output, standard error)."""
        done = subprocess.run([program("cxctl"), *arguments], input=stdin, capture_output=True, text=True,
                              timeout=PATIENCE, env=self.environment(), check=False)
        return done.returncode, done.stdout, done.stderr

    def submit(self, *arguments):
        """Submits and returns the job id."""
        code, out, err = self.cxctl("submit", *arguments)
        assert code == 0, err
        return out.strip().splitlines()[-1]

    def follow(self, job, *arguments):
        """A cxctl watch in the background; each line is a job as JSON."""
        return Program([program("cxctl"), "watch", job, "-o", "jsonl", *arguments], self.path("watch.log"),
                       env=self.environment())

    def sim_state(self):
        with urllib.request.urlopen(self.sim_url + "/admin/state", timeout=PATIENCE) as answer:
            return json.load(answer)

    def sim_requests(self):
        with urllib.request.urlopen(self.sim_url + "/admin/requests", timeout=PATIENCE) as answer:
            return json.load(answer)

    def add_fault(self, fault):
        request = urllib.request.Request(self.sim_url + "/admin/faults", data=json.dumps(fault).encode(),
                                         headers={"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert answer.status in (200, 201), answer.status

    def clear_faults(self):
        request = urllib.request.Request(self.sim_url + "/admin/faults", method="DELETE")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            assert answer.status in (200, 204), answer.status

    def operators(self, path):
        """(status, text) of the operators' endpoint."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}{path}", timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class StackTest(unittest.TestCase):
    """A test with a Stack of its own."""
    stack_arguments = {}

    def setUp(self):
        self.stack = Stack(**self.stack_arguments)
        self.addCleanup(self.stack.close)

    def result(self, job):
        code, out, err = self.stack.cxctl("result", job, "-o", "json")
        self.assertIn(code, (0, 4, 5), err)
        return json.loads(out)

    def job(self, job):
        code, out, err = self.stack.cxctl("get", job, "-o", "json")
        self.assertEqual(code, 0, err)
        answer = json.loads(out)
        return answer.get("job", answer)

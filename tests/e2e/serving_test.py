#!/usr/bin/env python3
"""End to end: how the server is reached over TLS, and how it goes."""
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

import grpc

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stack import CLEAN, PATIENCE, Stack, StackTest  # noqa: E402

UNAVAILABLE = 64 + grpc.StatusCode.UNAVAILABLE.value[0]


class Tls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="cxscribe-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        subprocess.run([os.environ["CXSCRIBE_CERTIFICATES"], self.folder], check=True, timeout=PATIENCE)

    def file(self, name):
        return os.path.join(self.folder, name)

    def serve(self, client_ca=None):
        tls = f'certificate_file: "{self.file("server.pem")}", key_file: "{self.file("server.key")}"'
        if client_ca is not None:
            tls += f', client_ca_file: "{self.file(client_ca)}"'
        stack = Stack(listen=", tls: {" + tls + "}")
        self.addCleanup(stack.close)
        return stack

    def flags(self, ca="ca.pem", client=None):
        flags = ["--tls-ca", self.file(ca)]
        if client is not None:
            flags += ["--tls-cert", self.file(client + ".pem"), "--tls-key", self.file(client + ".key")]
        return flags

    def audit_actors(self, stack):
        stack.server.stop()
        stack.server = None
        with open(stack.path("audit.jsonl"), encoding="utf-8") as log:
            return {json.loads(line)["actor"] for line in log}

    def refused(self, stack, flags):
        code, out, err = stack.cxctl("--timeout", "20s", "list", *flags)
        self.assertEqual(code, UNAVAILABLE, out + err)
        self.assertEqual(out, "")

    def test_a_client_with_a_certificate_is_served_and_named_in_the_audit_log(self):
        stack = self.serve(client_ca="ca.pem")
        code, _, err = stack.cxctl("submit", CLEAN, "--watch", *self.flags(client="client"))
        self.assertEqual(code, 0, err)
        code, out, err = stack.cxctl("list", "-o", "jsonl", *self.flags(client="client"))
        self.assertEqual(code, 0, err)
        job = json.loads(out)["job_id"]
        code, out, err = stack.cxctl("result", job, "-o", "json", *self.flags(client="client"))
        self.assertEqual(code, 0, err)
        self.assertEqual(json.loads(out)["status"], "completed")
        self.assertEqual(self.audit_actors(stack), {"claims-service"})

    def test_where_a_client_ca_is_set_nobody_else_is_served(self):
        stack = self.serve(client_ca="ca.pem")
        for flags in (self.flags(), self.flags(client="stranger")):
            with self.subTest(flags=flags):
                self.refused(stack, flags)
        self.refused(stack, ["--plaintext"])
        code, out, err = stack.cxctl("list", "-o", "jsonl", *self.flags(client="client"))
        self.assertEqual((code, out), (0, ""), err)

    def test_a_client_refuses_a_server_of_another_authority(self):
        stack = self.serve()
        self.refused(stack, self.flags(ca="other_ca.pem"))

    def test_without_a_client_ca_no_certificate_is_needed_and_nobody_is_named(self):
        stack = self.serve()
        for flags in (self.flags(), self.flags(client="client")):
            code, _, err = stack.cxctl("submit", CLEAN, "--watch", *flags)
            self.assertEqual(code, 0, err)
        self.assertEqual(self.audit_actors(stack), {"anonymous"})


def field(number, value):
    """A protobuf field of bytes."""
    return bytes([number << 3 | 2, len(value)]) + value


def watch_request(job):
    return field(1, field(1, job.encode()))


class StuckWatcher:
    """A Watch whose reader gives the server no room to write into: an HTTP/2 client with a window of 0."""
    HEADERS, SETTINGS = 1, 4

    def __init__(self, port, job):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.stream = self.socket.makefile("rb")
        headers = {":method": "POST", ":scheme": "http", ":path": "/cxscribe.v1.TranscriptionService/Watch",
                   ":authority": "localhost", "content-type": "application/grpc", "te": "trailers"}
        # Literals that are not indexed (RFC 7541, 6.2.2).
        block = b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
                         for name, value in headers.items())
        request = watch_request(job)
        self.socket.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" +
                            self.frame(self.SETTINGS, 0, 0, struct.pack(">HI", 4, 0)) +
                            self.frame(self.HEADERS, 4, 1, block) +
                            self.frame(0, 1, 1, struct.pack(">BI", 0, len(request)) + request))

    @staticmethod
    def frame(kind, flags, stream, payload):
        return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload

    def wait_until_answered(self):
        """Returns once the server has begun its answer; it has a message to write by then."""
        while True:
            head = self.stream.read(9)
            assert len(head) == 9, "the server hung up"
            self.stream.read(int.from_bytes(head[:3], "big"))
            kind, flags = head[3], head[4]
            if kind == self.SETTINGS and not flags & 1:
                self.socket.sendall(self.frame(self.SETTINGS, 1, 0, b""))
            if kind == self.HEADERS:
                return

    def close(self):
        self.stream.close()
        self.socket.close()


class Draining(StackTest):
    DRAIN_SECONDS = 4
    stack_arguments = {"sim_arguments": ("--transcription-time", "1h"),
                       "more": f"server: {{drain_timeout: {DRAIN_SECONDS}s}}"}
    SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"

    def test_everybody_is_told_and_one_who_does_not_read_holds_nothing_up(self):
        job = self.stack.submit(CLEAN)
        with grpc.insecure_channel(f"127.0.0.1:{self.stack.port}") as channel:
            health = channel.unary_stream("/grpc.health.v1.Health/Watch")(
                field(1, b"cxscribe.v1.TranscriptionService"), timeout=PATIENCE)
            self.assertEqual(next(health), self.SERVING)
            watch = channel.unary_stream("/cxscribe.v1.TranscriptionService/Watch")(
                watch_request(job), timeout=PATIENCE)
            self.assertIn(job.encode(), next(watch))
            stuck = StuckWatcher(self.stack.port, job)
            self.addCleanup(stuck.close)
            stuck.wait_until_answered()
            self.assertEqual(self.stack.operators("/readyz")[0], 200)

            began = time.monotonic()
            self.stack.server.process.send_signal(signal.SIGTERM)
            self.assertEqual(next(health), self.NOT_SERVING)
            # The two that are still connected keep the server until its time is up.
            status, text = self.stack.operators("/readyz")
            self.assertEqual(status, 503)
            self.assertIn("draining", text)
            with self.assertRaises(grpc.RpcError) as ended:
                for _ in watch:
                    pass
            error = ended.exception
            self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE, error.details())
            details = dict(error.trailing_metadata())["grpc-status-details-bin"]
            # RetryInfo {retry_delay {seconds: N}}
            self.assertRegex(details, re.compile(rb"google\.rpc\.RetryInfo\x12\x04\x0a\x02\x08[\x01-\x0a]", re.DOTALL))
            self.assertEqual(self.stack.server.wait(), 0, self.stack.server.log())
            took = time.monotonic() - began
        self.assertLess(took, self.DRAIN_SECONDS + 10, "it ends when drain_timeout is over")
        self.assertIn('"stopped"', self.stack.server.log())


if __name__ == "__main__":
    unittest.main()

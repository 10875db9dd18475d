#!/usr/bin/env python3
"""Submits recordings to cxscribe, watches the job to its end and prints the verified transcript.

    submit_and_watch.py [--server HOST:PORT] [--language TAG] [--policy NAME] REC...
    submit_and_watch.py [--server HOST:PORT] --resume JOB@REVISION

A lost server is no reason to stop: the watch goes on from the last revision seen. Exit codes are those of
cxctl: 0 ok, 3 the job failed, 4 compliance not PASS, 5 a person must decide, 6 cancelled, 64 + gRPC status.
"""
import argparse
import sys
import time
import uuid

import grpc

import cxscribe_api
import text_offsets

RECONNECT_SECONDS = 600
LONGEST_DELAY_SECONDS = 10


def submit(api, stub, arguments):
    request = api.SubmitRequest(
        recording_ids=arguments.recordings,
        language=arguments.language,
        redaction_policy=arguments.policy,
        request_id=str(uuid.uuid4()))  # makes repeating the call safe
    return stub.Submit(request, timeout=30).job.job_id


def watch(api, stub, job_id, revision):
    """Yields the job as it changes, over as many streams as that takes."""
    ends = (api.JOB_STATE_SUCCEEDED, api.JOB_STATE_FAILED, api.JOB_STATE_CANCELLED,
            api.JOB_STATE_QUARANTINED, api.JOB_STATE_NEEDS_ATTENTION)
    delay, lost_at, seen = 0.5, None, None
    while True:
        request = api.WatchRequest(targets=[api.WatchTarget(job_id=job_id, after_revision=revision)])
        try:
            for response in stub.Watch(request):
                delay, lost_at = 0.5, None
                if response.WhichOneof("event") != "job" or response.job.revision == seen:
                    continue  # a heartbeat, or the state that a new stream begins with
                revision = seen = response.job.revision
                yield response.job
                if response.job.state in ends:
                    return
        except grpc.RpcError as error:
            # CANCELLED, which nobody here asked for: a server that goes down cut the stream off.
            if error.code() not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                raise
            lost_at = lost_at or time.monotonic()
            if time.monotonic() - lost_at > RECONNECT_SECONDS:
                raise
            print(f"lost the server; resuming after revision {revision}", file=sys.stderr)
        time.sleep(delay)
        delay = min(delay * 2, LONGEST_DELAY_SECONDS)


def get_result(api, stub, job_id):
    """All pages of the result as one message."""
    whole = stub.GetResult(api.GetResultRequest(job_id=job_id), timeout=30)
    while whole.next_page_token:
        page = stub.GetResult(
            api.GetResultRequest(job_id=job_id, page_token=whole.next_page_token), timeout=30)
        for field in ("segments", "turns", "findings", "annotations"):
            getattr(whole, field).extend(getattr(page, field))
        whole.next_page_token = page.next_page_token
    return whole


def name(enum, value, prefix):
    return enum.Name(value)[len(prefix):]


def printable(text):
    """Text from elsewhere must not steer the terminal."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)


def print_result(api, result):
    if result.withheld:
        print("withheld: a person must resolve the job first")
    for segment in result.segments:
        clock = f"{segment.start_ms // 60000:02}:{segment.start_ms // 1000 % 60:02}"
        print(f"[{clock}] {printable(segment.speaker)}: {printable(segment.text)}")
    for finding in result.findings:
        for span in finding.spans:
            text = result.segments[span.segment_index].text
            begin, end = text_offsets.bytes_to_code_points(text, span.begin, span.end)
            masked = "masked" if finding.masked else "not masked"
            print(f"  {finding.entity_type} in segment {span.segment_index}, "
                  f"characters {begin} to {end} ({masked}): {printable(text[begin:end])!r}")
    outcomes = result.compliance
    for field in ("vendor_redaction", "pii_redacted", "diarization_applied", "punctuation_restored"):
        print(f"  {field}: {name(api.Outcome, getattr(outcomes, field), 'OUTCOME_')}")


def exit_code(api, job, result):
    if job.state == api.JOB_STATE_FAILED:
        return 3
    if job.state in (api.JOB_STATE_QUARANTINED, api.JOB_STATE_NEEDS_ATTENTION):
        return 5
    if job.state == api.JOB_STATE_CANCELLED:
        return 6
    outcomes = result.compliance
    if outcomes.pii_redacted != api.OUTCOME_PASS and result.redaction_policy != "none":
        return 4
    others = [outcomes.diarization_applied, outcomes.punctuation_restored, *outcomes.capabilities.values()]
    return 4 if any(other in (api.OUTCOME_FAIL, api.OUTCOME_INCONCLUSIVE) for other in others) else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recordings", nargs="*", metavar="REC")
    parser.add_argument("--server", default="127.0.0.1:7400")
    parser.add_argument("--language", default="en-US")
    parser.add_argument("--policy", default="pii")
    parser.add_argument("--resume", metavar="JOB@REVISION", help="watch this job instead")
    arguments = parser.parse_args()
    if bool(arguments.recordings) == bool(arguments.resume):
        parser.error("give recordings, or --resume")

    api = cxscribe_api.load()
    stub = api.TranscriptionService(cxscribe_api.connect(arguments.server))
    try:
        revision = 0
        if arguments.resume:
            job_id, _, text = arguments.resume.partition("@")
            revision = int(text or 0)
        else:
            job_id = submit(api, stub, arguments)
        print(job_id)
        job = None
        for job in watch(api, stub, job_id, revision):
            state = name(api.JobState, job.state, "JOB_STATE_")
            print(f"{state} {job.progress_percent}% (revision {job.revision})", flush=True)
        result = None
        if job.state in (api.JOB_STATE_SUCCEEDED, api.JOB_STATE_QUARANTINED):
            result = get_result(api, stub, job_id)
            print_result(api, result)
        elif job.HasField("error"):
            print(printable(job.error.message), file=sys.stderr)
        return exit_code(api, job, result)
    except grpc.RpcError as error:
        print("\n".join(cxscribe_api.error_lines(api, error)), file=sys.stderr)
        return 64 + error.code().value[0]


if __name__ == "__main__":
    sys.exit(main())

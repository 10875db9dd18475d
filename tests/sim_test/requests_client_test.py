#!/usr/bin/env python3
"""A plain client of the CXone contract, written against its table alone, must work on cxsim unchanged.

usage: requests_client_test.py PATH_OF_CXSIM
"""

import subprocess
import sys

import requests


class Client:
    """Knows what the contract says, and nothing about cxsim."""

    def __init__(self, base_url, client_id, client_secret):
        self.base_url = base_url
        self.credentials = {"client_id": client_id, "client_secret": client_secret}
        self.session = requests.Session()

    def log_in(self, scope="recordings:read voice:transcribe"):
        form = {"grant_type": "client_credentials", "scope": scope, **self.credentials}
        answer = self.session.post(f"{self.base_url}/oauth2/token", data=form, timeout=10)
        answer.raise_for_status()
        token = answer.json()
        self.session.headers["Authorization"] = f"Bearer {token['access_token']}"
        return token["expires_in"]

    def recordings(self, ids):
        found = []
        for start in range(0, len(ids), 100):
            answer = self.session.get(
                f"{self.base_url}/api/v2/recordings", params={"ids": ids[start : start + 100]}, timeout=10
            )
            answer.raise_for_status()
            found += answer.json()["entities"]
        return {entity["id"]: entity for entity in found}

    def submit(self, ids, **more):
        body = {
            "recording_ids": ids,
            "language": "en-US",
            "redaction_policy": "pii",
            "punctuation": True,
            "diarization": True,
            **more,
        }
        answer = self.session.post(f"{self.base_url}/api/v2/voice/transcriptions", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()["id"]

    def poll(self, transcription):
        answer = self.session.get(f"{self.base_url}/api/v2/voice/transcriptions/{transcription}", timeout=10)
        answer.raise_for_status()
        return answer.json()


def status_of(call, *args, **kwargs):
    """The HTTP status with which `call` is refused."""
    try:
        call(*args, **kwargs)
    except requests.HTTPError as error:
        assert error.response.json(), "an error says why, in JSON"
        return error.response.status_code
    return 200


def check_refusals(base_url):
    assert status_of(Client(base_url, "demo", "wrong").log_in) == 401
    client = Client(base_url, "demo", "demo")
    assert status_of(client.recordings, ["rec_8a7f3b2c1d4e"]) == 401
    client.log_in(scope="recordings:read")
    assert status_of(client.submit, ["rec_8a7f3b2c1d4e"]) == 403
    client.log_in()
    assert status_of(client.submit, ["rec_never_recorded"]) == 400
    assert status_of(client.submit, ["rec_unsupported"]) == 400
    assert status_of(client.submit, ["rec_huge"]) == 400
    assert status_of(client.submit, ["rec_8a7f3b2c1d4e"], language=5) == 400
    assert status_of(client.poll, "txn_000000000000") == 404


def advance(base_url, by):
    """Moves cxsim's time on, in place of waiting: the one thing here that a CXone does not have."""
    requests.post(f"{base_url}/admin/advance", json={"by": by}, timeout=10).raise_for_status()


def check_main_path(base_url):
    client = Client(base_url, "demo", "demo")
    assert client.log_in() == 3600

    ids = ["rec_8a7f3b2c1d4e", "rec_1b2c3d4e5f6a"]
    found = client.recordings(ids + [f"rec_missing_{i}" for i in range(150)])
    assert sorted(found) == sorted(ids), found
    for entity in found.values():
        assert entity["format"] in ("wav", "mp3")
        assert 0 < entity["size"] <= 500 * 1024 * 1024
        assert entity["mediaType"].startswith("audio/")

    transcription = client.submit(ids)
    assert transcription.startswith("txn_")
    seen, last = [], 0
    for _ in range(20):  # a minute's work, looked at every 5 seconds
        answer = client.poll(transcription)
        if answer["status"] not in seen:
            seen.append(answer["status"])
        assert answer["id"] == transcription
        assert last <= answer["progress"] <= 100
        last = answer["progress"]
        if answer["status"] in ("completed", "failed"):
            break
        assert answer["status"] in ("queued", "in_progress")
        advance(base_url, "5s")
    assert seen == ["queued", "in_progress", "completed"], seen

    assert 0 < answer["accuracyScore"] <= 1
    assert answer["createdTime"] <= answer["completedTime"]
    order = []
    for result in answer["results"]:
        assert isinstance(result["text"], str)
        assert 0 <= result["startOffsetMs"] <= result["endOffsetMs"]
        if not order or order[-1] != result["recordingId"]:
            order.append(result["recordingId"])
    assert order == ids, order


def main():
    with subprocess.Popen(
        [sys.argv[1], "--transcription-time", "60s"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as cxsim:
        try:
            base_url = cxsim.stdout.readline().strip()
            check_refusals(base_url)
            check_main_path(base_url)
        finally:
            cxsim.terminate()


if __name__ == "__main__":
    main()

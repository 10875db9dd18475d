#!/usr/bin/env python3
"""A client that knows nothing of cxscribe but what server reflection tells it: no .proto file, no stubs.

    reflection_client.py [--server HOST:PORT] list
    reflection_client.py [--server HOST:PORT] call SERVICE/METHOD '{"json": "request"}'
    reflection_client.py [--server HOST:PORT] transcribe REC...

`call` prints each answer as JSON, one a line. `transcribe` runs Submit, Watch and GetResult and prints the
result; exit code 1 when the job does not succeed, 64 + gRPC status when a call fails. It speaks
grpc.reflection.v1alpha.ServerReflection, whose few messages it encodes by hand.
"""
import argparse
import json
import sys
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format

try:
    from google.protobuf.message_factory import GetMessageClass
except ImportError:  # python3-protobuf 3.21
    from google.protobuf.message_factory import MessageFactory

    def GetMessageClass(descriptor):
        return MessageFactory(descriptor.file.pool).GetPrototype(descriptor)

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"
SERVICE = "cxscribe.v1.TranscriptionService"

# Field numbers of grpc.reflection.v1alpha.
FILE_BY_FILENAME, FILE_CONTAINING_SYMBOL, LIST_SERVICES = 3, 4, 7  # of ServerReflectionRequest
FILE_DESCRIPTORS, SERVICES, ERROR = 4, 6, 7  # of ServerReflectionResponse


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def string_field(number, text):
    data = text.encode()
    return varint(number << 3 | 2) + varint(len(data)) + data


def fields(data):
    """Yields (number, value) of an encoded message: bytes of length-delimited fields, numbers of varints."""
    def read_varint(position):
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value, position
            shift += 7

    position = 0
    while position < len(data):
        key, position = read_varint(position)
        if key & 7 == 0:
            value, position = read_varint(position)
        elif key & 7 == 2:
            length, position = read_varint(position)
            value, position = data[position:position + length], position + length
        else:
            raise ValueError(f"unexpected wire type {key & 7}")
        yield key >> 3, value


class Reflection:
    """The server's own description of its services."""

    def __init__(self, channel):
        self._channel = channel
        self._call = channel.stream_stream(REFLECTION, request_serializer=bytes,
                                           response_deserializer=bytes)
        self._pool = descriptor_pool.DescriptorPool()
        self._added = set()

    def _ask(self, number, text):
        request = string_field(number, text)
        for response in self._call(iter([request]), timeout=30):
            answer = dict(fields(response))
            if ERROR in answer:
                raise LookupError(dict(fields(answer[ERROR])).get(2, b"").decode())
            return answer
        raise LookupError("the server did not answer")

    def services(self):
        answer = self._ask(LIST_SERVICES, "*")
        return [dict(fields(service))[1].decode()
                for number, service in fields(answer[SERVICES]) if number == 1]

    def _add(self, answer):
        for number, data in fields(answer[FILE_DESCRIPTORS]):
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            if number != 1 or file.name in self._added:
                continue
            self._added.add(file.name)
            for dependency in file.dependency:
                if dependency not in self._added:
                    self._add(self._ask(FILE_BY_FILENAME, dependency))
            self._pool.Add(file)

    def method(self, service, name):
        """The descriptor of a method, whether its answers stream, and a callable for it."""
        self._add(self._ask(FILE_CONTAINING_SYMBOL, service))
        descriptor = self._pool.FindServiceByName(service).methods_by_name[name]
        proto = descriptor_pb2.MethodDescriptorProto()
        descriptor.CopyToProto(proto)
        make = self._channel.unary_stream if proto.server_streaming else self._channel.unary_unary
        call = make(f"/{service}/{name}",
                    request_serializer=GetMessageClass(descriptor.input_type).SerializeToString,
                    response_deserializer=GetMessageClass(descriptor.output_type).FromString)
        return descriptor, proto.server_streaming, call

    def to_json(self, message):
        return json_format.MessageToDict(message, preserving_proto_field_name=True,
                                         including_default_value_fields=True,
                                         descriptor_pool=self._pool)

    def call(self, service, name, request, timeout=30):
        """Yields the answers to a request, both as JSON objects."""
        descriptor, streams, call = self.method(service, name)
        message = json_format.ParseDict(request, GetMessageClass(descriptor.input_type)())
        answers = call(message, timeout=timeout)
        for answer in answers if streams else [answers]:
            yield self.to_json(answer)


def transcribe(reflection, recordings):
    submitted = next(reflection.call(SERVICE, "Submit", {"recording_ids": recordings,
                                                         "request_id": str(uuid.uuid4())}))
    job = submitted["job"]
    print(job["job_id"], job["state"], file=sys.stderr)
    watch = {"targets": [{"job_id": job["job_id"]}]}
    for answer in reflection.call(SERVICE, "Watch", watch, timeout=600):
        if "job" in answer:
            job = answer["job"]
            print(job["job_id"], job["state"], job["progress_percent"], file=sys.stderr)
    if job["state"] != "JOB_STATE_SUCCEEDED":
        return 1
    result = next(reflection.call(SERVICE, "GetResult", {"job_id": job["job_id"]}))
    print(json.dumps(result, ensure_ascii=False))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--server", default="127.0.0.1:7400")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the server's services")
    call = commands.add_parser("call", help="one call")
    call.add_argument("method", metavar="SERVICE/METHOD")
    call.add_argument("request", nargs="?", default="{}", metavar="JSON")
    recordings = commands.add_parser("transcribe", help="Submit, Watch, GetResult")
    recordings.add_argument("recordings", nargs="+", metavar="REC")
    arguments = parser.parse_args()

    reflection = Reflection(grpc.insecure_channel(arguments.server))
    try:
        if arguments.command == "list":
            print("\n".join(reflection.services()))
        elif arguments.command == "call":
            service, _, method = arguments.method.rpartition("/")
            for answer in reflection.call(service, method, json.loads(arguments.request), None):
                print(json.dumps(answer, ensure_ascii=False), flush=True)
        else:
            return transcribe(reflection, arguments.recordings)
    except grpc.RpcError as error:
        print(f"{error.code().name}: {error.details()}", file=sys.stderr)
        return 64 + error.code().value[0]
    return 0


if __name__ == "__main__":
    sys.exit(main())

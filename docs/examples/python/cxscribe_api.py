"""The API of cxscribe for Python, from the .proto files, with Debian's python3-grpcio and protoc.

    api = cxscribe_api.load()                    # compiles the protos into a temporary folder, once
    channel = cxscribe_api.connect("127.0.0.1:7400")
    stub = api.TranscriptionService(channel)
    job = stub.Submit(api.SubmitRequest(recording_ids=["rec_8a7f3b2c1d4e"]), timeout=30).job

Messages and services hang on the object that load() returns. Projects that have grpcio-tools generate the
same classes with it; this file needs only the Debian packages python3-grpcio, python3-protobuf and
protobuf-compiler.
"""
import atexit
import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile
import types

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[3]
MESSAGE_FILES = ["transcript", "evidence", "job"]
SERVICE_FILES = ["transcription_service", "pipeline_service", "admin_service"]


def _compile(protos, into):
    files = [f"cxscribe/v1/{name}.proto" for name in MESSAGE_FILES + SERVICE_FILES]
    files += ["google/rpc/status.proto", "google/rpc/error_details.proto"]
    subprocess.run(["protoc", "-I", str(protos), f"--python_out={into}", *files], check=True)


def _extend_google_package(folder):
    """Lets google.rpc come from `folder` while google.protobuf stays where Debian has it."""
    import google
    if str(folder / "google") not in list(google.__path__):
        google.__path__ = list(google.__path__) + [str(folder / "google")]


class _Stub:
    """One method of the service a method of the object: unary calls and server streams."""

    def __init__(self, channel, service):
        from google.protobuf import descriptor_pb2, message_factory, symbol_database
        symbols = symbol_database.Default()

        def class_of(descriptor):
            try:
                return symbols.GetSymbol(descriptor.full_name)
            except KeyError:  # newer protobuf has no registered classes
                return message_factory.GetMessageClass(descriptor)

        for method in service.methods:
            proto = descriptor_pb2.MethodDescriptorProto()
            method.CopyToProto(proto)
            make = channel.unary_stream if proto.server_streaming else channel.unary_unary
            call = make(
                f"/{service.full_name}/{method.name}",
                request_serializer=class_of(method.input_type).SerializeToString,
                response_deserializer=class_of(method.output_type).FromString)
            setattr(self, method.name, call)


def load(protos=ROOT / "proto"):
    """Returns an object with every message class, enum value and service of the API."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="cxscribe-protos-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _compile(protos, folder)
    sys.path.insert(0, str(folder))
    _extend_google_package(folder)
    api = types.SimpleNamespace()
    for name in MESSAGE_FILES + SERVICE_FILES:
        module = importlib.import_module(f"cxscribe.v1.{name}_pb2")
        for symbol in dir(module):
            if not symbol.startswith("_") and symbol != "DESCRIPTOR":
                setattr(api, symbol, getattr(module, symbol))
        for service in module.DESCRIPTOR.services_by_name.values():
            setattr(api, service.name,
                    lambda channel, service=service: _Stub(channel, service))
    api.status_pb2 = importlib.import_module("google.rpc.status_pb2")
    api.error_details_pb2 = importlib.import_module("google.rpc.error_details_pb2")
    return api


def connect(target, config=ROOT / "config" / "retry-service-config.json"):
    """A plaintext channel that retries reads, and Submit, as the shipped service config says.

    A Submit that is retried must carry a request_id, so that it makes one job."""
    options = [("grpc.max_receive_message_length", 64 << 20),
               ("grpc.initial_reconnect_backoff_ms", 200),
               ("grpc.max_reconnect_backoff_ms", 2000)]
    if config is not None:
        options.append(("grpc.service_config", pathlib.Path(config).read_text()))
    return grpc.insecure_channel(target, options=options)


def error_lines(api, error):
    """What a grpc.RpcError says: code, message, reason, every field violation, when to try again."""
    lines = [f"{error.code().name}: {error.details()}"]
    status = api.status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status.ParseFromString(value)
    details = api.error_details_pb2
    for kind in (details.ErrorInfo, details.BadRequest, details.RetryInfo):
        for detail in status.details:
            message = kind()
            if not detail.Unpack(message):
                continue
            if kind is details.ErrorInfo:
                lines.append(f"  reason: {message.reason}")
            elif kind is details.BadRequest:
                lines += [f"  {v.field}: {v.description}" for v in message.field_violations]
            else:
                lines.append(f"  try again in {message.retry_delay.ToJsonString()}")
    return lines

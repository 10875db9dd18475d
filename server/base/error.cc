#include "server/base/error.h"

#include <algorithm>
#include <optional>

#include <absl/strings/cord.h>
#include <absl/strings/str_cat.h>

#include "google/protobuf/duration.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/utf8.h"

namespace cxscribe {
namespace {

constexpr std::string_view kTypePrefix = "type.googleapis.com/";

template <typename Message>
void Attach(const Message& message, absl::Status& status) {
  status.SetPayload(absl::StrCat(absl::string_view(kTypePrefix.data(), kTypePrefix.size()),
                                 Message::descriptor()->full_name()),
                    absl::Cord(message.SerializeAsString()));
}

}  // namespace

ErrorBuilder::ErrorBuilder(absl::StatusCode code, std::string_view reason, std::string message)
    : code_(code), reason_(reason), message_(ToValidUtf8(message)) {}

ErrorBuilder& ErrorBuilder::Metadata(std::string key, std::string value) & {
  metadata_.emplace_back(ToValidUtf8(key), ToValidUtf8(value));
  return *this;
}
ErrorBuilder&& ErrorBuilder::Metadata(std::string key, std::string value) && {
  return std::move(Metadata(std::move(key), std::move(value)));
}

ErrorBuilder& ErrorBuilder::Field(std::string field, std::string description) & {
  fields_.emplace_back(ToValidUtf8(field), ToValidUtf8(description));
  return *this;
}
ErrorBuilder&& ErrorBuilder::Field(std::string field, std::string description) && {
  return std::move(Field(std::move(field), std::move(description)));
}

ErrorBuilder& ErrorBuilder::RetryAfter(absl::Duration delay) & {
  retry_after_ = delay;
  has_retry_ = true;
  return *this;
}
ErrorBuilder&& ErrorBuilder::RetryAfter(absl::Duration delay) && {
  return std::move(RetryAfter(delay));
}

ErrorBuilder& ErrorBuilder::Quota(std::string subject, std::string description) & {
  quotas_.emplace_back(ToValidUtf8(subject), ToValidUtf8(description));
  return *this;
}
ErrorBuilder&& ErrorBuilder::Quota(std::string subject, std::string description) && {
  return std::move(Quota(std::move(subject), std::move(description)));
}

ErrorBuilder& ErrorBuilder::Resource(std::string type, std::string name) & {
  resources_.emplace_back(ToValidUtf8(type), ToValidUtf8(name));
  return *this;
}
ErrorBuilder&& ErrorBuilder::Resource(std::string type, std::string name) && {
  return std::move(Resource(std::move(type), std::move(name)));
}

absl::Status ErrorBuilder::Build() const {
  absl::Status status(code_, message_);
  google::rpc::ErrorInfo info;
  info.set_reason(reason_);
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : metadata_) (*info.mutable_metadata())[key] = value;
  Attach(info, status);
  if (!fields_.empty()) {
    google::rpc::BadRequest bad_request;
    for (const auto& [field, description] : fields_) {
      auto* violation = bad_request.add_field_violations();
      violation->set_field(field);
      violation->set_description(description);
    }
    Attach(bad_request, status);
  }
  if (has_retry_) status = WithRetryAfter(std::move(status), retry_after_);
  if (!quotas_.empty()) {
    google::rpc::QuotaFailure failure;
    for (const auto& [subject, description] : quotas_) {
      auto* violation = failure.add_violations();
      violation->set_subject(subject);
      violation->set_description(description);
    }
    Attach(failure, status);
  }
  // A status holds one payload a type; the first resource is the one that the error is about.
  if (!resources_.empty()) {
    google::rpc::ResourceInfo resource;
    resource.set_resource_type(resources_.front().first);
    resource.set_resource_name(resources_.front().second);
    Attach(resource, status);
  }
  return status;
}

absl::Status Annotate(const absl::Status& status, std::string_view context) {
  if (status.ok()) return status;
  absl::Status annotated(
      status.code(),
      absl::StrCat(absl::string_view(context.data(), context.size()), ": ", status.message()));
  status.ForEachPayload([&annotated](absl::string_view type, const absl::Cord& payload) {
    annotated.SetPayload(type, payload);
  });
  return annotated;
}

absl::Status WithCode(const absl::Status& status, absl::StatusCode code) {
  absl::Status changed(code, status.message());
  status.ForEachPayload([&changed](absl::string_view type, const absl::Cord& payload) {
    changed.SetPayload(type, payload);
  });
  return changed;
}

absl::Status WithRetryAfter(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo retry;
  const int64_t nanoseconds = absl::ToInt64Nanoseconds(delay);
  retry.mutable_retry_delay()->set_seconds(nanoseconds / 1'000'000'000);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanoseconds % 1'000'000'000));
  Attach(retry, status);
  return status;
}

std::string ReasonOf(const absl::Status& status) {
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  google::rpc::ErrorInfo info;
  if (!payload.has_value() || !info.ParseFromString(std::string(*payload))) return "";
  return info.reason();
}

std::vector<std::pair<std::string, std::string>> FieldsOf(const absl::Status& status) {
  std::vector<std::pair<std::string, std::string>> fields;
  const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
  google::rpc::BadRequest bad;
  if (!payload.has_value() || !bad.ParseFromString(std::string(*payload))) return fields;
  for (const auto& violation : bad.field_violations()) {
    fields.emplace_back(violation.field(), violation.description());
  }
  return fields;
}

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status rpc;
  rpc.set_code(status.raw_code());
  rpc.set_message(ToValidUtf8({status.message().data(), status.message().size()}));
  status.ForEachPayload([&rpc](absl::string_view type, const absl::Cord& payload) {
    auto* detail = rpc.add_details();
    detail->set_type_url(std::string(type));
    detail->set_value(std::string(payload));
  });
  // Abseil visits payloads in no fixed order; equal errors are to be equal bytes.
  std::sort(rpc.mutable_details()->pointer_begin(), rpc.mutable_details()->pointer_end(),
            [](const auto* a, const auto* b) { return a->type_url() < b->type_url(); });
  return rpc;
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.code()), status.message());
  if (result.ok()) return result;  // an OK status holds no payloads
  for (const auto& detail : status.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

}  // namespace cxscribe

#include "server/config/restart.h"

#include <set>
#include <string_view>

#include <absl/strings/str_cat.h>

namespace cxscribe {
namespace {

// Collects the names of what differs in one section.
class Section {
 public:
  Section(std::string name, std::vector<std::string>& different)
      : name_(std::move(name)), different_(different) {}

  template <typename Value>
  void Compare(const char* key, const Value& running, const Value& read) {
    if (running != read) different_.push_back(absl::StrCat(name_, ".", key));
  }
  Section Child(const char* key) { return {absl::StrCat(name_, ".", key), different_}; }

 private:
  const std::string name_;
  std::vector<std::string>& different_;
};

void CompareListen(Section section, const ListenSettings& running, const ListenSettings& read) {
  section.Compare("grpc", running.grpc, read.grpc);
  section.Compare("metrics", running.metrics, read.metrics);
  const TlsSettings a = running.tls.value_or(TlsSettings());
  const TlsSettings b = read.tls.value_or(TlsSettings());
  Section tls = section.Child("tls");
  tls.Compare("certificate_file", a.certificate_file, b.certificate_file);
  tls.Compare("key_file", a.key_file, b.key_file);
  tls.Compare("client_ca_file", a.client_ca_file, b.client_ca_file);
}

void CompareAccount(Section section, const AccountSettings& running, const AccountSettings& read) {
  section.Compare("base_url", running.base_url, read.base_url);
  section.Compare("token_url", running.token_url, read.token_url);
  if (!CredentialsAreTakenIn(running, read)) {
    section.Compare("client_id", running.client_id, read.client_id);
    section.Compare("client_secret", running.client_secret.Reveal(), read.client_secret.Reveal());
  }
  section.Compare("scope", running.scope, read.scope);
  section.Compare("recordings_path", running.recordings_path, read.recordings_path);
  section.Compare("transcriptions_path", running.transcriptions_path, read.transcriptions_path);
  section.Compare("max_storage_mb", running.max_storage_mb, read.max_storage_mb);
  Section budget = section.Child("budget");
  budget.Compare("requests", running.budget.requests, read.budget.requests);
  budget.Compare("per", running.budget.per, read.budget.per);
  section.Compare("idempotency", running.idempotency, read.idempotency);
  section.Compare("upstream_webhook_url", running.upstream_webhook_url, read.upstream_webhook_url);
  section.Compare("ca_file", running.ca_file, read.ca_file);
  section.Compare("connect_timeout", running.connect_timeout, read.connect_timeout);
  section.Compare("request_timeout", running.request_timeout, read.request_timeout);
  Section retry = section.Child("retry");
  retry.Compare("initial_backoff", running.retry.initial_backoff, read.retry.initial_backoff);
  retry.Compare("max_backoff", running.retry.max_backoff, read.retry.max_backoff);
  retry.Compare("malformed_attempts", running.retry.malformed_attempts,
                read.retry.malformed_attempts);
  retry.Compare("max_attempts", running.retry.max_attempts, read.retry.max_attempts);
  retry.Compare("max_elapsed", running.retry.max_elapsed, read.retry.max_elapsed);
  Section poll = section.Child("poll");
  poll.Compare("min_interval", running.poll.min_interval, read.poll.min_interval);
  poll.Compare("max_interval", running.poll.max_interval, read.poll.max_interval);
}

void CompareAccounts(const Settings& running, const Settings& read,
                     std::vector<std::string>& different) {
  std::set<std::string> names;
  for (const auto& entry : running.accounts) names.insert(entry.first);
  for (const auto& entry : read.accounts) names.insert(entry.first);
  for (const std::string& name : names) {
    const std::string key = "cxone.accounts." + name;
    const auto a = running.accounts.find(name);
    const auto b = read.accounts.find(name);
    if (a == running.accounts.end() || b == read.accounts.end()) {
      different.push_back(key);
    } else {
      CompareAccount({key, different}, a->second, b->second);
    }
  }
}

void CompareWebhook(Section section, const WebhookSettings& running, const WebhookSettings& read) {
  section.Compare("signing_secret", running.signing_secret.empty(), read.signing_secret.empty());
  section.Compare("allow_http", running.allow_http, read.allow_http);
  section.Compare("allow_private_networks", running.allow_private_networks,
                  read.allow_private_networks);
  section.Compare("timeout", running.timeout, read.timeout);
  section.Compare("retry_schedule", running.retry_schedule, read.retry_schedule);
}

void CompareJobs(Section section, const JobSettings& running, const JobSettings& read) {
  section.Compare("deadline", running.deadline, read.deadline);
  section.Compare("max_queued", running.max_queued, read.max_queued);
  section.Compare("max_active", running.max_active, read.max_active);
  section.Compare("request_id_retention", running.request_id_retention, read.request_id_retention);
}

void CompareServer(Section section, const ServerSettings& running, const ServerSettings& read) {
  section.Compare("drain_timeout", running.drain_timeout, read.drain_timeout);
  section.Compare("worker_threads", running.worker_threads, read.worker_threads);
  section.Compare("log_level", running.log_level, read.log_level);
}

}  // namespace

bool CredentialsAreTakenIn(const AccountSettings& running, const AccountSettings& read) {
  return running.token_url == read.token_url;
}

std::vector<std::string> RestartRequired(const Settings& running, const Settings& read) {
  std::vector<std::string> different;
  CompareListen({"listen", different}, running.listen, read.listen);
  CompareAccounts(running, read, different);
  Section storage("storage", different);
  storage.Compare("driver", running.storage.driver, read.storage.driver);
  storage.Compare("path", running.storage.path, read.storage.path);
  Section("audit", different).Compare("path", running.audit.path, read.audit.path);
  CompareWebhook({"webhook", different}, running.webhook, read.webhook);
  CompareJobs({"jobs", different}, running.jobs, read.jobs);
  CompareServer({"server", different}, running.server, read.server);
  return different;
}

}  // namespace cxscribe

// Settings: the configuration file as typed values, after defaults and substitution.
//
// Plain data; nothing here reads files. server/config/loader.h makes one from YAML or says
// everything that is wrong with it. Default values stand here and nowhere else.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <nlohmann/json.hpp>

namespace cxscribe {

// Where a value stands in a file. Lines and columns from 1.
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;
};

// One error in a configuration.
struct ConfigError {
  SourceLocation where;
  std::string message;  // what is wrong and what to do, without secrets

  // "file:line:column: message"
  std::string ToString() const;
};

// A secret. Kept out of logs and errors: nothing prints it.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  const std::string& Reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

struct TlsSettings {
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;  // set: clients must show a certificate of it
};

struct ListenSettings {
  std::string grpc = "127.0.0.1:7400";
  std::string metrics = "127.0.0.1:9464";  // empty: no metrics listener
  std::optional<TlsSettings> tls;
};

// Upstream requests per time.
struct BudgetSettings {
  int requests = 150;
  absl::Duration per = absl::Minutes(5);
};

enum class UpstreamIdempotency { kNone, kHeader };

// How often and how long one upstream call is tried, and how polls are spaced.
struct RetrySettings {
  absl::Duration initial_backoff = absl::Milliseconds(500);
  absl::Duration max_backoff = absl::Seconds(60);
  // For answers that are malformed, not for outages: those are tried until max_elapsed.
  int malformed_attempts = 4;
  int max_attempts = 200;
  // Outlasts an upstream outage of 30 minutes.
  absl::Duration max_elapsed = absl::Minutes(45);
};

struct PollSettings {
  absl::Duration min_interval = absl::Seconds(2);
  absl::Duration max_interval = absl::Seconds(60);
};

struct AccountSettings {
  std::string name;
  std::string base_url;
  std::string token_url;
  std::string client_id;
  Secret client_secret;
  std::string scope = "recordings:read voice:transcribe";
  std::string recordings_path = "/api/v2/recordings";
  std::string transcriptions_path = "/api/v2/voice/transcriptions";
  int64_t max_storage_mb = 500;  // MiB a job, inclusive
  BudgetSettings budget;
  UpstreamIdempotency idempotency = UpstreamIdempotency::kNone;
  // A fixed value that the account insists on in the submission; empty: none is sent. Never the
  // caller's.
  std::string upstream_webhook_url;
  std::string ca_file;  // empty: the system's
  absl::Duration connect_timeout = absl::Seconds(10);
  absl::Duration request_timeout = absl::Seconds(60);
  RetrySettings retry;
  PollSettings poll;
};

struct StorageSettings {
  std::string driver = "sqlite";
  std::string path = "var/cxscribe.db";  // absolute after loading
  SourceLocation path_where;
};

struct AuditSettings {
  std::string path = "var/audit.jsonl";  // absolute after loading
  SourceLocation path_where;
};

struct WebhookSettings {
  // Standard Webhooks secret: "whsec_" and Base64 of 24 to 64 bytes. Empty: webhooks are refused.
  Secret signing_secret;
  // Hosts that may be called though they are not public or not https; deny by default.
  bool allow_http = false;
  bool allow_private_networks = false;
  absl::Duration timeout = absl::Seconds(15);
  // After each failed attempt; the length is the number of retries.
  std::vector<absl::Duration> retry_schedule = {
      absl::Seconds(5), absl::Minutes(5), absl::Minutes(30), absl::Hours(2), absl::Hours(5),
      absl::Hours(10),  absl::Hours(14),  absl::Hours(20),   absl::Hours(24)};
};

struct JobSettings {
  // From Submit to an end state.
  absl::Duration deadline = absl::Hours(4);
  int max_queued = 10'000;  // jobs that have not ended, all tenants
  int max_active = 200;     // jobs between QUEUED and an end, all accounts
  absl::Duration request_id_retention = absl::Hours(24 * 7);
};

struct ServerSettings {
  // Longer than an account's request_timeout: the answer to a submission that is under way is worth
  // waiting for.
  absl::Duration drain_timeout = absl::Seconds(75);
  int worker_threads = 0;  // of each pipeline; 0: the number of processors
  std::string log_level = "info";
};

enum class Isolation { kInProcess, kProcess };
enum class OnError { kFail, kSkip };
enum class OnFinding { kRedact, kFlag, kQuarantine };

struct StageSettings {
  std::string name;    // unique in its pipeline
  std::string plugin;  // file name inside plugins.directory
  absl::Duration timeout = absl::Seconds(30);
  Isolation isolation = Isolation::kProcess;
  OnError on_error = OnError::kFail;
  OnFinding on_finding = OnFinding::kRedact;
  bool on_finding_given = false;
  int instances = 1;
  std::string sha256;  // pin; empty: none
  // The stage's `config`, as JSON; an object.
  nlohmann::json config = nlohmann::json::object();

  SourceLocation where;
  SourceLocation plugin_where;
  // Where each value of `config` stands, by JSON pointer ("" is the whole), so that what a plugin's
  // schema finds wrong can be shown at its line.
  std::map<std::string, SourceLocation> config_where;
};

struct PipelineSettings {
  std::string name;
  std::vector<StageSettings> stages;
  SourceLocation where;
};

struct PluginSettings {
  std::string directory;       // absolute after loading
  std::string data_directory;  // models and dictionaries; default: "data" in the plugin directory
  // For `isolation: process`.
  std::string worker;               // the program; absolute after loading
  int64_t worker_memory_mb = 2048;  // MiB of address space of each worker; 0: no limit
  // Whether plugins that were built with a sanitizer may run in workers: for tests only.
  bool allow_sanitizers = false;
  // For loading a plugin, and for making all instances of a stage.
  absl::Duration start_timeout = absl::Seconds(60);
};

// A redaction policy: what is checked, and what CXone is asked for.
struct RedactionPolicy {
  std::string name;
  std::vector<std::string> entity_types;  // sorted
  std::string upstream;                   // "pii", "pci", "phi" or "none"
};

struct Settings {
  ListenSettings listen;
  std::map<std::string, AccountSettings> accounts;
  StorageSettings storage;
  AuditSettings audit;
  WebhookSettings webhook;
  JobSettings jobs;
  ServerSettings server;
  PluginSettings plugins;
  std::vector<PipelineSettings> pipelines;  // in the file's order
  std::map<std::string, RedactionPolicy>
      redaction_policies;  // the built-in four and the file's own
};

}  // namespace cxscribe

// Readers of the sections that the server needs and `cxctl pipeline run` does not.
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/config/sections.h"

namespace cxscribe {
namespace {

// Nothing here is sensible beyond a month; a bound keeps arithmetic with deadlines far from
// overflow.
constexpr absl::Duration kMonth = absl::Hours(24 * 31);
constexpr absl::Duration kMillisecond = absl::Milliseconds(1);

std::string CheckHostPort(std::string_view text) {
  return ParseHostPort(text) ? "" : "is not host:port, for example 127.0.0.1:7400 or [::1]:7400";
}

std::string CheckNotEmpty(std::string_view text) { return text.empty() ? "is empty" : ""; }

std::string CheckUrlPath(std::string_view text) {
  if (text.empty() || text.front() != '/') return "must begin with /";
  for (const unsigned char c : text) {
    if (c <= 0x20 || c >= 0x7F || c == '?' || c == '#') {
      return "is not a URL path: it may not hold spaces, ?, # or non-ASCII characters";
    }
  }
  return "";
}

std::string WithoutTrailingSlash(std::string url) {
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

// `path` of a section: a file that the server writes. `where` becomes where it was given.
void ReadPath(MapReader& section, std::string& path, SourceLocation& where) {
  path = section.context().ResolvePath(path);
  section.Path("path", path);
  if (const YamlNode* node = section.Child("path")) where = node->where;
}

void ReadTls(MapReader section, std::optional<TlsSettings>& tls) {
  TlsSettings settings;
  section.Require("certificate_file", "the server's certificate chain, PEM");
  section.Require("key_file", "the certificate's private key, PEM");
  const auto read = [&section](std::string_view key, std::string& out) {
    const YamlNode* node = section.Child(key);
    if (section.Path(key, out)) {
      section.context().CheckReadable(node->where, section.Key(key), out);
    }
  };
  read("certificate_file", settings.certificate_file);
  read("key_file", settings.key_file);
  read("client_ca_file", settings.client_ca_file);
  section.Finish();
  if (section.present()) tls = std::move(settings);
}

void ReadBudget(MapReader section, BudgetSettings& budget) {
  section.Integer("requests", budget.requests, 1, 1'000'000);
  section.Duration("per", budget.per, absl::Seconds(1), absl::Hours(24));
  section.Finish();
}

void ReadRetry(MapReader section, RetrySettings& retry) {
  section.Duration("initial_backoff", retry.initial_backoff, kMillisecond, absl::Hours(1));
  section.Duration("max_backoff", retry.max_backoff, kMillisecond, absl::Hours(1));
  section.Integer("malformed_attempts", retry.malformed_attempts, 1, 100);
  section.Integer("max_attempts", retry.max_attempts, 1, 100'000);
  section.Duration("max_elapsed", retry.max_elapsed, kMillisecond, kMonth);
  section.Finish();
  if (retry.max_backoff < retry.initial_backoff) {
    section.context().Error(
        section.where(),
        absl::StrCat(section.Key("max_backoff"), " (", absl::FormatDuration(retry.max_backoff),
                     ") is shorter than initial_backoff (",
                     absl::FormatDuration(retry.initial_backoff), ")"));
  }
}

void ReadPoll(MapReader section, PollSettings& poll) {
  section.Duration("min_interval", poll.min_interval, kMillisecond, absl::Hours(1));
  section.Duration("max_interval", poll.max_interval, kMillisecond, absl::Hours(24));
  section.Finish();
  if (poll.max_interval < poll.min_interval) {
    section.context().Error(
        section.where(),
        absl::StrCat(section.Key("max_interval"), " (", absl::FormatDuration(poll.max_interval),
                     ") is shorter than min_interval (", absl::FormatDuration(poll.min_interval),
                     ")"));
  }
}

void ReadAccount(MapReader section, AccountSettings& account) {
  section.Require("base_url", "where the account's API is, for example https://your-org.cxone.com");
  section.Require("client_id", "the OAuth client, for example ${CXONE_CLIENT_ID}");
  section.Require(
      "client_secret",
      "the OAuth client's secret, for example ${file:/run/secrets/cxone_client_secret}");
  if (section.String("base_url", account.base_url, CheckServiceUrl)) {
    account.base_url = WithoutTrailingSlash(std::move(account.base_url));
    account.token_url = account.base_url + "/oauth2/token";
  }
  section.String("token_url", account.token_url, CheckServiceUrl);
  section.String("client_id", account.client_id, CheckNotEmpty);
  section.SecretString("client_secret", account.client_secret);
  section.String("scope", account.scope, CheckNotEmpty);
  section.String("recordings_path", account.recordings_path, CheckUrlPath);
  section.String("transcriptions_path", account.transcriptions_path, CheckUrlPath);
  section.Integer("max_storage_mb", account.max_storage_mb, 1, int64_t{1} << 30);
  ReadBudget(section.Map("budget"), account.budget);
  section.Enum("idempotency", account.idempotency,
               {{"none", UpstreamIdempotency::kNone}, {"header", UpstreamIdempotency::kHeader}});
  section.String("upstream_webhook_url", account.upstream_webhook_url, [](std::string_view url) {
    return url.empty() ? std::string() : CheckServiceUrl(url);
  });
  const YamlNode* ca_file = section.Child("ca_file");
  if (section.Path("ca_file", account.ca_file)) {
    section.context().CheckReadable(ca_file->where, section.Key("ca_file"), account.ca_file);
  }
  section.Duration("connect_timeout", account.connect_timeout, kMillisecond, absl::Hours(1));
  section.Duration("request_timeout", account.request_timeout, kMillisecond, absl::Hours(1));
  ReadRetry(section.Map("retry"), account.retry);
  ReadPoll(section.Map("poll"), account.poll);
  section.Finish();
}

}  // namespace

void ReadListen(MapReader section, ListenSettings& listen) {
  const YamlNode* grpc = section.Child("grpc");
  section.String("grpc", listen.grpc, CheckHostPort);
  section.String("metrics", listen.metrics, [](std::string_view text) {
    return text.empty() ? std::string() : CheckHostPort(text);
  });
  // A broken tls section counts as one: its own errors say what to do.
  const bool wants_tls = section.Child("tls") != nullptr;
  ReadTls(section.Map("tls"), listen.tls);
  section.Finish();
  const auto address = ParseHostPort(listen.grpc);
  if (address && !IsLoopbackHost(address->host) && !wants_tls) {
    section.context().Error(
        grpc == nullptr ? section.where() : grpc->where,
        absl::StrCat(section.Key("grpc"), ": plaintext is allowed on loopback only; give ",
                     section.Key("tls"), " {certificate_file, key_file}, or listen on 127.0.0.1"));
  }
}

void ReadAccounts(MapReader section, std::map<std::string, AccountSettings>& accounts) {
  ReadContext& context = section.context();
  const YamlNode* all = section.Child("accounts");
  const std::string name = section.Key("accounts");
  // Checks that it is a map; the names in it are the user's own.
  const MapReader map = section.Map("accounts");
  section.Finish();
  if (!map.present()) {
    // For the sake of the list of known keys.
    AccountSettings unused;
    ReadAccount(MapReader(context, nullptr, name + ".*"), unused);
  } else {
    for (const YamlEntry& entry : all->entries) {
      if (!IsName(entry.key)) {
        context.Error(entry.where, absl::StrCat(name, ": ", Quoted(entry.key),
                                                " is not a name: at most 63 of a-z, 0-9, - and _"));
      }
      AccountSettings& account = accounts[entry.key];
      account.name = entry.key;
      MapReader reader(context, &entry.value, absl::StrCat(name, ".", entry.key), name + ".*");
      if (entry.value.kind == YamlNode::Kind::kNull) {
        context.Error(entry.value.where, absl::StrCat(name, ".", entry.key, " is empty"));
      }
      ReadAccount(std::move(reader), account);
    }
  }
  if (accounts.count("default") == 0) {
    context.Error(map.where(),
                  absl::StrCat(name, " needs an account named default, which serves all callers"));
  }
}

void ReadStorage(MapReader section, StorageSettings& storage) {
  section.String("driver", storage.driver, [](std::string_view text) -> std::string {
    if (text == "sqlite") return "";
    if (text == "postgres") return "is not in this version yet; use sqlite";
    return "is not a driver; use sqlite";
  });
  ReadPath(section, storage.path, storage.path_where);
  section.Finish();
}

void ReadAudit(MapReader section, AuditSettings& audit) {
  ReadPath(section, audit.path, audit.path_where);
  section.Finish();
}

void ReadWebhook(MapReader section, WebhookSettings& webhook) {
  section.SecretString("signing_secret", webhook.signing_secret, CheckSigningSecret);
  section.Bool("allow_http", webhook.allow_http);
  section.Bool("allow_private_networks", webhook.allow_private_networks);
  section.Duration("timeout", webhook.timeout, kMillisecond, absl::Minutes(10));
  constexpr size_t kMostRetries = 100;
  const bool given = section.Child("retry_schedule") != nullptr;
  const auto& items = section.List("retry_schedule");
  if (given && section.Child("retry_schedule")->kind == YamlNode::Kind::kSequence) {
    webhook.retry_schedule.clear();
    for (const YamlNode& item : items) {
      const std::string name = section.Key("retry_schedule");
      if (item.kind != YamlNode::Kind::kScalar) {
        section.context().Error(item.where, absl::StrCat(name, " must be a list of durations"));
        continue;
      }
      const auto delay =
          MapReader::ReadDuration(section.context(), item, name, absl::Seconds(1), kMonth);
      if (delay) webhook.retry_schedule.push_back(*delay);
    }
    if (items.size() > kMostRetries) {
      section.context().Error(section.Child("retry_schedule")->where,
                              absl::StrCat(section.Key("retry_schedule"), " has ", items.size(),
                                           " entries; at most ", kMostRetries));
    }
  }
  section.Finish();
}

void ReadJobs(MapReader section, JobSettings& jobs) {
  section.Duration("deadline", jobs.deadline, kMillisecond, kMonth);
  section.Integer("max_queued", jobs.max_queued, 1, 10'000'000);
  section.Integer("max_active", jobs.max_active, 1, 1'000'000);
  section.Duration("request_id_retention", jobs.request_id_retention, absl::Minutes(1), kMonth);
  section.Finish();
}

void ReadServer(MapReader section, ServerSettings& server) {
  section.Duration("drain_timeout", server.drain_timeout, absl::ZeroDuration(), absl::Hours(1));
  section.Integer("worker_threads", server.worker_threads, 0, 1024);
  section.Enum("log_level", server.log_level,
               {{"debug", std::string("debug")},
                {"info", std::string("info")},
                {"warn", std::string("warn")},
                {"error", std::string("error")}});
  section.Finish();
}

}  // namespace cxscribe

// See tokens.h. Errors follow RFC 6749 section 5.2.
#include "tests/sim/tokens.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>

namespace cxscribe::sim {
namespace {

using nlohmann::json;

HttpResponse OAuthError(int status, const char* error, const char* description) {
  HttpResponse answer;
  answer.status = status;
  answer.headers.emplace_back("Cache-Control", "no-store");
  if (status == 401) answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"cxsim\"");
  answer.body = json{{"error", error}, {"error_description", description}}.dump();
  return answer;
}

std::string FirstOf(const NameValueList& form, std::string_view name) {
  for (const auto& [key, value] : form) {
    if (key == name) return value;
  }
  return "";
}

// The id and secret of an Authorization: Basic header; false when there is no such header.
bool BasicCredentials(const HttpRequest& request, std::string& id, std::string& secret) {
  const std::string header = request.Header("Authorization");
  if (!absl::StartsWithIgnoreCase(header, "Basic ")) return false;
  std::string encoded = header.substr(6);
  absl::StripAsciiWhitespace(&encoded);
  std::string decoded;
  if (!absl::Base64Unescape(encoded, &decoded)) return false;
  const size_t colon = decoded.find(':');
  if (colon == std::string::npos) return false;
  // RFC 6749 section 2.3.1: both halves are form-encoded.
  const auto decode = [](const std::string& half) {
    const NameValueList form = ParseForm("v=" + half);
    return form.empty() ? std::string() : form.front().second;
  };
  id = decode(decoded.substr(0, colon));
  secret = decode(decoded.substr(colon + 1));
  return true;
}

bool HasScope(const std::string& scopes, std::string_view wanted) {
  const std::vector<std::string> all = absl::StrSplit(scopes, ' ', absl::SkipEmpty());
  return std::find(all.begin(), all.end(), wanted) != all.end();
}

}  // namespace

HttpResponse TokenAuthority::Issue(const HttpRequest& request, absl::Time now,
                                   absl::Duration lifetime, Random& random) {
  if (request.method != "POST") {
    HttpResponse answer =
        OAuthError(405, "invalid_request", "the token endpoint takes POST requests only");
    answer.headers.emplace_back("Allow", "POST");
    return answer;
  }
  if (!absl::StartsWithIgnoreCase(request.Header("Content-Type"),
                                  "application/x-www-form-urlencoded")) {
    return OAuthError(400, "invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  const NameValueList form = ParseForm(request.body);
  const std::string grant = FirstOf(form, "grant_type");
  if (grant.empty()) return OAuthError(400, "invalid_request", "grant_type is missing");
  if (grant != "client_credentials") {
    return OAuthError(400, "unsupported_grant_type", "only client_credentials is supported");
  }
  std::string id;
  std::string secret;
  if (!BasicCredentials(request, id, secret)) {
    id = FirstOf(form, "client_id");
    secret = FirstOf(form, "client_secret");
  }
  if (id != client_id_ || secret != client_secret_) {
    return OAuthError(401, "invalid_client", "unknown client id or wrong client secret");
  }
  std::string scope = FirstOf(form, "scope");
  if (scope.empty()) {
    scope = absl::StrCat(kScopeRecordings, " ", kScopeTranscribe);
  } else {
    std::vector<std::string> granted;
    for (const char* known : {kScopeRecordings, kScopeTranscribe}) {
      if (HasScope(scope, known)) granted.emplace_back(known);
    }
    if (granted.empty()) {
      return OAuthError(400, "invalid_scope",
                        "the scopes are recordings:read and voice:transcribe");
    }
    scope = absl::StrJoin(granted, " ");
  }

  // Forget what has expired for long, so that a server that runs for days does not grow.
  for (auto it = tokens_.begin(); it != tokens_.end();) {
    it = it->second.expires + absl::Hours(24) < now ? tokens_.erase(it) : std::next(it);
  }
  if (lifetime <= absl::ZeroDuration()) lifetime = lifetime_;
  const std::string token = absl::StrFormat("cxsim.%016x%016x", random.Next(), random.Next());
  tokens_[token] = Token{now + lifetime, scope};
  ++issued_;

  HttpResponse answer;
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.body = json{
      {"access_token", token},
      {"token_type", "Bearer"},
      {"expires_in", absl::ToInt64Seconds(lifetime)},
      {"scope",
       scope}}.dump();
  return answer;
}

TokenAuthority::Verdict TokenAuthority::Check(const HttpRequest& request, std::string_view scope,
                                              absl::Time now) const {
  const std::string header = request.Header("Authorization");
  if (!absl::StartsWithIgnoreCase(header, "Bearer ")) return Verdict::kMissing;
  std::string token = header.substr(7);
  absl::StripAsciiWhitespace(&token);
  const auto found = tokens_.find(token);
  if (found == tokens_.end()) return Verdict::kUnknown;
  if (now >= found->second.expires) return Verdict::kExpired;
  return HasScope(found->second.scope, scope) ? Verdict::kGood : Verdict::kScope;
}

}  // namespace cxscribe::sim

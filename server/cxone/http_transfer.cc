#include "server/cxone/http_transfer.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "server/base/version.h"
#include "server/cxone/upstream_text.h"

namespace cxscribe {
namespace {

constexpr size_t kMaxHeaderBytes = size_t{256} << 10;

std::chrono::milliseconds ToMilliseconds(absl::Duration duration) {
  // Three weeks: what curl's 32-bit milliseconds can hold.
  return std::chrono::milliseconds(
      absl::ToInt64Milliseconds(std::clamp(duration, absl::Milliseconds(1), absl::Hours(24 * 21))));
}

// RFC 9110, 5.6.2.
bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("!#$%&'*+-.^_`|~", absl::string_view(&c, 1));
  });
}

// No line break, with which one header would become two.
bool IsHeaderValue(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

bool IsHttpUrl(const std::string& url) {
  return (absl::StartsWithIgnoreCase(url, "https://") ||
          absl::StartsWithIgnoreCase(url, "http://")) &&
         std::none_of(url.begin(), url.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
}

bool IsSafeMethod(std::string_view method) { return method == "GET" || method == "HEAD"; }

// The hosts that are never reached through a proxy: the environment's, and this machine.
const std::string& NoProxy() {
  static const std::string hosts = [] {
    const char* lower = std::getenv("no_proxy");
    const char* given = lower != nullptr ? lower : std::getenv("NO_PROXY");
    const std::string local = "localhost,127.0.0.1,::1";
    return given == nullptr || *given == '\0' ? local : absl::StrCat(given, ",", local);
  }();
  return hosts;
}

}  // namespace

HttpTransfer::HttpTransfer(HttpRequest request, HttpCallback done)
    : request_(std::move(request)),
      done_(std::move(done)),
      deadline_(SteadyClock::now() + ToMilliseconds(request_.timeout)) {}

HttpTransfer::~HttpTransfer() {
  if (handle_ != nullptr) curl_easy_cleanup(handle_);
  curl_slist_free_all(header_list_);
}

CURL* HttpTransfer::Prepare() {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - SteadyClock::now());
  if (left.count() <= 0) {
    Fail(HttpError::kTimeout, "the request waited too long for its turn");
    return nullptr;
  }
  if (!IsHttpUrl(request_.url)) {
    Fail(HttpError::kInvalidRequest, "the URL is not an http or https URL");
    return nullptr;
  }
  if (!IsToken(request_.method)) {
    Fail(HttpError::kInvalidRequest, "the method is not an HTTP method");
    return nullptr;
  }
  for (const auto& [name, value] : request_.headers) {
    if (IsToken(name) && IsHeaderValue(value)) continue;
    Fail(HttpError::kInvalidRequest, "a header holds characters that it must not hold");
    return nullptr;
  }
  if (!SetOptions(left)) {
    Fail(HttpError::kInvalidRequest, "the request cannot be prepared");
    return nullptr;
  }
  return handle_;
}

bool HttpTransfer::SetOptions(std::chrono::milliseconds time_left) {
  handle_ = curl_easy_init();
  if (handle_ == nullptr) return false;
  bool ok = true;
  const auto set = [this, &ok](CURLoption option, auto value) {
    ok = ok && curl_easy_setopt(handle_, option, value) == CURLE_OK;
  };
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_NOSIGNAL, 1L);
  // A look-up that hangs must not hold up the loop when its request has timed out.
  set(CURLOPT_QUICK_EXIT, 1L);

  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request_.ca_file.empty()) set(CURLOPT_CAINFO, request_.ca_file.c_str());
  set(CURLOPT_NOPROXY, request_.address_filter ? "*" : NoProxy().c_str());

  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::min(time_left, ToMilliseconds(request_.connect_timeout)).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(time_left.count()));
  set(CURLOPT_TCP_KEEPALIVE, 1L);

  if (IsSafeMethod(request_.method)) {
    set(CURLOPT_PIPEWAIT, 1L);  // rather share a connection than open another
    if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  } else {
    // libcurl sends a request again when a reused connection breaks before the first byte of the
    // answer, though the server may have acted on it. A fresh connection rules that out.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.data());
    set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }

  const auto add_header = [this, &ok](const std::string& line) {
    curl_slist* const list = curl_slist_append(header_list_, line.c_str());
    ok = ok && list != nullptr;
    if (list != nullptr) header_list_ = list;
  };
  // "name;" is curl's way to send a header without a value.
  for (const auto& [name, value] : request_.headers) {
    add_header(value.empty() ? name + ";" : absl::StrCat(name, ": ", value));
  }
  add_header("Expect:");  // no 100-continue
  set(CURLOPT_HTTPHEADER, header_list_);
  set(CURLOPT_USERAGENT, absl::StrCat("cxscribe/", kVersion).c_str());

  set(CURLOPT_HEADERFUNCTION, &HttpTransfer::OnHeader);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &HttpTransfer::OnBody);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(request_.max_response_bytes));
  set(CURLOPT_PREREQFUNCTION, &HttpTransfer::OnReadyToSend);
  set(CURLOPT_PREREQDATA, this);
  if (request_.address_filter) {
    set(CURLOPT_OPENSOCKETFUNCTION, &HttpTransfer::OnOpenSocket);
    set(CURLOPT_OPENSOCKETDATA, this);
  }
  return ok;
}

size_t HttpTransfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  return static_cast<HttpTransfer*>(self)->HeaderLine({data, size * count}) ? size * count : 0;
}

bool HttpTransfer::HeaderLine(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    too_large_ = true;
    return false;
  }
  const absl::string_view text =
      absl::StripAsciiWhitespace(absl::string_view(line.data(), line.size()));
  if (absl::StartsWith(text, "HTTP/")) {
    // Of an interim answer (1xx) before, or this one.
    result_.headers.clear();
    long status = 0;
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    result_.status = static_cast<int>(status);
    return true;
  }
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || colon == 0) return true;
  result_.headers.emplace_back(
      absl::AsciiStrToLower(text.substr(0, colon)),
      std::string(absl::StripLeadingAsciiWhitespace(text.substr(colon + 1))));
  return true;
}

size_t HttpTransfer::OnBody(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  const size_t bytes = size * count;
  if (bytes > transfer.request_.max_response_bytes - transfer.result_.body.size()) {
    transfer.too_large_ = true;
    return 0;
  }
  transfer.result_.body.append(data, bytes);
  return bytes;
}

// Called when the connection, with its TLS, stands and nothing of the request has been sent.
int HttpTransfer::OnReadyToSend(void* self, char* peer_ip, char*, int, int) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  if (transfer.request_.address_filter) {
    // A connection that another request opened is reused without a call of OnOpenSocket.
    sockaddr_in v4 = {};
    sockaddr_in6 v6 = {};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    const sockaddr* peer = nullptr;
    if (inet_pton(AF_INET, peer_ip, &v4.sin_addr) == 1) {
      peer = reinterpret_cast<const sockaddr*>(&v4);
    } else if (inet_pton(AF_INET6, peer_ip, &v6.sin6_addr) == 1) {
      peer = reinterpret_cast<const sockaddr*>(&v6);
    }
    if (peer == nullptr || !transfer.request_.address_filter(peer)) {
      transfer.address_refused_ = true;
      return CURL_PREREQFUNC_ABORT;
    }
  }
  transfer.result_.request_sent = true;
  return CURL_PREREQFUNC_OK;
}

curl_socket_t HttpTransfer::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  if (!transfer.request_.address_filter(&address->addr)) {
    transfer.address_refused_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

HttpError HttpTransfer::Classify(CURLcode code) const {
  if (too_large_) return HttpError::kTooLarge;
  switch (code) {
    case CURLE_OK:
      return HttpError::kNone;
    case CURLE_FILESIZE_EXCEEDED:
      return HttpError::kTooLarge;
    case CURLE_URL_MALFORMAT:
    case CURLE_NOT_BUILT_IN:
      return HttpError::kInvalidRequest;
    case CURLE_UNSUPPORTED_PROTOCOL:  // also of an answer: HTTP/0.9
      return result_.request_sent ? HttpError::kProtocol : HttpError::kInvalidRequest;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return HttpError::kResolve;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpError::kTimeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return HttpError::kTls;
    case CURLE_WEIRD_SERVER_REPLY:
      return HttpError::kProtocol;
    default:
      break;
  }
  if (address_refused_ && !result_.request_sent) return HttpError::kAddressRefused;
  return result_.request_sent ? HttpError::kBroken : HttpError::kConnect;
}

std::string HttpTransfer::Describe(CURLcode code) const {
  switch (Classify(code)) {
    case HttpError::kTooLarge:
      return absl::StrCat("the answer is larger than ", request_.max_response_bytes, " bytes");
    case HttpError::kAddressRefused:
      return "the host resolves to no address that may be connected to";
    default:
      break;
  }
  // curl's own words are more exact, for example about a certificate.
  const std::string_view detail = error_text_.data();
  return CleanUpstreamText(detail.empty() ? curl_easy_strerror(code) : detail);
}

void HttpTransfer::Finish(CURLcode code) {
  long status = 0;
  if (curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200) {
    result_.status = static_cast<int>(status);
  }
  result_.error = Classify(code);
  if (result_.error != HttpError::kNone) result_.message = Describe(code);
  std::move(done_)(std::move(result_));
}

void HttpTransfer::Fail(HttpError error, std::string message) {
  result_.error = error;
  result_.message = std::move(message);
  std::move(done_)(std::move(result_));
}

}  // namespace cxscribe

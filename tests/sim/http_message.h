// HttpRequest and HttpResponse: what SimService gets and gives, free of any HTTP library, so that
// cxsim's whole behaviour can be tested without a socket. Plain values; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/time/time.h>

namespace cxscribe::sim {

using NameValueList = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;
  std::string target;   // path and query, as sent
  std::string path;     // percent-decoded
  NameValueList query;  // percent-decoded, in order, repeats kept
  NameValueList headers;
  std::string body;

  // The first header called `name` (case does not matter), or "".
  std::string Header(std::string_view name) const;
  // Every value of the query parameter `name`, in order.
  std::vector<std::string> QueryValues(std::string_view name) const;
};

// Splits `target` into path and query.
HttpRequest MakeRequest(std::string method, std::string target, NameValueList headers = {},
                        std::string body = {});

// Decodes "a=1&b=x%20y+z" (a query string or a form body). A bad escape is kept as it stands.
NameValueList ParseForm(std::string_view text);

// How the transport delivers an answer; all but kWhole are faults.
enum class Delivery {
  kWhole,
  kReset,       // the connection is reset (RST) and not one byte is sent
  kTruncated,   // Content-Length promises the whole body, the connection closes after keep_bytes of
                // it
  kHang,        // nothing is sent until the client gives up or the hold is released
  kHangInBody,  // as kHang, but after the head and keep_bytes of the body
};

struct HttpResponse {
  int status = 200;
  NameValueList headers = {};
  std::string content_type = "application/json";
  std::string body = {};

  absl::Duration delay = absl::ZeroDuration();  // wall time that passes before the first byte
  Delivery delivery = Delivery::kWhole;
  size_t keep_bytes = 0;
  // This many filler bytes ('x') are streamed, chunked, between body[0, padding_at) and the rest of
  // the body.
  uint64_t padding_bytes = 0;
  size_t padding_at = 0;

  // The first header called `name` (case does not matter), or "".
  std::string Header(std::string_view name) const;
};

}  // namespace cxscribe::sim

// HttpTransfer: one request of HttpLoop and the libcurl handle that carries it. Only http_loop.cc
// uses it, on the loop's thread once it is constructed.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "server/cxone/http_loop.h"

namespace cxscribe {

class HttpTransfer {
 public:
  using SteadyClock = std::chrono::steady_clock;

  HttpTransfer(HttpRequest request, HttpCallback done);
  ~HttpTransfer();
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  SteadyClock::time_point deadline() const { return deadline_; }

  // The handle, ready to be added to a multi handle; stays this object's. Null: the request cannot
  // be sent or its time is up, and the callback has been called.
  CURL* Prepare();

  // One of these ends the transfer and calls back. The handle must not be in a multi handle.
  void Finish(CURLcode code);
  void Fail(HttpError error, std::string message);

 private:
  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static int OnReadyToSend(void* self, char* peer_ip, char* local_ip, int peer_port,
                           int local_port);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  bool HeaderLine(std::string_view line);
  bool SetOptions(std::chrono::milliseconds time_left);
  HttpError Classify(CURLcode code) const;
  std::string Describe(CURLcode code) const;

  HttpRequest request_;
  HttpCallback done_;
  const SteadyClock::time_point deadline_;
  CURL* handle_ = nullptr;
  curl_slist* header_list_ = nullptr;
  std::array<char, CURL_ERROR_SIZE> error_text_ = {};

  HttpResult result_;
  size_t header_bytes_ = 0;
  bool too_large_ = false;
  bool address_refused_ = false;
};

}  // namespace cxscribe

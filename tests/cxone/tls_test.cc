// HttpLoop over TLS: which certificates it trusts, and that nothing is sent to the others.
#include <atomic>
#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "server/cxone/http_loop.h"
#include "tests/cxone/raw_server.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

// A key and a certificate signed by it, for the address 127.0.0.1 only.
class SelfSigned {
 public:
  SelfSigned() : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), 3600);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* const name = X509_get_subject_name(certificate_);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("cxscribe test"), -1, -1, 0);
    X509_set_issuer_name(certificate_, name);
    X509_EXTENSION* const addresses =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate_, addresses, -1);
    X509_EXTENSION_free(addresses);
    X509_sign(certificate_, key_, EVP_sha256());
  }
  ~SelfSigned() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  SelfSigned(const SelfSigned&) = delete;
  SelfSigned& operator=(const SelfSigned&) = delete;

  std::string Pem() const {
    BIO* const out = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(out, certificate_);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    std::string pem(data, static_cast<size_t>(size));
    BIO_free(out);
    return pem;
  }
  void Use(SSL_CTX* context) const {
    SSL_CTX_use_certificate(context, certificate_);
    SSL_CTX_use_PrivateKey(context, key_);
  }

 private:
  EVP_PKEY* key_;
  X509* certificate_;
};

class TlsTest : public testing::Test {
 protected:
  TlsTest()
      : context_(SSL_CTX_new(TLS_server_method())),
        ca_file_(folder_.Write("ca.pem", certificate_.Pem())) {
    certificate_.Use(context_);
  }
  ~TlsTest() override {
    server_.reset();
    SSL_CTX_free(context_);
  }

  // Answers one request of each connection.
  void Serve(RawConnection& connection) {
    SSL* const tls = SSL_new(context_);
    SSL_set_fd(tls, connection.fd());
    char request[4096];
    if (SSL_accept(tls) == 1 && SSL_read(tls, request, sizeof(request)) > 0) {
      ++requests_;
      const std::string answer = HttpAnswer(200, "safe", "Connection: close\r\n");
      SSL_write(tls, answer.data(), static_cast<int>(answer.size()));
      SSL_shutdown(tls);
    }
    SSL_free(tls);
  }

  HttpResult Get(const std::string& host, const std::string& ca_file) {
    HttpRequest request;
    request.url = "https://" + host + ":" + std::to_string(server_->port()) + "/";
    request.ca_file = ca_file;
    auto promise = std::make_shared<std::promise<HttpResult>>();
    http_.Send(std::move(request),
               [promise](HttpResult result) { promise->set_value(std::move(result)); });
    return promise->get_future().get();
  }

  TempDir folder_;
  SelfSigned certificate_;
  SSL_CTX* context_;
  std::string ca_file_;
  std::atomic<int> requests_ = 0;
  std::unique_ptr<RawServer> server_ =
      std::make_unique<RawServer>([this](RawConnection& connection, int) { Serve(connection); });
  HttpLoop http_;
};

TEST_F(TlsTest, ACertificateOfTheGivenAuthorityIsTrusted) {
  const HttpResult result = Get("127.0.0.1", ca_file_);
  EXPECT_TRUE(result.ok()) << result.message;
  EXPECT_EQ(result.body, "safe");
}

TEST_F(TlsTest, AnUnknownAuthorityIsNot) {
  const HttpResult result = Get("127.0.0.1", "");
  EXPECT_EQ(result.error, HttpError::kTls) << result.message;
  EXPECT_FALSE(result.request_sent);
  EXPECT_EQ(requests_, 0);
}

TEST_F(TlsTest, ACertificateForAnotherNameIsNot) {
  const HttpResult result = Get("localhost", ca_file_);
  EXPECT_EQ(result.error, HttpError::kTls) << result.message;
  EXPECT_FALSE(result.request_sent);
  EXPECT_EQ(requests_, 0);
}

TEST_F(TlsTest, AMissingAuthorityFileIsATlsError) {
  const HttpResult result = Get("127.0.0.1", folder_.File("none.pem"));
  EXPECT_EQ(result.error, HttpError::kTls) << result.message;
  EXPECT_FALSE(result.request_sent);
}

TEST_F(TlsTest, ATrustedConnectionIsNotReusedForARequestThatTrustsLess) {
  EXPECT_TRUE(Get("127.0.0.1", ca_file_).ok());
  EXPECT_EQ(Get("127.0.0.1", "").error, HttpError::kTls);
}

}  // namespace
}  // namespace cxscribe

// Writes the certificates that the end-to-end tests of TLS need into a folder:
//
//   ca.pem, other_ca.pem      two authorities that know nothing of each other
//   server.pem, server.key    signed by the first, for the address 127.0.0.1
//   client.pem, client.key    signed by the first, for "claims-service"
//   stranger.pem, …           the same name, signed by the other
//
// usage: e2e_certificates FOLDER
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace {

[[noreturn]] void Fail(const std::string& what) {
  std::fprintf(stderr, "e2e_certificates: cannot %s\n", what.c_str());
  std::exit(1);
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Identity {
  std::unique_ptr<EVP_PKEY, Free> key;
  std::unique_ptr<X509, Free> certificate;
};

// Signed by `issuer`, or by itself where that is null. `extension` is OpenSSL's own notation.
Identity Make(const char* name, const Identity* issuer, int extension, const char* value) {
  Identity made{std::unique_ptr<EVP_PKEY, Free>(EVP_EC_gen("P-256")),
                std::unique_ptr<X509, Free>(X509_new())};
  static long serial = 0;
  X509* const x509 = made.certificate.get();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(x509), -60);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  const Identity& signer = issuer == nullptr ? made : *issuer;
  X509_set_issuer_name(x509, X509_get_subject_name(signer.certificate.get()));
  const std::unique_ptr<X509_EXTENSION, Free> part(
      X509V3_EXT_conf_nid(nullptr, nullptr, extension, value));
  if (part == nullptr || X509_add_ext(x509, part.get(), -1) != 1 ||
      X509_sign(x509, signer.key.get(), EVP_sha256()) == 0) {
    Fail(std::string("sign the certificate of ") + name);
  }
  return made;
}

void Write(const std::string& stem, const Identity& identity) {
  const std::unique_ptr<std::FILE, Free> pem(std::fopen((stem + ".pem").c_str(), "w"));
  const std::unique_ptr<std::FILE, Free> key(std::fopen((stem + ".key").c_str(), "w"));
  if (pem == nullptr || key == nullptr ||
      PEM_write_X509(pem.get(), identity.certificate.get()) != 1 ||
      PEM_write_PKCS8PrivateKey(key.get(), identity.key.get(), nullptr, nullptr, 0, nullptr,
                                nullptr) != 1) {
    Fail("write " + stem + ".pem and " + stem + ".key");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) Fail("work without a folder");
  const std::string folder = std::string(argv[1]) + "/";
  constexpr char kAuthority[] = "critical,CA:TRUE";
  const Identity ca = Make("cxscribe test CA", nullptr, NID_basic_constraints, kAuthority);
  const Identity other = Make("another CA", nullptr, NID_basic_constraints, kAuthority);
  Write(folder + "ca", ca);
  Write(folder + "other_ca", other);
  Write(folder + "server", Make("server", &ca, NID_subject_alt_name, "IP:127.0.0.1"));
  Write(folder + "client", Make("claims-service", &ca, NID_ext_key_usage, "clientAuth"));
  Write(folder + "stranger", Make("claims-service", &other, NID_ext_key_usage, "clientAuth"));
  return 0;
}

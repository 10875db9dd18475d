#include "server/base/hash.h"

#include <array>
#include <bit>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace cxscribe {
namespace {

static_assert(std::endian::native == std::endian::little, "Hasher writes native integers");

void CheckCrypto(int result) {
  if (result != 1) std::abort();  // only on memory exhaustion, or an OpenSSL without SHA-256
}

}  // namespace

std::string HexEncode(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

std::string Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  CheckCrypto(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr));
  return HexEncode({reinterpret_cast<const char*>(digest.data()), size});
}

std::string HmacSha256(std::string_view key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  // OpenSSL takes a null key for no key, and fails; an empty view may hold one.
  if (HMAC(EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
           &size) == nullptr) {
    std::abort();
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

void Hasher::Deleter::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Hasher::Hasher() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) std::abort();
  CheckCrypto(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

Hasher::~Hasher() = default;

void Hasher::Update(const void* data, size_t size) {
  CheckCrypto(EVP_DigestUpdate(context_.get(), data, size));
}

Hasher& Hasher::Add(std::string_view field) {
  Add(static_cast<int64_t>(field.size()));
  Update(field.data(), field.size());
  return *this;
}

Hasher& Hasher::AddInteger(int64_t value) {
  Update(&value, sizeof value);
  return *this;
}

Hasher& Hasher::Add(double value) {
  if (value == 0) value = 0;  // one zero: -0.0 equals 0.0
  Update(&value, sizeof value);
  return *this;
}

std::string Hasher::Hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  CheckCrypto(EVP_DigestFinal_ex(context_.get(), digest.data(), &size));
  return HexEncode({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace cxscribe

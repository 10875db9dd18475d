// SHA-256, as lower-case hex: over a string, or fed piece by piece.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace cxscribe {

// 64 lower-case hex digits.
std::string Sha256Hex(std::string_view bytes);
// 32 raw bytes: HMAC-SHA-256 of `message` under `key`.
std::string HmacSha256(std::string_view key, std::string_view message);
// Standard alphabet, with padding.
std::string Base64(std::string_view bytes);
std::string HexEncode(std::string_view bytes);

// Hashes a sequence of fields without ambiguity: every string is preceded by its length as 8 bytes,
// little endian, and every integer is 8 bytes, little endian. This is the "length-prefixed form"
// that evidence names. Not thread-safe.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Hasher& Add(std::string_view field);
  template <std::integral T>
  Hasher& Add(T value) {
    return AddInteger(static_cast<int64_t>(value));
  }
  // The IEEE 754 bits, so that equal hashes mean equal numbers.
  Hasher& Add(double value);

  // Ends the hash; the hasher must not be used after that.
  std::string Hex();

 private:
  Hasher& AddInteger(int64_t value);
  void Update(const void* data, size_t size);
  struct Deleter {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Deleter> context_;
};

}  // namespace cxscribe

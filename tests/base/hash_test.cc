// Hashes and encodings against published vectors, and the length-prefixed form against ambiguity.
#include "server/base/hash.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace cxscribe {
namespace {

// FIPS 180-4, and NIST's examples.
TEST(Sha256Hex, MatchesPublishedVectors) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// RFC 4231, cases 1, 2, 3 and 6.
TEST(HmacSha256, MatchesRfc4231) {
  EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(HexEncode(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(HexEncode(HmacSha256(std::string(20, '\xaa'), std::string(50, '\xdd'))),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(HexEncode(HmacSha256(std::string(131, '\xaa'),
                                 "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAndAnEmptyMessage) {
  EXPECT_EQ(HexEncode(HmacSha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// RFC 4648, section 10.
TEST(Base64, MatchesRfc4648) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xfb\xff\xfe"), "+//+");
}

TEST(HexEncode, WritesTwoLowerCaseDigitsAByte) {
  using namespace std::string_view_literals;
  EXPECT_EQ(HexEncode("\x00\x0f\xa5\xff"sv), "000fa5ff");
}

TEST(Hasher, DoesNotConfuseWhereFieldsEnd) {
  const std::string ab_c = Hasher().Add("ab").Add("c").Hex();
  EXPECT_NE(ab_c, Hasher().Add("a").Add("bc").Hex());
  EXPECT_NE(ab_c, Hasher().Add("abc").Hex());
  EXPECT_NE(ab_c, Hasher().Add("ab").Add("c").Add("").Hex());
  EXPECT_NE(ab_c, Hasher().Add("").Add("ab").Add("c").Hex());
  EXPECT_EQ(ab_c, Hasher().Add("ab").Add("c").Hex());
}

// The documented form, byte by byte: an auditor must be able to compute it elsewhere.
TEST(Hasher, HashesTheDocumentedBytes) {
  using namespace std::string_literals;
  const std::string bytes = "\x02\x00\x00\x00\x00\x00\x00\x00"s +
                            "hi" +  // a string: its length, then itself
                            "\xfe\xff\xff\xff\xff\xff\xff\xff"s +  // -2, little endian
                            "\x00\x00\x00\x00\x00\x00\xf8\x3f"s +  // 1.5, IEEE 754
                            "\x00\x00\x00\x00\x00\x00\x00\x00"s;   // an empty string
  EXPECT_EQ(Hasher().Add("hi").Add(-2).Add(1.5).Add("").Hex(), Sha256Hex(bytes));
}

TEST(Hasher, TakesEveryWidthOfAnIntegerAlike) {
  const std::string seven = Hasher().Add(int64_t{7}).Hex();
  EXPECT_EQ(seven, Hasher().Add(int32_t{7}).Hex());
  EXPECT_EQ(seven, Hasher().Add(uint8_t{7}).Hex());
  EXPECT_EQ(seven, Hasher().Add(size_t{7}).Hex());
  EXPECT_EQ(Hasher().Add(true).Hex(), Hasher().Add(1).Hex());
}

TEST(Hasher, HasOneZero) { EXPECT_EQ(Hasher().Add(-0.0).Hex(), Hasher().Add(0.0).Hex()); }

}  // namespace
}  // namespace cxscribe

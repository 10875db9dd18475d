// Where webhooks may go: every special-purpose block, every spelling of an address.
#include "server/webhook/policy.h"

#include <string>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace cxscribe {
namespace {

using ::testing::HasSubstr;

WebhookSettings Configured() {
  WebhookSettings settings;
  settings.signing_secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  return settings;
}

AddressClass Classify(const std::string& text) {
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
  } else if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
  } else {
    ADD_FAILURE() << text << " is no address";
  }
  return ClassifyAddress(reinterpret_cast<const sockaddr*>(&storage));
}

TEST(ClassifyAddress, NeverTakesMetadataAndOtherPlacesThatAreNoReceivers) {
  for (const char* address : {"0.0.0.0",
                              "0.1.2.3",
                              "169.254.0.1",
                              "169.254.169.254",
                              "168.63.129.16",
                              "100.100.100.200",
                              "192.0.0.192",
                              "192.0.2.1",
                              "198.51.100.7",
                              "203.0.113.9",
                              "192.88.99.1",
                              "224.0.0.1",
                              "239.255.255.255",
                              "240.0.0.1",
                              "255.255.255.255",
                              "::",
                              "fe80::1",
                              "febf::1",
                              "fec0::1",
                              "ff02::1",
                              "ff0e::1",
                              "fd00:ec2::254",
                              "2001:db8::1",
                              "3fff::1",
                              "2001::1",
                              "2001:10::1",
                              "100::1",
                              "4000::1",
                              "5f00::1",
                              "::8.8.8.8",
                              "::ffff:169.254.169.254",
                              "::ffff:0.0.0.0",
                              "64:ff9b::169.254.169.254",
                              "2002:a9fe:a9fe::1"}) {
    EXPECT_EQ(Classify(address), AddressClass::kForbidden) << address;
  }
}

TEST(ClassifyAddress, KnowsPrivateNetworks) {
  for (const char* address :
       {"10.0.0.1",       "10.255.255.255",    "100.64.0.1",       "100.127.255.255",
        "127.0.0.1",      "127.1.2.3",         "172.16.0.1",       "172.31.255.255",
        "192.168.0.1",    "198.18.0.1",        "198.19.255.255",   "::1",
        "fc00::1",        "fd12:3456::1",      "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b:1::1",     "2002:7f00:1::1",
        "2002:808:808::1"}) {
    EXPECT_EQ(Classify(address), AddressClass::kPrivate) << address;
  }
}

TEST(ClassifyAddress, KnowsPublicAddressesAndWhereTheBlocksEnd) {
  for (const char* address :
       {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
        "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.0",
        "169.253.255.255", "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
        "192.167.255.255", "192.169.0.0",     "198.17.255.255",       "198.20.0.0",
        "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888", "2001:200::1",
        "64:ff9b::8.8.8.8"}) {
    EXPECT_EQ(Classify(address), AddressClass::kPublic) << address;
  }
}

TEST(ClassifyAddress, ForbidsOtherKindsOfSockets) {
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_EQ(ClassifyAddress(reinterpret_cast<const sockaddr*>(&local)), AddressClass::kForbidden);
}

TEST(WebhookPolicy, LooksAtTheAddressThatAConnectionGoesTo) {
  const auto allows = [](const WebhookSettings& settings, uint32_t address) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(address);
    return WebhookPolicy(settings).IsAddressAllowed(reinterpret_cast<const sockaddr*>(&v4));
  };
  constexpr uint32_t kPublic = 0x08080808;
  constexpr uint32_t kLoopback = 0x7F000001;
  constexpr uint32_t kMetadata = 0xA9FEA9FE;
  WebhookSettings settings = Configured();
  EXPECT_TRUE(allows(settings, kPublic));
  EXPECT_FALSE(allows(settings, kLoopback));
  EXPECT_FALSE(allows(settings, kMetadata));
  settings.allow_private_networks = true;
  EXPECT_TRUE(allows(settings, kPublic));
  EXPECT_TRUE(allows(settings, kLoopback));
  EXPECT_FALSE(allows(settings, kMetadata));
}

TEST(ParseWebhookUrl, NamesTheFieldOfWhatIsNoUrl) {
  for (const std::string& url : {std::string(),
                                 std::string("hooks.example.com/x"),
                                 std::string("/x"),
                                 std::string("https://"),
                                 std::string("https:///x"),
                                 std::string("ftp://example.com/"),
                                 std::string("file:///etc/passwd"),
                                 std::string("gopher://example.com/"),
                                 std::string("https://user:pw@example.com/"),
                                 std::string("https://user@example.com/"),
                                 std::string("https://example.com/#part"),
                                 std::string("https://example.com:0/"),
                                 std::string("https://example.com:65536/"),
                                 std::string("https://example.com:x/"),
                                 std::string("https://exa mple.com/"),
                                 std::string("https://example.com/a\nb"),
                                 std::string("https://example.com/\0", 21),
                                 std::string("https://ex\xC3\xA4mple.com/"),
                                 std::string("javascript:alert(1)"),
                                 std::string("https://example.com\\@10.0.0.1/"),
                                 "https://example.com/" + std::string(2048, 'x')}) {
    const auto target = ParseWebhookUrl(url);
    ASSERT_FALSE(target.ok()) << url;
    EXPECT_EQ(target.status().code(), absl::StatusCode::kInvalidArgument) << url;
    google::rpc::BadRequest bad_request;
    const google::rpc::Status rpc = ToRpcStatus(target.status());
    ASSERT_GT(rpc.details_size(), 0);
    ASSERT_TRUE(rpc.details(0).UnpackTo(&bad_request)) << url;
    EXPECT_EQ(bad_request.field_violations(0).field(), "webhook_url");
  }
}

TEST(ParseWebhookUrl, TakesAUrlApart) {
  const auto target = ParseWebhookUrl("HTTPS://Hooks.Example.COM/cxscribe?token=1");
  ASSERT_TRUE(target.ok()) << target.status();
  EXPECT_EQ(target->scheme, "https");
  EXPECT_EQ(target->host, "hooks.example.com");
  EXPECT_EQ(target->port, 443);
  const auto v6 = ParseWebhookUrl("http://[2606:4700::1111]:8080/");
  ASSERT_TRUE(v6.ok()) << v6.status();
  EXPECT_EQ(v6->host, "[2606:4700::1111]");
  EXPECT_EQ(v6->port, 8080);
  EXPECT_EQ(ParseWebhookUrl("http://example.com/")->port, 80);
}

void ExpectForbidden(const WebhookSettings& settings, const std::string& url,
                     const std::string& remedy) {
  const absl::Status status = WebhookPolicy(settings).CheckUrl(url);
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << url << ": " << status;
  EXPECT_EQ(ReasonOf(status), "WEBHOOK_FORBIDDEN") << url;
  EXPECT_THAT(std::string(status.message()), HasSubstr(remedy)) << url;
}

TEST(WebhookPolicy, RefusesPrivateTargetsInEverySpelling) {
  for (const char* url : {"https://127.0.0.1/",
                          "https://127.0.0.1./",
                          "https://127.1./",
                          "https://0x7f.1./",
                          "https://127.1/",
                          "https://2130706433/",
                          "https://0x7f000001/",
                          "https://0x7f.1/",
                          "https://017700000001/",
                          "https://[::1]/",
                          "https://[::ffff:127.0.0.1]/",
                          "https://[::ffff:7f00:1]/",
                          "https://10.1.2.3/",
                          "https://192.168.1.1:8443/",
                          "https://100.64.0.1/",
                          "https://[fd12::1]/",
                          "https://localhost/",
                          "https://LOCALHOST./",
                          "https://x.localhost/",
                          "https://printer.local/",
                          "https://api.internal/",
                          "https://intranet/",
                          "https://%31%32%37.0.0.1/"}) {
    ExpectForbidden(Configured(), url, "webhook.allow_private_networks");
  }
}

TEST(WebhookPolicy, RefusesMetadataServicesWhateverIsConfigured) {
  WebhookSettings settings = Configured();
  settings.allow_private_networks = true;
  settings.allow_http = true;
  for (const char* url :
       {"http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xA9FEA9FE/",
        "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/",
        "http://metadata.google.internal/", "http://metadata/", "https://0.0.0.0/", "https://[::]/",
        "https://[::ffff:169.254.169.254]/"}) {
    ExpectForbidden(settings, url, "no setting allows it");
  }
}

TEST(WebhookPolicy, RefusesHttpUnlessItIsAllowed) {
  WebhookSettings settings = Configured();
  ExpectForbidden(settings, "http://hooks.example.com/", "webhook.allow_http");
  settings.allow_http = true;
  EXPECT_TRUE(WebhookPolicy(settings).CheckUrl("http://hooks.example.com/").ok());
}

TEST(WebhookPolicy, RefusesEverythingWithoutASigningSecret) {
  const absl::Status status =
      WebhookPolicy(WebhookSettings()).CheckUrl("https://hooks.example.com/");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(status), "WEBHOOK_NOT_CONFIGURED");
  EXPECT_THAT(std::string(status.message()), HasSubstr("webhook.signing_secret"));
}

TEST(WebhookPolicy, TakesPublicHttpsTargets) {
  const WebhookPolicy policy(Configured());
  EXPECT_TRUE(policy.CheckUrl("https://hooks.example.com/cxscribe?tenant=1").ok());
  EXPECT_TRUE(policy.CheckUrl("https://hooks.example.com:8443/").ok());
  EXPECT_TRUE(policy.CheckUrl("https://8.8.8.8/").ok());
  EXPECT_TRUE(policy.CheckUrl("https://[2606:4700::1111]/").ok());
  EXPECT_TRUE(policy.CheckUrl("https://127.0.0.1.example.com/").ok());
  EXPECT_TRUE(policy.CheckUrl("https://mylocalhost.example/").ok());
}

TEST(WebhookPolicy, TakesPrivateTargetsWhenTheyAreAllowed) {
  WebhookSettings settings = Configured();
  settings.allow_private_networks = true;
  const WebhookPolicy policy(settings);
  EXPECT_TRUE(policy.CheckUrl("https://127.0.0.1:8443/hook").ok());
  EXPECT_TRUE(policy.CheckUrl("https://localhost/").ok());
  EXPECT_TRUE(policy.CheckUrl("https://hooks.team.svc.cluster.local/").ok());
  ExpectForbidden(settings, "http://127.0.0.1/", "webhook.allow_http");
}

}  // namespace
}  // namespace cxscribe

#include "server/auth/api_key.h"

#include <array>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "gate/base/hash.h"
#include "gate/base/value.h"

namespace server::auth {
namespace {

// Seeded, so that each run sees the same keys.
class SeededRandom final : public gate::ports::Random {
 public:
  void fill(std::span<std::uint8_t> bytes) const override {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  mutable std::mt19937_64 engine_{1};
};

template <class T>
concept Streamable = requires(std::ostringstream out, const T& value) {
  out << value;
};

// What a secret must not have: a way into a log line by accident.
static_assert(!fmt::is_formattable<ApiKey>::value);
static_assert(!Streamable<ApiKey>);
static_assert(!std::is_convertible_v<ApiKey, std::string>);
static_assert(!std::is_constructible_v<gate::Value, ApiKey>);

TEST(ApiKey, IsReadBack) {
  const SeededRandom random;
  for (const KeyEnvironment environment : {KeyEnvironment::live, KeyEnvironment::demo}) {
    const ApiKey key = ApiKey::make(environment, random);
    const auto name = parse_key(key.reveal());
    ASSERT_TRUE(name.has_value());
    EXPECT_EQ(name->environment, environment);
    EXPECT_EQ(name->id, key.id());
    EXPECT_EQ(key.reveal().size(), 55U);
    EXPECT_EQ(to_hex(key.digest()), gate::sha256_hex(key.reveal()));
  }
}

TEST(ApiKey, ChecksumIsCrc32InBase62) {
  // zlib's crc32() of the 48 characters, most significant digit first.
  const std::string body = "rgk_live_abcdefgh_0123456789ABCDEFGHIJKLMNOPQRST";
  EXPECT_TRUE(parse_key(body + "_0M6xBv").has_value());
  EXPECT_FALSE(parse_key(body + "_0M6xBw").has_value());
}

TEST(ApiKey, EveryTypoOfOneCharacterIsRefused) {
  const SeededRandom random;
  const std::string text = ApiKey::make(KeyEnvironment::live, random).reveal();
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int other = 1; other < 256; ++other) {
      std::string typo = text;
      typo[at] = static_cast<char>(other);
      EXPECT_EQ(parse_key(typo).has_value(), typo == text) << at << " " << other;
    }
  }
}

TEST(ApiKey, RefusesWhatIsNone) {
  const SeededRandom random;
  const std::string text = ApiKey::make(KeyEnvironment::live, random).reveal();
  const std::pair<const char*, std::string> rows[] = {
      {"empty", ""},
      {"one character less", text.substr(1)},
      {"the last one missing", text.substr(0, text.size() - 1)},
      {"a space behind", text + " "},
      {"a NUL in it", text.substr(0, 20) + std::string(1, '\0') + text.substr(21)},
      {"another environment", "rgk_test" + text.substr(8)},
      {"capitals", "RGK" + text.substr(3)},
      {"long", std::string(1'000'000, 'a')},
  };
  for (const auto& [name, value] : rows) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(parse_key(value).has_value());
  }
}

TEST(ApiKey, EveryCharacterIsEquallyLikely) {
  const SeededRandom random;
  std::map<char, int> seen;
  constexpr int kKeys = 10'000;
  for (int i = 0; i < kKeys; ++i) {
    const std::string text = ApiKey::make(KeyEnvironment::live, random).reveal();
    for (const char c : text.substr(18, 30)) ++seen[c];
  }
  const double expected = kKeys * 30.0 / 62;
  double chi_squared = 0;
  for (const auto& [c, count] : seen) chi_squared += (count - expected) * (count - expected) / expected;
  EXPECT_EQ(seen.size(), 62U);
  // 61 degrees of freedom: more than 130 once in a million. Bytes taken modulo 62 give some 20,000.
  EXPECT_LT(chi_squared, 130);
}

TEST(ApiKey, IsHiddenWhereverItStands) {
  const std::string key = "rgk_live_AbCdEf12_0123456789ABCDEFGHIJKLMNOPQRST_UVWXYZ";
  EXPECT_EQ(without_secrets(""), "");
  EXPECT_EQ(without_secrets("no key"), "no key");
  EXPECT_EQ(without_secrets(key), "rgk_live_AbCdEf12…");
  EXPECT_EQ(without_secrets("/a/" + key + "/b?" + key + "=c"),
            "/a/rgk_live_AbCdEf12…/b?rgk_live_AbCdEf12…=c");
  EXPECT_EQ(without_secrets(key.substr(0, 30)), "rgk_live_AbCdEf12…") << "half of it";
  EXPECT_EQ(without_secrets("rgk_live_AbCdEf12 and rgk_"), "rgk_live_AbCdEf12 and rgk_");
}

TEST(ApiKey, DigestsAreComparedWhole) {
  const KeyDigest digest = digest_of("rgk");
  for (std::size_t at = 0; at < digest.size(); ++at) {
    KeyDigest other = digest;
    other[at] ^= 1U;
    EXPECT_FALSE(equal(digest, other)) << at;
  }
  EXPECT_TRUE(equal(digest, digest_of("rgk")));
}

TEST(ApiKey, DigestsAreReadFromHex) {
  const KeyDigest digest = digest_of("rgk");
  EXPECT_EQ(digest_from_hex(to_hex(digest)), digest);
  for (const std::string& wrong : {std::string{}, to_hex(digest).substr(1), std::string(64, 'G')}) {
    EXPECT_EQ(digest_from_hex(wrong), std::nullopt);
  }
}

}  // namespace
}  // namespace server::auth

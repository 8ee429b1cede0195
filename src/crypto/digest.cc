#include "crypto/digest.h"

#include <array>
#include <cstdint>

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace mainspring::crypto {
namespace {

constexpr std::string_view kUrlSafe =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

base::Blob sha256(std::string_view bytes) {
  base::Blob digest{std::string(SHA256_DIGEST_LENGTH, '\0')};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.bytes.data()));
  return digest;
}

std::string to_hex(const base::Blob& blob) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (const char c : blob.bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 0x0f];
  }
  return out;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string make_token(std::string_view prefix, env::Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  random.fill(bytes);
  std::string out{prefix};
  out += '_';
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8) | byte;
    for (held += 8; held >= 6; held -= 6)
      out += kUrlSafe[(bits >> (held - 6)) & 0x3f];
  }
  if (held > 0) out += kUrlSafe[(bits << (6 - held)) & 0x3f];
  return out;
}

}  // namespace mainspring::crypto

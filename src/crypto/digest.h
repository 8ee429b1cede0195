// SHA-256, constant-time comparison, and random tokens.
//
// Source: FIPS 180-4 by OpenSSL 3. Pure but for the randomness given; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/blob.h"
#include "env/random.h"

namespace mainspring::crypto {

base::Blob sha256(std::string_view bytes);
std::string to_hex(const base::Blob& blob);

// True when equal; takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// "<prefix>_" and 43 characters of URL-safe base64: 256 random bits.
std::string make_token(std::string_view prefix, env::Random& random);

}  // namespace mainspring::crypto

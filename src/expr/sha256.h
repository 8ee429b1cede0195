// SHA-256, for hash(). The digests of module crypto come from OpenSSL, and this floor is pure.
//
// Source: FIPS 180-4, section 6.2.
#pragma once

#include <string>
#include <string_view>

namespace mainspring::expr {

// 64 hexadecimal digits, in lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace mainspring::expr

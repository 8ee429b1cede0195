#include "execution/mask.h"

#include <doctest/doctest.h>

#include <random>

namespace mainspring::execution {
namespace {

std::string masked(const std::vector<std::string>& secrets, std::string_view text) {
  return mask(MaskPatterns{secrets}, text);
}

// Says of each byte whether some secret covers it, the slow way.
std::string mask_slowly(const std::vector<std::string>& secrets, std::string_view text) {
  std::vector<int> starts(text.size() + 1, 0);  // the end of the longest secret that starts here
  for (const std::string& secret : secrets) {
    if (secret.size() < kShortestSecret) continue;
    for (std::size_t at = text.find(secret); at != text.npos; at = text.find(secret, at + 1))
      starts[at] = std::max(starts[at], static_cast<int>(at + secret.size()));
  }
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (starts[i] == 0) {
      result += text[i++];
      continue;
    }
    auto end = static_cast<std::size_t>(starts[i]);
    for (std::size_t j = i + 1; j < end; ++j)
      end = std::max(end, static_cast<std::size_t>(starts[j]));
    result += kMask;
    i = end;
  }
  return result;
}

TEST_CASE("every occurrence of a secret becomes stars, and nothing else changes") {
  CHECK_EQ(masked({"hunter22"}, "pw=hunter22, again hunter22!\n"), "pw=***, again ***!\n");
  CHECK_EQ(masked({"hunter22"}, "hunter2 hunter"), "hunter2 hunter");
  CHECK_EQ(masked({}, "text"), "text");
  const std::string binary("\0\xff\x80 secret\0", 11);
  CHECK_EQ(masked({"secret"}, binary), std::string("\0\xff\x80 ***\0", 8));
}

TEST_CASE("secrets that overlap, touch or lie in one another are masked as far as they reach") {
  CHECK_EQ(masked({"abcd", "cdef"}, "xabcdefx"), "x***x");
  CHECK_EQ(masked({"abcd"}, "abcdabcd"), "******");
  CHECK_EQ(masked({"aaaa"}, "aaaaaaaaab"), "***b");
  CHECK_EQ(masked({"bcde", "abcdefgh"}, "abcdefgx abcdefgh"), "a***fgx ***");
}

TEST_CASE("each line of a secret is one too, and what is too short is none") {
  const std::vector<std::string> key{"BEGIN\r\nfirst line\nab\n\nlast line\n"};
  CHECK_EQ(masked(key, "| first line\n| ab\n| last line|BEGIN"), "| ***\n| ab\n| ***|***");
  CHECK_EQ(masked(key, ">" + key[0] + "<"), ">***<");
  CHECK(MaskPatterns{{"abc", "", "a\nb\nc"}}.empty() == false);  // as a whole it has five bytes
  CHECK(MaskPatterns{{"abc", ""}}.empty());
}

TEST_CASE("what may be the beginning of a secret is held back, and no more than that") {
  const MaskPatterns patterns{{"hunter22"}};
  MaskStream stream{patterns};
  CHECK_EQ(stream.write("login: hunt"), "login: ");
  CHECK_EQ(stream.write("er2"), "");
  CHECK_EQ(stream.write("2 ok"), "*** ok");
  CHECK_EQ(stream.write("hunters"), "hunters");
  CHECK_EQ(stream.write("hunter2"), "");
  CHECK_EQ(stream.finish(), "hunter2");
}

TEST_CASE("a short beginning is let go after a while, and the rest of its secret is masked") {
  const MaskPatterns patterns{{"hunter22", "hunter22 and more"}};
  MaskStream stream{patterns};
  CHECK_EQ(stream.write("password? h"), "password? ");
  CHECK_EQ(stream.flush_short(), "h");
  CHECK_EQ(stream.flush_short(), "");
  CHECK_EQ(stream.write("unter22"), "");
  CHECK_EQ(stream.flush_short(), "");
  CHECK_EQ(stream.write("!"), "***!");
  CHECK_EQ(stream.write("hunt"), "");
  CHECK_EQ(stream.flush_short(), "");  // four bytes would give much of a secret away
  CHECK_EQ(stream.write("hunter22"), "hunt");
  CHECK_EQ(stream.finish(), "***");
}

TEST_CASE("a secret that comes byte by byte, with a wait after each, gives three bytes away") {
  const MaskPatterns patterns{{"hunter22"}};
  MaskStream stream{patterns};
  std::string told;
  for (const char byte : std::string{"hunter22"}) {
    told += stream.write({&byte, 1});
    told += stream.flush_short();
  }
  CHECK_EQ(told, "hun***");
}

TEST_CASE("a stream masked in random pieces is the whole masked, and the slow way agrees") {
  std::random_device entropy;
  const std::uint64_t seed = (std::uint64_t{entropy()} << 32) | entropy();
  CAPTURE(seed);  // to replay: put it in place of the two draws
  std::mt19937_64 random{seed};
  const auto below = [&](std::uint64_t limit) {
    return static_cast<std::size_t>(random() % limit);
  };
  const auto draw = [&](std::size_t size) {
    std::string text;
    while (text.size() < size)
      text += "ab\ncd"[below(random() % 4 == 0 ? 5 : 2)];
    return text;
  };
  for (int round = 0; round < 3'000; ++round) {
    std::vector<std::string> secrets;
    std::vector<std::string> with_lines;
    for (std::size_t i = below(5); i > 0; --i) {
      secrets.push_back(draw(below(12)));
      with_lines.push_back(secrets.back());
      std::string_view rest = secrets.back();
      for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        with_lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end + 1);
      }
      with_lines.emplace_back(rest);
    }
    const std::string text = draw(below(120));
    const MaskPatterns patterns{secrets};
    MaskStream stream{patterns};
    std::string streamed;
    std::string_view rest = text;
    while (!rest.empty()) {
      const std::size_t size = std::min(rest.size(), 1 + below(9));
      streamed += stream.write(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    streamed += stream.finish();
    CAPTURE(text);
    REQUIRE_EQ(streamed, mask_slowly(with_lines, text));
    REQUIRE_EQ(mask(patterns, text), streamed);
  }
}

}  // namespace
}  // namespace mainspring::execution

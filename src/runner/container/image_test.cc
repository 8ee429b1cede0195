#include "runner/container/image.h"

#include <doctest/doctest.h>

namespace mainspring::runner {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("an image's name is read as docker reads it") {
  const auto check = [](std::string_view text, std::string_view repository,
                        std::string_view version, std::string_view registry) {
    CAPTURE(text);
    const ImageName found = parse_image(text);
    CHECK_EQ(found.repository, repository);
    CHECK_EQ(found.version, version);
    CHECK_EQ(found.registry, registry);
  };
  check("alpine", "alpine", "latest", "docker.io");
  check("acme/tool:1.2", "acme/tool", "1.2", "docker.io");
  check("localhost:5000/t", "localhost:5000/t", "latest", "localhost:5000");
  check("localhost/t:3", "localhost/t", "3", "localhost");
  check("ghcr.io/acme/tool@sha256:ab", "ghcr.io/acme/tool", "sha256:ab", "ghcr.io");
  check("ghcr.io/acme/tool:7@sha256:ab", "ghcr.io/acme/tool", "sha256:ab", "ghcr.io");
  CHECK(parse_image("t@sha256:ab").is_pinned());
  CHECK_FALSE(parse_image("localhost:5000/t").is_pinned());
}

TEST_CASE("a layer is told when what it does has changed, and not more than once in a second") {
  PullProgress progress;
  progress.feed("{\"status\":\"Pulling from t/bb\",\"id\":\"1\"}\r\n{\"status\":\"Pulling fs la");
  progress.feed("yer\",\"id\":\"abc\"}\n");
  const SteadyTime start = SteadyTime{} + seconds{100};
  CHECK_EQ(progress.take(start),
           std::vector<std::string>{"Pulling from t/bb", "layer abc: Pulling fs layer"});
  progress.feed("{\"status\":\"Downloading\",\"progressDetail\":{\"current\":1},\"id\":\"abc\"}\n");
  CHECK(progress.take(start + milliseconds{900}).empty());
  progress.feed("{\"status\":\"Downloading\",\"progressDetail\":{\"current\":2},\"id\":\"abc\"}\n");
  CHECK_EQ(progress.take(start + seconds{1}), std::vector<std::string>{"layer abc: Downloading"});
  CHECK(progress.take(start + seconds{9}).empty());
  progress.feed(
      "{\"status\":\"Pull complete\",\"id\":\"abc\"}\n{\"status\":\"Digest: sha256:1\"}\n");
  CHECK_EQ(progress.take_rest(),
           std::vector<std::string>{"Digest: sha256:1", "layer abc: Pull complete"});
  CHECK_EQ(progress.error(), "");
}

TEST_CASE("an error in the midst of a good answer is found, and nonsense is not") {
  PullProgress progress;
  progress.feed("no json\n[]\n{\"id\":7}\n\n");
  CHECK(progress.take_rest().empty());
  progress.feed("{\"errorDetail\":{\"message\":\"manifest unknown\\n\"},\"error\":\"short\"}\n");
  CHECK_EQ(progress.error(), "manifest unknown");
  PullProgress podman;
  podman.feed("{\"error\":\"denied\"}\n");
  CHECK_EQ(podman.error(), "denied");
  PullProgress endless;
  for (int i = 0; i < 100; ++i)
    endless.feed(std::string(4096, 'x'));
  endless.feed("\n{\"status\":\"Done\"}\n");
  CHECK_EQ(endless.take_rest(), std::vector<std::string>{"Done"});
}

}  // namespace
}  // namespace mainspring::runner

#include "node/identity.h"

#include <fmt/core.h>

#include "crypto/digest.h"
#include "system/files.h"

namespace mainspring::node {
namespace {

constexpr std::size_t kSmallFile = 4096;

base::Result<std::string> read_line(const std::string& path) {
  auto text = system::read_small_file(path, kSmallFile);
  if (text && text->ends_with('\n')) text->pop_back();
  return text;
}

}  // namespace

base::Result<base::WorkerId> load_worker_id(const Layout& layout, Entropy entropy) {
  const auto text = read_line(layout.worker_id());
  if (text) {
    auto id = base::WorkerId::parse(*text);
    if (!id) {
      id.error().message = fmt::format("{}: {}. Remove the file to get a new identity.",
                                       layout.worker_id(), id.error().message);
    }
    return id;
  }
  if (text.error().code != base::Code::not_found) return base::fail(text.error());
  const auto id = env::make_id<base::WorkerId>(entropy.clock, entropy.random);
  if (auto stored = system::write_private_file(layout.worker_id(), id.text() + "\n"); !stored) {
    return base::fail(std::move(stored.error()));
  }
  return id;
}

base::NodeId node_id_of(base::WorkerId worker) { return base::NodeId{worker.bytes()}; }

base::Result<AdminToken> load_admin_token(const Layout& layout, env::Random& random) {
  auto text = read_line(layout.admin_token());
  if (text && !text->empty()) return AdminToken{std::move(*text), false};
  if (!text && text.error().code != base::Code::not_found) return base::fail(text.error());
  AdminToken made{crypto::make_token("mst", random), true};
  if (auto stored = system::write_private_file(layout.admin_token(), made.token + "\n"); !stored) {
    return base::fail(std::move(stored.error()));
  }
  return made;
}

}  // namespace mainspring::node

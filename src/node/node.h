// Node: every role of one process, constructed, started and stopped.
//
// Threads: one owner calls everything here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "node/config.h"

namespace mainspring::node {

class Node {
 public:
  // Takes the data directory, opens the store, starts every role and listens. Errors: conflict
  // (another node has the directory, or the port is taken), unsupported, permission_denied,
  // invalid_argument, unavailable.
  static base::Result<std::unique_ptr<Node>> start(const LoadedConfig& loaded, base::Log log);
  ~Node();  // stop(0)

  // Where it listens: "http://127.0.0.1:7070".
  const std::string& url() const;
  bool serves_api() const;  // else health and metrics only
  const std::string& token_file() const;
  // A link that signs a browser in, once.
  std::string make_sign_in_link();
  // Applies the jobs of a manifest. Errors: those of model::parse_manifest and ApplyJobs.
  base::Result<void> apply_manifest(std::string_view text, std::string_view author);

  // Takes the new values of what is reloadable; see config.h. Errors: unavailable (what could not
  // be taken is named; the rest has been).
  base::Result<void> reload(const LoadedConfig& settings);

  // Ends everything in reverse order: answers what was asked, lets running work go on for `drain`,
  // then asks it to end; runs that are cut off are tried again by the next node.
  void stop(base::Duration drain);

 private:
  struct Parts;
  explicit Node(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace mainspring::node

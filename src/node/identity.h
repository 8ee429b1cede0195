// What makes a data directory a node: its lock, its identity and its admin token.
#pragma once

#include <string>

#include "base/error.h"
#include "base/id.h"
#include "env/clock.h"
#include "env/random.h"
#include "system/file_lock.h"

namespace mainspring::node {

// Paths below the data directory.
struct Layout {
  explicit Layout(std::string data_dir) : root(std::move(data_dir)) {}

  std::string root;
  std::string lock() const { return root + "/lock"; }
  std::string worker_id() const { return root + "/worker-id"; }
  std::string admin_token() const { return root + "/admin-token"; }
  std::string sessions() const { return root + "/sessions.json"; }
  std::string database() const { return root + "/mainspring.db"; }
  std::string processes() const { return root + "/processes"; }
  std::string containers() const { return root + "/containers"; }
  std::string scratch() const { return root + "/scratch"; }
  std::string secrets() const { return root + "/secrets"; }
  std::string packages() const { return root + "/packages"; }  // of python and node jobs
};

struct Entropy {
  const env::Clock& clock;
  env::Random& random;
};

// The worker's id: read, or made and stored at the first start. Errors: those of system/files.h,
// invalid_argument (the file holds something else).
base::Result<base::WorkerId> load_worker_id(const Layout& layout, Entropy entropy);

// Of the node whose worker this is: of the same bytes, so that one file says both.
base::NodeId node_id_of(base::WorkerId worker);

struct AdminToken {
  std::string token;
  bool is_new = false;
};
// The admin token, in a file that only its owner can read; made at the first start, and again when
// the file was removed, which retires the old one.
base::Result<AdminToken> load_admin_token(const Layout& layout, env::Random& random);

}  // namespace mainspring::node

// certificate: makes what a node needs to speak TLS where nobody has a public key infrastructure: a
// private authority, and a certificate by it.
//
// The authority is made once per directory and used again; so the same command makes certificates
// for further nodes, and renews them. Threads: one.
#pragma once

#include <string>
#include <vector>

namespace mainspring::node {

struct CertifyOptions {
  std::string data_dir;
  std::string directory;           // empty: tls/ in the data directory
  std::vector<std::string> names;  // empty: the machine's name and its loopback addresses
  bool renew = false;              // replace the certificate of these names
};
// Returns the exit code.
int run_certify(const CertifyOptions& options);

}  // namespace mainspring::node

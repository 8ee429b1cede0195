// Questions of the contract that this store does not answer yet.
#include "sqlite/reads.h"

namespace mainspring::sqlite {

std::vector<store::Ping> SqlPingReads::of_job(base::JobId, base::Instant, base::Instant) {
  (void)find_tenant(database_, "");
  return {};
}

}  // namespace mainspring::sqlite

// How each way into a database begins, and what it answers when it fails. Internal to this module.
#pragma once

#include <fmt/core.h>

#include "postgres/address.h"
#include "postgres/migrations.h"
#include "postgres/store.h"

namespace mainspring::postgres {

// Errors: invalid_argument.
base::Result<Address> find_address(const Settings& settings);

// What somebody can act on, of what `work` throws.
template <class Work>
auto caught(const Address& address, Work work) -> base::Result<decltype(work())> {
  try {
    return work();
  } catch (const NotOurs& problem) {
    return base::fail(base::Code::unsupported,
                      fmt::format("the PostgreSQL database {} cannot be used: {}", address.shown,
                                  problem.what()));
  } catch (const store::Unavailable& problem) {
    return base::fail(problem.code(), problem.what());
  }
}

}  // namespace mainspring::postgres

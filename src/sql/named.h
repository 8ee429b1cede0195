// Calendars and connections: definitions of a tenant that its jobs name. Each kind has a table of
// the same columns; what is the same about them is written here, and in named_reads.cc. Internal to
// this module; the functions are for the writer's thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sql/core.h"

namespace mainspring::sql {

struct NamedKind {
  std::string_view noun;   // "calendar": of messages, and the key of events
  std::int64_t limit = 0;  // of a tenant
  Sql load;
  Sql load_all;  // by name, at most ?2
  Sql count;
  Sql names;
  Sql put;
  Sql remove;
};
extern const NamedKind kCalendars;
extern const NamedKind kConnections;

struct Named {
  TenantKey tenant = 0;
  std::string_view name;
};
struct NamedChange {
  Named which;
  std::string_view by;
  base::Instant now;
};

// As it is stored; "" where there is none.
std::string load_named(Core& core, const NamedKind& kind, const Named& which);

// Whether it changed anything. Errors: too_large (the kind's limit).
base::Result<bool> put_named(Core& core, const NamedKind& kind, const NamedChange& change,
                             const std::string& text);

// `users`: the names of the jobs that name it. Errors: not_found, conflict (naming them).
base::Result<void> remove_named(Core& core, const NamedKind& kind, const NamedChange& change,
                                std::vector<std::string> users);

// That a job names what is not there. Its error: not_found, with the name that may be meant.
base::Result<void> check_named(Core& core, const NamedKind& kind, const Named& which,
                               std::string_view job);

}  // namespace mainspring::sql

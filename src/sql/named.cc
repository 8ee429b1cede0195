#include "sql/named.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.h"
#include "store/commands.h"

namespace mainspring::sql {
namespace {

void tell(Core& core, const NamedKind& kind, const NamedChange& change, std::string_view what) {
  const Named& which = change.which;
  json::Object payload{{kind.noun, which.name}};
  if (!change.by.empty()) payload["by"] = change.by;
  const std::string type = fmt::format("{}.{}", kind.noun, what);
  core.add_event({which.tenant, type, std::string{which.name}, change.now, std::move(payload)});
}

base::Result<void> check_room(Core& core, const NamedKind& kind, TenantKey tenant) {
  std::int64_t count = 0;
  Rows rows = core.database().query(kind.count, tenant);
  if (rows.next()) rows.read(count);
  if (count < kind.limit) return {};
  return base::fail(
      base::Code::too_large,
      fmt::format("the tenant has {} {}s, as many as it may; delete some first", count, kind.noun));
}

std::string find_close_name(Core& core, const NamedKind& kind, const Named& which) {
  std::vector<std::string> names;
  Rows rows = core.database().query(kind.names, which.tenant);
  while (rows.next())
    rows.read(names.emplace_back());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return base::find_closest(which.name, known);
}

// "report, backup and 3 more": each name once.
std::string list_users(std::vector<std::string> names) {
  constexpr std::size_t kShown = 10;
  std::ranges::sort(names);
  const auto doubles = std::ranges::unique(names);
  names.erase(doubles.begin(), doubles.end());
  std::vector<std::string_view> shown(names.begin(), names.end());
  const std::size_t more = shown.size() - std::min(shown.size(), kShown);
  if (more == 0) return base::join_words(shown, " and ");
  shown.resize(kShown);
  return fmt::format("{} and {} more", base::join_words(shown, ", "), more);
}

}  // namespace

const NamedKind kCalendars{.noun = "calendar",
                           .limit = store::kCalendarsPerTenant,
                           .load = "SELECT spec FROM calendars WHERE tenant = ?1 AND name = ?2",
                           .load_all =
                               "SELECT spec FROM calendars WHERE tenant = ?1"
                               " ORDER BY name LIMIT ?2",
                           .count = "SELECT count(*) FROM calendars WHERE tenant = ?1",
                           .names = "SELECT name FROM calendars WHERE tenant = ?1 ORDER BY name",
                           .put =
                               "INSERT INTO calendars(tenant, name, spec, author, updated_at)"
                               " VALUES (?1, ?2, ?3, ?4, ?5)"
                               " ON CONFLICT(tenant, name) DO UPDATE SET spec = excluded.spec,"
                               " author = excluded.author, updated_at = excluded.updated_at",
                           .remove = "DELETE FROM calendars WHERE tenant = ?1 AND name = ?2"};

const NamedKind kConnections{
    .noun = "connection",
    .limit = store::kConnectionsPerTenant,
    .load = "SELECT spec FROM connections WHERE tenant = ?1 AND name = ?2",
    .load_all = "SELECT spec FROM connections WHERE tenant = ?1 ORDER BY name LIMIT ?2",
    .count = "SELECT count(*) FROM connections WHERE tenant = ?1",
    .names = "SELECT name FROM connections WHERE tenant = ?1 ORDER BY name",
    .put =
        "INSERT INTO connections(tenant, name, spec, author, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT(tenant, name) DO UPDATE SET spec = excluded.spec,"
        " author = excluded.author, updated_at = excluded.updated_at",
    .remove = "DELETE FROM connections WHERE tenant = ?1 AND name = ?2"};

std::string load_named(Core& core, const NamedKind& kind, const Named& which) {
  std::string text;
  Rows rows = core.database().query(kind.load, which.tenant, which.name);
  if (rows.next()) rows.read(text);
  return text;
}

base::Result<bool> put_named(Core& core, const NamedKind& kind, const NamedChange& change,
                             const std::string& text) {
  const Named& which = change.which;
  const std::string before = load_named(core, kind, which);
  if (before == text) return false;
  if (before.empty())
    if (auto room = check_room(core, kind, which.tenant); !room) return base::fail(room.error());
  core.database().run(kind.put, which.tenant, which.name, text, change.by, change.now);
  tell(core, kind, change, before.empty() ? "created" : "updated");
  return true;
}

base::Result<void> remove_named(Core& core, const NamedKind& kind, const NamedChange& change,
                                std::vector<std::string> users) {
  const Named& which = change.which;
  if (load_named(core, kind, which).empty())
    return base::fail(base::Code::not_found,
                      fmt::format("there is no {} '{}'", kind.noun, which.name));
  if (!users.empty())
    return base::fail(
        base::Code::conflict,
        fmt::format("the {} '{}' is still used by {}; change the jobs that name it first",
                    kind.noun, which.name, list_users(std::move(users))));
  core.database().run(kind.remove, which.tenant, which.name);
  tell(core, kind, change, "deleted");
  return {};
}

base::Result<void> check_named(Core& core, const NamedKind& kind, const Named& which,
                               std::string_view job) {
  if (!load_named(core, kind, which).empty()) return {};
  const std::string close = find_close_name(core, kind, which);
  return base::fail(
      base::Code::not_found,
      fmt::format("job '{}' names the {} '{}', which does not exist; {}", job, kind.noun,
                  which.name,
                  close.empty() ? fmt::format("put the {} first, or beside the job in the "
                                              "manifest",
                                              kind.noun)
                                : fmt::format("did you mean '{}'?", close)));
}

}  // namespace mainspring::sql

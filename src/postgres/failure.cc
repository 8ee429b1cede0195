#include "postgres/failure.h"

#include <fmt/core.h>

#include "sql/database.h"

namespace mainspring::postgres {
namespace {

// What follows from a SQLSTATE, or from a whole class of them (its first two characters).
enum class Then {
  reconnect,  // the session is over, or will never write: another may do better
  wait,       // the session is good; the transaction is lost
  full,
  ours,  // a mistake in this program
};

struct Meaning {
  std::string_view state;
  Then then;
  std::string_view sentence;  // {0}: the server, {1}: what it said
};

// The first row that fits; whole states stand before their class.
constexpr Meaning kMeanings[] = {
    {"57P01", Then::reconnect,
     "the PostgreSQL server {0} shuts down or ended this session; start it, nothing else is "
     "needed ({1})"},
    {"57P02", Then::reconnect,
     "the PostgreSQL server {0} restarts after one of its processes crashed; its log says why "
     "({1})"},
    {"57P03", Then::reconnect,
     "the PostgreSQL server {0} is starting or recovering; wait until it accepts connections "
     "({1})"},
    {"57P04", Then::reconnect, "the database {0} was dropped; restore it from a backup ({1})"},
    {"57P05", Then::reconnect, "the PostgreSQL server {0} ended an idle session ({1})"},
    {"57014", Then::wait,
     "the PostgreSQL server {0} cancelled a statement that took too long; it is overloaded, or its "
     "disk is slow ({1})"},
    {"53300", Then::reconnect,
     "the PostgreSQL server {0} has no connection left; raise max_connections, or put a pooler in "
     "front of it ({1})"},
    {"53100", Then::full,
     "the disk of the PostgreSQL server {0} is full; free some space there, nothing else is needed "
     "({1})"},
    {"53200", Then::wait, "the PostgreSQL server {0} is out of memory ({1})"},
    {"53", Then::wait, "the PostgreSQL server {0} lacks something it needs: {1}"},
    {"25006", Then::reconnect,
     "the PostgreSQL server {0} is a standby or read-only, so nothing can be written there; after "
     "a failover the address must lead to the new primary ({1})"},
    {"25P03", Then::reconnect,
     "the PostgreSQL server {0} ended a transaction that stood still: this node was frozen, or "
     "could not reach it ({1})"},
    {"40001", Then::wait, "the PostgreSQL server {0} asks to try the transaction again ({1})"},
    {"40003", Then::reconnect,
     "the PostgreSQL server {0} does not know how a statement ended ({1})"},
    {"40P01", Then::wait,
     "the PostgreSQL server {0} broke a deadlock; does another program lock tables of the schema "
     "mainspring? ({1})"},
    {"55P03", Then::wait,
     "another node, or another program, holds a lock in the PostgreSQL server {0} for too long; "
     "pg_stat_activity says who ({1})"},
    {"55", Then::wait, "the PostgreSQL server {0} is not in the state for it: {1}"},
    {"28", Then::reconnect,
     "the PostgreSQL server {0} does not let this role in; look at the password and at pg_hba.conf "
     "({1})"},
    {"3D000", Then::reconnect, "the PostgreSQL database {0} does not exist; create it ({1})"},
    {"42501", Then::wait,
     "the role lacks a permission in the PostgreSQL database {0}; it must own the schema "
     "mainspring ({1})"},
    {"42P01", Then::reconnect,
     "a table is missing in the PostgreSQL database {0}; was the schema mainspring dropped? "
     "Restore "
     "a backup, or restart the node to make an empty one ({1})"},
    {"3F000", Then::reconnect,
     "the schema mainspring is missing in the PostgreSQL database {0}; restore a backup, or "
     "restart "
     "the node to make an empty one ({1})"},
    {"0A000", Then::reconnect, "the PostgreSQL server {0} does not offer what is needed: {1}"},
    {"26", Then::reconnect,
     "the PostgreSQL server {0} has forgotten a prepared statement; is there a pooler in front of "
     "it? ({1})"},
    {"08", Then::reconnect, "the connection to the PostgreSQL server {0} failed: {1}"},
    {"58", Then::wait,
     "the PostgreSQL server {0} has trouble with its disk or system; its log says more ({1})"},
    {"XX", Then::wait,
     "the PostgreSQL server {0} reports damage or a fault of its own; its log says more. Keep a "
     "copy "
     "of its data before anything else ({1})"},
    {"22", Then::ours, "the database refused a value: {1}"},
    {"23", Then::ours, "the database refused a write: {1}"},
    {"42", Then::ours, "the database refused a statement: {1}"},
    {"57", Then::reconnect, "the PostgreSQL server {0} stopped the statement: {1}"},
    {"25", Then::wait, "the transaction in the PostgreSQL server {0} cannot go on: {1}"},
    {"", Then::reconnect, "the PostgreSQL server {0} cannot be reached: {1}"},
};

}  // namespace

bool is_collision(std::string_view state) { return state == "40001" || state == "40P01"; }

void fail(const Refusal& refusal) {
  const std::string_view state = refusal.state;
  for (const Meaning& each : kMeanings) {
    if (each.state.empty() ? !state.empty() : !state.starts_with(each.state)) continue;
    const std::string what = fmt::format(fmt::runtime(each.sentence), refusal.server, refusal.text);
    if (each.then == Then::reconnect) throw ConnectionLost(what);
    if (each.then == Then::ours) throw sql::BrokenConstraint(what);
    throw store::Unavailable(
        each.then == Then::full ? base::Code::storage_full : base::Code::unavailable, what);
  }
  throw store::Unavailable(base::Code::unavailable,
                           fmt::format("the PostgreSQL server {} refused a statement: {} ({})",
                                       refusal.server, refusal.text, state));
}

}  // namespace mainspring::postgres

// compare(): what became of a state of the store.
#include <array>

#include "sqlite/copy.h"
#include "sqlite/database.h"
#include "store/store.h"

namespace mainspring::sqlite {
namespace {

// `main` is the later state, `was` the earlier. Each answers with a number.
struct Question {
  const char* what;
  bool is_explained;
  sql::Sql text;
};

constexpr auto kQuestions = std::to_array<Question>({
    {"events since", true,
     "SELECT count(*) FROM main.events WHERE position > (SELECT coalesce(max(position), 0)"
     " FROM was.events)"},
    {"events removed by retention", true,
     "SELECT count(*) FROM was.events WHERE position < (SELECT min(position) FROM main.events)"},
    // Events are facts: the later state has the same, but for the oldest.
    {"events that are gone or tell something else", false,
     "SELECT count(*) FROM was.events AS o LEFT JOIN main.events AS n ON n.position = o.position"
     " WHERE (n.position IS NULL AND o.position >="
     "   (SELECT coalesce(min(position), 0) FROM main.events))"
     " OR n.type <> o.type OR n.subject <> o.subject OR n.time <> o.time"},
    {"jobs created since", true,
     "SELECT count(*) FROM main.jobs AS n WHERE deleted_at IS NULL"
     " AND NOT EXISTS (SELECT 1 FROM was.jobs AS o WHERE o.id = n.id)"},
    {"jobs changed or deleted since", true,
     "SELECT count(*) FROM was.jobs AS o LEFT JOIN main.jobs AS n ON n.id = o.id"
     " WHERE o.deleted_at IS NULL"
     " AND (n.id IS NULL OR n.deleted_at IS NOT NULL OR n.version <> o.version)"
     " AND EXISTS (SELECT 1 FROM main.events AS e WHERE e.subject = 'job_' || lower(hex(o.id))"
     "   AND e.position > (SELECT coalesce(max(position), 0) FROM was.events))"},
    {"jobs that changed or went without an event", false,
     "SELECT count(*) FROM was.jobs AS o LEFT JOIN main.jobs AS n ON n.id = o.id"
     " WHERE o.deleted_at IS NULL"
     " AND (n.id IS NULL OR n.deleted_at IS NOT NULL OR n.version <> o.version)"
     " AND NOT EXISTS (SELECT 1 FROM main.events AS e WHERE e.subject = 'job_' || lower(hex(o.id))"
     "   AND e.position > (SELECT coalesce(max(position), 0) FROM was.events))"},
    {"versions of jobs whose definition differs", false,
     "SELECT count(*) FROM was.job_versions AS o JOIN was.jobs AS oj ON oj.key = o.job"
     " JOIN main.jobs AS nj ON nj.id = oj.id"
     " JOIN main.job_versions AS n ON n.job = nj.key AND n.version = o.version"
     " WHERE n.spec <> o.spec"},
    {"runs created since", true,
     "SELECT (SELECT count(*) FROM main.runs_live AS n WHERE NOT EXISTS"
     "   (SELECT 1 FROM was.runs_live AS o WHERE o.tenant = n.tenant AND o.id = n.id))"
     " + (SELECT count(*) FROM main.runs_done AS n WHERE NOT EXISTS"
     "   (SELECT 1 FROM was.runs_live AS o WHERE o.tenant = n.tenant AND o.id = n.id)"
     "   AND NOT EXISTS"
     "   (SELECT 1 FROM was.runs_done AS o WHERE o.tenant = n.tenant AND o.id = n.id))"},
    {"runs ended since", true,
     "SELECT count(*) FROM was.runs_live AS o JOIN main.runs_done AS n"
     " ON n.tenant = o.tenant AND n.id = o.id"},
    {"ended runs removed by retention or an operation", true,
     "SELECT count(*) FROM was.runs_done AS o WHERE NOT EXISTS"
     " (SELECT 1 FROM main.runs_done AS n WHERE n.tenant = o.tenant AND n.id = o.id)"},
    {"planned runs taken back", true,
     "SELECT count(*) FROM was.runs_live AS o WHERE state = 0 AND NOT EXISTS"
     " (SELECT 1 FROM main.runs_live AS n WHERE n.tenant = o.tenant AND n.id = o.id)"
     " AND NOT EXISTS"
     " (SELECT 1 FROM main.runs_done AS n WHERE n.tenant = o.tenant AND n.id = o.id)"},
    {"waiting or running runs that are gone without an event", false,
     "SELECT count(*) FROM was.runs_live AS o WHERE state <> 0 AND NOT EXISTS"
     " (SELECT 1 FROM main.runs_live AS n WHERE n.tenant = o.tenant AND n.id = o.id)"
     " AND NOT EXISTS"
     " (SELECT 1 FROM main.runs_done AS n WHERE n.tenant = o.tenant AND n.id = o.id)"
     " AND NOT EXISTS (SELECT 1 FROM main.events AS e WHERE e.subject = 'run_' || lower(hex(o.id))"
     "   AND e.position > (SELECT coalesce(max(position), 0) FROM was.events))"},
    {"ended runs that ended otherwise", false,
     "SELECT count(*) FROM was.runs_done AS o JOIN main.runs_done AS n"
     " ON n.tenant = o.tenant AND n.id = o.id"
     " WHERE n.state <> o.state OR n.finished_at <> o.finished_at"},
});

}  // namespace

base::Result<std::vector<Difference>> compare(const StatePair& states) {
  try {
    Database database(states.later, Database::Access::read);
    database.run("ATTACH ?1 AS was", states.earlier);
    std::vector<Difference> found;
    for (const Question& question : kQuestions) {
      sql::Rows rows = database.query(question.text);
      std::int64_t count = 0;
      if (rows.next()) rows.read(count);
      if (count > 0) found.push_back({question.what, count, question.is_explained});
    }
    return found;
  } catch (const store::Unavailable& problem) {
    return base::fail(problem.code(), problem.what());
  }
}

}  // namespace mainspring::sqlite

// RunQuery: which runs, as a person writes it: `state:failed,timed_out job:etl-* label:team=data
// trigger:cron queue:default since:2h`. The same text in the API (GET /runs?q=), on the command
// line (jobctl runs list -q) and in the address of the UI. docs/reference/run-query.md is its page.
//
//   text    = { blank } { term { blank } }
//   term    = [ "-" ] key ":" value { "," value } | word          a word alone: job:*word*
//   value   = characters but blank, comma and quote | '"' { any | \" | \\ } '"'
//
// All terms must hold; of the values of one term, any. A key stands once, `label` more often.
// Pure values. Limits: kRunQueryBytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "model/operation.h"
#include "model/run.h"
#include "model/selector.h"

namespace mainspring::model {

struct RunQuery {
  std::vector<std::string> jobs;  // names or ids; in a name `*` stands for any part of it
  std::vector<RunState> states;   // empty: any, here and below; `-state:` is resolved
  std::vector<Trigger> triggers;
  std::vector<std::string> queues;
  Selector labels;                     // of the runs' jobs
  std::optional<base::Instant> since;  // made at or after
  std::optional<base::Instant> until;  // made before
  std::vector<base::RunId> ids;
  std::optional<base::OperationId> operation;
};

inline constexpr std::size_t kRunQueryBytes = 2'000;  // a line that a person still reads

// `now` is what `since:2h` counts from. Errors: invalid_argument with every mistake: its column,
// from 1, and the word that was probably meant.
base::Result<RunQuery> parse_run_query(std::string_view text, base::Instant now);

// The query as the selection of an operation on runs. Errors: unsupported, naming the term that a
// selection cannot say.
base::Result<RunSelection> to_selection(const RunQuery& query);

// Whether a name has the shape of a pattern, in which `*` stands for any text, the empty one too.
bool matches_glob(std::string_view pattern, std::string_view name);

}  // namespace mainspring::model

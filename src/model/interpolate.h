// `${{ ... }}` in a job: what an expression can see, and the texts with their values put in.
//
// find_mistakes() checks every expression when a manifest is read; here they are evaluated. The
// language is that of module expr; docs/reference/expressions.md is the page for users.
//
// Pure and deterministic: equal arguments give equal results, on every store and at every replay.
// Errors: invalid_argument; a message never repeats the value of a param.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/id.h"
#include "base/time.h"
#include "json/value.h"
#include "model/job.h"

namespace mainspring::model {

inline constexpr std::size_t kKeyLimit = 512;  // bytes: keys stand in indexes and in messages

// What the keys of concurrency, dedupe and debounce can see.
struct KeyFacts {
  std::string job_name;
  std::map<std::string, json::Value> params;  // one that is not here is unknown
  std::map<std::string, std::string> labels;
};

// Of a job's run. `params` are bound (bind_params); declared ones without a value are null.
KeyFacts key_facts(const JobSpec& spec, const std::map<std::string, json::Value>& params);

// The text of a key. It is empty where all of its values are: such a run has no key of its own.
// The message of an error is about the text, "column 5: ..."; the caller says whose key it is.
base::Result<std::string> evaluate_key(const std::string& key, const KeyFacts& facts);

// What a run's own texts can see, beside the name and the labels in its spec.
struct RunFacts {
  base::RunId run_id;
  int attempt = 1;
  base::Instant scheduled_at;
  std::map<std::string, json::Value> params;  // bound; declared ones without a value are null
};

// The spec with values in the command's list, the environment, the working directory and stdin.
// The problems of an error are all that cannot be evaluated or does not fit its place, with
// pointers into canonical(spec); its message names the key of the first.
base::Result<JobSpec> resolve(const JobSpec& spec, const RunFacts& facts);

// The template that gives `text`, whatever it holds: for texts from elsewhere, such as crontabs.
std::string literal_text(std::string_view text);

}  // namespace mainspring::model

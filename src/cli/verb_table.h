// The rows of the verb table, by noun. A noun adds its rows in a file verbs_NOUN.cc, a line here
// and its name in verbs().
#pragma once

#include <vector>

#include "cli/verbs.h"

namespace mainspring::cli {

std::vector<Verb> make_job_verbs();
std::vector<Verb> make_job_history_verbs();
std::vector<Verb> make_schedule_verbs();
std::vector<Verb> make_calendar_verbs();
std::vector<Verb> make_connection_verbs();
std::vector<Verb> make_run_verbs();
std::vector<Verb> make_operation_verbs();
std::vector<Verb> make_queue_verbs();
std::vector<Verb> make_live_verbs();
std::vector<Verb> make_node_verbs();
std::vector<Verb> make_token_verbs();
std::vector<Verb> make_worker_verbs();
std::vector<Verb> make_backup_verbs();

// Flags that many lists take.
inline constexpr Flag kLimit{"--limit", "Items at most, 1 to 500.", FlagKind::number};
inline constexpr Flag kFrom{"--from", "At or after this instant (RFC 3339)."};
inline constexpr Flag kLabel{.name = "--label",
                             .help = "Of jobs with these labels, such as team=platform,tier!=test.",
                             .brief = "-l"};
inline constexpr Flag kUntil{"--until", "Before this instant (RFC 3339)."};

}  // namespace mainspring::cli

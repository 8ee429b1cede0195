// The table of plain verbs: commands that are one request and one print. jobctl's NOUN VERB tree,
// its help and the coverage test are made from it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "cli/output.h"

namespace mainspring::cli {

enum class FlagKind {
  text,
  number,
  on_off,
  document,  // JSON or YAML; of a body only
  pairs,     // "a=b,c=d", an object; of a body only
};

// A flag that becomes a query parameter, or a member of the JSON body.
struct Flag {
  std::string_view name;  // "--label"; also the parameter's name, '-' written as '_'
  std::string_view help;
  FlagKind kind = FlagKind::text;
  std::string_view usual = {};  // when the flag is absent, and --q too; "" sends none
  std::string_view brief = {};  // "-l"
};

struct Verb {
  std::string_view noun;
  std::string_view verb;
  std::string_view operation;  // of the OpenAPI document
  std::string_view help;
  std::string_view method = "GET";
  std::string_view path;  // "{job}" and "{run}" are arguments, in order
  std::vector<Flag> query = {};
  std::vector<Flag> body = {};
  View view = {};
  std::string_view done = {};  // said on stderr when the reply has no body
  bool is_paged = false;       // has --all, which follows next_cursor
};

std::span<const Verb> verbs();

// Operations that a command of its own covers: its words, for the coverage test and the docs.
struct Covered {
  std::string_view operation;
  std::string_view command;
};
std::span<const Covered> covered_operations();

// How runs are shown wherever they are listed.
const View& run_view();
const View& job_view();
const View& calendar_view();
const View& connection_view();
const View& operation_view();
const View& worker_view();

}  // namespace mainspring::cli

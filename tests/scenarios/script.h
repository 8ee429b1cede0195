// Script: a scenario as text: what happens when, and what the ledger must hold in the end.
// README.md in this directory says how to write one.
//
// Pure parsing; playing one makes a World in a directory of its own. Throws std::runtime_error with
// a sentence where a script cannot be read or played.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace mainspring::scenarios {

struct Step {
  int line = 0;
  base::Instant at;
  std::string verb;
  std::string rest;  // of the line
  std::string body;  // the indented lines below it
};

// What the end shows, such as "ledger backup", and how it reads.
struct Section {
  std::string heading;
  std::string text;

  friend bool operator==(const Section&, const Section&) = default;
};

struct Script {
  std::string title;
  base::Instant start;
  int slots = 4;
  bool counts_starts = false;  // of the node: more of them give another ledger
  std::vector<Step> steps;
  std::vector<Section> expected;
};

// The scenarios of one file, in order.
std::vector<Script> parse_scripts(std::string_view text);

// Plays it and answers its sections as they came out. `restart_every`: the process of scheduler and
// store is started anew after so many steps, again and again; 0: never.
std::vector<Section> play(const Script& script, int restart_every);

// The sections as they stand in a file.
std::string to_text(const std::vector<Section>& sections);

}  // namespace mainspring::scenarios

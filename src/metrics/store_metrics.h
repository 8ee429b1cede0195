// StoreMetrics: counts what the writer says of each group: runs, attempts, occurrences, commits.
// Threads: any.
#pragma once

#include <deque>
#include <vector>

#include "metrics/instruments.h"
#include "metrics/page.h"
#include "store/tally.h"

namespace mainspring::metrics {

class StoreMetrics {
 public:
  StoreMetrics();

  void count(const store::Tally& tally);
  void write(Page& page) const;

 private:
  void count_fact(const store::RunAccepted& fact);
  void count_fact(const store::RunStarted& fact);
  void count_fact(const store::AttemptEnded& fact);
  void count_fact(const store::RunRetried& fact);
  void count_fact(const store::RunEnded& fact);
  void count_fact(const store::OccurrencesEnded& fact);
  void write_runs(Page& page) const;
  void write_spans(Page& page) const;
  void write_writer(Page& page) const;

  // By the number of the trigger, state, status or ending.
  std::vector<Counter> accepted_;
  std::vector<Counter> started_;
  std::vector<Counter> ended_;
  std::vector<Counter> attempts_;
  std::vector<Counter> occurrences_;
  std::deque<Histogram> durations_;
  std::deque<Histogram> delays_;
  Counter retries_;
  Counter commands_;
  Counter failed_groups_;
  Histogram group_commands_;
  Histogram commit_seconds_;
};

}  // namespace mainspring::metrics

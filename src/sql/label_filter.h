// LabelFilter: whether the labels of a job satisfy a selector, for lists of what belongs to jobs.
// The labels are those of the job's newest version, deleted jobs included. Internal to this module;
// belongs to the thread of its database.
#pragma once

#include <map>

#include "base/id.h"
#include "model/selector.h"
#include "sql/database.h"

namespace mainspring::sql {

class LabelFilter {
 public:
  // Both must outlive this.
  LabelFilter(Database& database, const model::Selector& selector)
      : database_(database), selector_(selector) {}

  // Asks the database once per job.
  bool lets_through(base::JobId job);

 private:
  model::Labels load_labels(base::JobId job);

  Database& database_;
  const model::Selector& selector_;
  std::map<base::JobId, bool> known_;
};

}  // namespace mainspring::sql

#include "api/connection_views.h"

namespace mainspring::api {

using json::describe;
using json::field;

const json::StructTable& ConnectionSummary::described() {
  static const auto table = describe<ConnectionSummary>(
      "ConnectionSummary", "A connection in a list.",
      field<&ConnectionSummary::name>("name", "Its name."),
      field<&ConnectionSummary::type>("type", "What it leads to."),
      field<&ConnectionSummary::target>("target", "Where it leads: an address, or a path.")
          .example("\"db.internal:5432/sales\""),
      field<&ConnectionSummary::description>("description", "What it is for."));
  return table;
}

const json::StructTable& ConnectionList::described() {
  static const auto table =
      describe<ConnectionList>("ConnectionList", "The connections of a tenant.",
                               field<&ConnectionList::items>("items", "By name."));
  return table;
}

const json::StructTable& ConnectionReport::described() {
  static const auto table = describe<ConnectionReport>(
      "ConnectionReport", "What became of a try of a connection, from the node that answers.",
      field<&ConnectionReport::ok>("ok", "The other side was reached and took the credentials."),
      field<&ConnectionReport::milliseconds>("milliseconds", "How long that took."),
      field<&ConnectionReport::server>("server", "What the other side says that it is.")
          .example("\"PostgreSQL 15.18 on x86_64-pc-linux-gnu\""),
      field<&ConnectionReport::error>("error", "What went wrong, in a sentence."));
  return table;
}

}  // namespace mainspring::api

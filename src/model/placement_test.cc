#include "model/placement.h"

#include <doctest/doctest.h>

namespace mainspring::model {
namespace {

const Labels kEurope{{"zone", "eu-1"}, {"disk", "ssd"}};

TEST_CASE("each comparison of a label holds for what it says, and for nothing else") {
  CHECK(holds({"zone", LabelOp::in, {"eu-1", "eu-2"}}, kEurope));
  CHECK_FALSE(holds({"zone", LabelOp::in, {"us-1"}}, kEurope));
  CHECK_FALSE(holds({"rack", LabelOp::in, {"7"}}, kEurope));
  CHECK_FALSE(holds({"zone", LabelOp::not_in, {"eu-1"}}, kEurope));
  CHECK(holds({"zone", LabelOp::not_in, {"us-1"}}, kEurope));
  CHECK(holds({"rack", LabelOp::not_in, {"7"}}, kEurope));
  CHECK(holds({"disk", LabelOp::exists, {}}, kEurope));
  CHECK_FALSE(holds({"rack", LabelOp::exists, {}}, kEurope));
  CHECK(holds({"rack", LabelOp::absent, {}}, kEurope));
  CHECK_FALSE(holds({"disk", LabelOp::absent, {}}, kEurope));
}

TEST_CASE("a worker that does not fit is told each reason, and what it has instead") {
  PlacementSpec placement;
  placement.labels = {{"disk", "ssd"}, {"gpu", "h100"}};
  placement.constraints = {{"zone", LabelOp::in, {"us-1", "us-2"}}, {"spot", LabelOp::exists, {}}};
  CHECK(misfits(placement, kEurope) ==
        std::vector<std::string>{"gpu=h100", "zone in (us-1, us-2) (it has eu-1)", "spot"});
  CHECK_FALSE(fits(placement, kEurope));
  CHECK(fits({}, kEurope));
}

TEST_CASE("preferences that are met add up, and one below zero takes away") {
  PlacementSpec placement;
  placement.prefer = {{"disk", "ssd", 10}, {"zone", "eu-1", -3}, {"zone", "us-1", 50}};
  CHECK(preference(placement, kEurope) == 7);
  CHECK(preference(placement, {}) == 0);
}

}  // namespace
}  // namespace mainspring::model

// RecordBackup.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

const auto kCases = std::to_array<ConformanceCase>({
    {"what became of a backup is told by an event with its name and details",
     [](Subject& subject) {
       World w(subject);
       w.apply(RecordBackup{BackupFact::completed, "one.db", json::Object{{"bytes", 7}}, w.now});
       w.apply(RecordBackup{BackupFact::verified, "one.db", json::Value{}, w.now});
       w.apply(
           RecordBackup{BackupFact::failed, "two.db", json::Object{{"problem", "full"}}, w.now});
       expect_equal(w.events("backup."), "backup.completed,backup.verified,backup.failed");
       const auto told = w.reads().events().after(
           {.tenant = "default", .type_prefix = "backup.", .subject = "one.db"}, 0, 10);
       expect_equal(told.size(), 2u);
       expect(told[0].payload.as_object().at("bytes").to_number<int>() == 7);
     }},
});

}  // namespace

std::span<const ConformanceCase> backup_cases() { return kCases; }

}  // namespace mainspring::store::conformance

// The store conformance suite, on SQLite.
#include <doctest/doctest.h>

#include "sqlite/test_directory.h"
#include "store/conformance.h"

namespace mainspring::sqlite {
namespace {

class SqliteSubject final : public store::Subject {
 public:
  SqliteSubject() { reopen(); }
  store::Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    auto opened = open({directory_.path() + "/mainspring.db"});
    if (!opened) throw std::runtime_error(base::to_text(opened.error()));
    store_ = std::move(*opened);
  }

 private:
  TestDirectory directory_;
  std::unique_ptr<store::Store> store_;
};

TEST_CASE("SQLite passes the store conformance suite") {
  CHECK(store::conformance_cases().size() >= 60);
  for (const store::ConformanceCase& each : store::conformance_cases()) {
    SUBCASE(std::string{each.name}.c_str()) {
      SqliteSubject subject;
      try {
        each.run(subject);
      } catch (const std::exception& problem) {
        FAIL_CHECK(each.name << ": " << std::string(problem.what()));
      }
    }
  }
}

}  // namespace
}  // namespace mainspring::sqlite

// The store conformance suite, on PostgreSQL.
#include <doctest/doctest.h>

#include "postgres/store.h"
#include "postgres/test_database.h"
#include "store/conformance.h"

namespace mainspring::postgres {
namespace {

class PgSubject final : public store::Subject {
 public:
  explicit PgSubject(const std::string& url) : url_(url) { reopen(); }
  store::Store& store() override { return *store_; }
  void reopen() override {
    store_.reset();
    auto opened = open({.url = url_});
    if (!opened) throw std::runtime_error(base::to_text(opened.error()));
    store_ = std::move(*opened);
  }

 private:
  std::string url_;
  std::unique_ptr<store::Store> store_;
};

void run_suite(const std::string& url) {
  for (const store::ConformanceCase& each : store::conformance_cases()) {
    SUBCASE(std::string{each.name}.c_str()) {
      empty_database(url);
      PgSubject subject(url);
      try {
        each.run(subject);
      } catch (const std::exception& problem) {
        FAIL_CHECK(each.name << ": " << std::string(problem.what()));
      }
    }
  }
}

TEST_CASE("PostgreSQL passes the store conformance suite") {
  CHECK(store::conformance_cases().size() >= 60);
  run_suite(test_server().url());
}

TEST_CASE("PostgreSQL behind a pooler passes the store conformance suite") {
  run_suite(test_server().pooler_url());
}

}  // namespace
}  // namespace mainspring::postgres

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "remote/outbox.h"

namespace mainspring::remote {
namespace {

namespace fs = std::filesystem;
using protocol::Report;
using protocol::ReportAnswer;

base::RunId run_of(std::uint8_t last) {
  base::IdBytes bytes{};
  bytes[15] = last;
  return base::RunId{bytes};
}

Report output(std::uint8_t run, std::int64_t seq, std::string text) {
  Report report{.lease = {run_of(run), 1}};
  report.output.push_back({seq, model::LogStream::out, {}, {std::move(text)}});
  return report;
}

Report outcome(std::uint8_t run) {
  Report report{.lease = {run_of(run), 1}};
  report.outcome = model::Outcome{};
  return report;
}

Report progress(std::uint8_t run) {
  Report report{.lease = {run_of(run), 1}};
  report.progress = model::Progress{};
  return report;
}

// "1:a", "1:end": what a report says.
std::string words_of(const std::vector<Report>& reports) {
  std::string words;
  for (const Report& report : reports) {
    words += words.empty() ? "" : " ";
    words += std::to_string(report.lease.run_id.bytes()[15]) + ":";
    for (const model::LogChunk& chunk : report.output)
      words += chunk.bytes.bytes;
    if (report.outcome) words += report.output.empty() ? "end" : "+end";
    if (report.progress) words += "progress";
  }
  return words;
}

// An outbox on a directory of its own, and what became of what was put into it.
class Bench {
 public:
  explicit Bench(std::int64_t limit = 1 << 30) : limit_(limit) {
    std::string name = (fs::temp_directory_path() / "outbox_test_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    restart();
  }
  ~Bench() { fs::remove_all(path_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void restart() {
    outbox.reset();
    auto spool = Spool::open({path_, limit_}, {});
    REQUIRE(spool);
    outbox = std::make_unique<Outbox>(std::move(*spool), base::Log{});
  }
  void add(Report report, std::string name = "") {
    outbox->add({.report = std::move(report),
                 .completion = [this, name](const base::Result<store::Reply>& result) {
                   told += name + (result ? "+" : "-") + " ";
                 }});
  }
  std::string next(int version = 2) { return words_of(outbox->next(version)); }
  bool accept(std::size_t count) { return outbox->settle(std::vector<ReportAnswer>(count)); }

  std::unique_ptr<Outbox> outbox;
  std::string told;

 private:
  std::string path_;
  std::int64_t limit_;
};

TEST_CASE("reports go in order, and are told when the node has them") {
  Bench bench;
  bench.add(output(1, 1, "a"), "a");
  bench.add(outcome(1), "end");
  CHECK(bench.next() == "1:a 1:end");
  CHECK(bench.told.empty());
  CHECK(bench.accept(2));
  CHECK(bench.told == "a+ end+ ");
  CHECK(bench.outbox->empty());
  CHECK(bench.next().empty());
}

TEST_CASE("what the node cannot store now is sent again, and what it has is not") {
  Bench bench;
  bench.add(output(1, 1, "a"), "a");
  bench.add(output(2, 1, "b"), "b");
  CHECK(bench.next() == "1:a 2:b");
  ReportAnswer busy{.code = "unavailable"};
  CHECK_FALSE(bench.outbox->settle({busy, {}}));
  CHECK(bench.told == "b+ ");
  CHECK(bench.next() == "1:a");
  CHECK(bench.accept(1));
  CHECK(bench.told == "b+ a+ ");
}

TEST_CASE("an outcome that the node refuses is told as the refusal") {
  Bench bench;
  bench.add(outcome(1), "end");
  bench.next();
  CHECK(bench.outbox->settle({{.code = "lease_lost"}}));
  CHECK(bench.told == "end- ");
  CHECK(bench.outbox->empty());
}

TEST_CASE("output on disk counts as stored, an outcome waits for the node, progress is dropped") {
  Bench bench;
  bench.add(output(1, 1, "a"), "a");
  bench.add(progress(1), "progress");
  bench.add(outcome(1), "end");
  bench.outbox->spill();
  CHECK(bench.told == "a+ progress- ");
  CHECK(bench.next() == "1:a 1:end");
  CHECK(bench.accept(2));
  CHECK(bench.told == "a+ progress- end+ ");
  CHECK(bench.outbox->is_spool_empty());
}

TEST_CASE("what was under way when the node went away is kept, and goes before what came later") {
  Bench bench;
  bench.add(output(1, 1, "a"));
  bench.next();
  bench.add(output(1, 2, "b"));
  bench.outbox->spill();
  bench.add(output(1, 3, "c"));
  CHECK(bench.next() == "1:a 1:b");
  CHECK(bench.accept(2));
  CHECK(bench.next() == "1:c");
}

TEST_CASE("the next life sends what the last one kept") {
  Bench bench;
  bench.add(output(1, 1, "a"));
  bench.add(outcome(1));
  bench.outbox->spill();
  bench.outbox->abandon();
  bench.restart();
  CHECK_FALSE(bench.outbox->is_spool_empty());
  CHECK(bench.next() == "1:a 1:end");
  CHECK(bench.accept(2));
  CHECK(bench.outbox->empty());
}

TEST_CASE("a node of version 1 gets the last output before its outcome") {
  Bench bench;
  Report last = outcome(1);
  last.output = output(1, 1, "bye").output;
  bench.add(std::move(last), "end");
  CHECK(bench.next(2) == "1:bye+end");
  CHECK(bench.next(1) == "1:bye 1:end");
  ReportAnswer busy{.code = "overloaded"};
  CHECK_FALSE(bench.outbox->settle({busy, {}}));
  CHECK(bench.next(1) == "1:bye 1:end");
  CHECK(bench.accept(2));
  CHECK(bench.told == "end+ ");
}

TEST_CASE("a full spool refuses output, and takes outcomes all the same") {
  Bench bench(300);
  bench.add(output(1, 1, std::string(400, 'a')), "a");
  bench.add(outcome(1), "end");
  bench.outbox->spill();
  CHECK(bench.told == "a- ");
  CHECK(bench.next() == "1:end");
  CHECK(bench.accept(1));
  CHECK(bench.told == "a- end+ ");
}

TEST_CASE("a request has a bounded size, and at least one report") {
  Bench bench;
  for (int i = 1; i <= 3; ++i)
    bench.add(output(1, i, std::string(kRequestBytes * 2 / 3, 'a')));
  for (int i = 0; i < 3; ++i) {
    CHECK(bench.outbox->next(2).size() == 1);
    CHECK(bench.accept(1));
  }
  CHECK(bench.outbox->empty());
}

}  // namespace
}  // namespace mainspring::remote

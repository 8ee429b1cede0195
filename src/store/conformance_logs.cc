// Cases of logs as lines: pages by number, searches in both directions, and where they stop.
#include <array>

#include "store/conformance_kit.h"

namespace mainspring::store::conformance {
namespace {

using base::Code;
using model::LogStream;

// A run with one attempt whose log is written piece by piece.
class Talk {
 public:
  explicit Talk(World& w) : w_(w), id_(w.submit(w.job("talks"))), claimed_(w.claim_one(w.worker())) {}

  base::RunId id() const { return id_; }
  void say(std::string bytes, LogStream stream = LogStream::out) {
    w_.apply(AppendLog{w_.lease(claimed_), {{++seq_, stream, w_.now, {std::move(bytes)}}}});
  }
  void count_to(int most) {  // three lines to a chunk
    std::string lines;
    for (int i = 1; i <= most; ++i) {
      lines += "line " + std::to_string(i) + "\n";
      if (i % 3 == 0 || i == most) say(std::exchange(lines, {}));
    }
  }
  void end() { w_.finish(claimed_); }
  LogMatches search(LogSearch query) {
    query.run_id = id_;
    return taken(w_.reads().runs().search(query));
  }
  // All pages, as "7 8 10" in the order in which they came.
  std::string all(LogSearch query) {
    std::string out;
    for (int pages = 0; pages < 100; ++pages) {
      const LogMatches found = search(query);
      for (const LogLine& line : found.items)
        out += (out.empty() ? "" : " ") + std::to_string(line.number);
      if (found.is_complete) return out;
      query.after = found.looked_at;
    }
    return out + " and no end";
  }

 private:
  World& w_;
  base::RunId id_;
  ClaimedRun claimed_;
  std::int64_t seq_ = 0;
};

constexpr auto kCases = std::to_array<ConformanceCase>({
    {"lines come by number, with the stream and how many there are",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.say("one\ntw");
       talk.say("o\n");
       talk.say("oh\n", LogStream::err);
       talk.say("half");
       const LogLines lines = w.reads().runs().lines({.run_id = talk.id(), .from = 2, .limit = 2});
       expect_equal(lines.extent.lines, 4);
       expect(lines.extent.is_open && lines.extent.attempt == 1);
       expect_equal(lines.items.size(), std::size_t{2});
       expect_equal(lines.items[0].text.bytes, "two");
       expect(lines.items[1].stream == LogStream::err && lines.items[1].number == 3);
       const LogLines end = w.reads().runs().lines({.run_id = talk.id(), .last = 1});
       expect_equal(end.items.at(0).text.bytes, "half");
       expect(w.reads().runs().lines({.run_id = talk.id(), .from = 5}).items.empty());
     }},
    {"a long line is cut between characters, and its length is told",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.say("aää\n");
       const LogLines cut = w.reads().runs().lines({.run_id = talk.id(), .line_bytes = 4});
       expect_equal(cut.items.at(0).text.bytes, "aä");
       expect(cut.items[0].is_cut() && cut.items[0].length == 5);
       const LogLines whole = w.reads().runs().lines({.run_id = talk.id(), .line_bytes = 5});
       expect(!whole.items.at(0).is_cut());
     }},
    {"each attempt with a log has its extent",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       expect(w.reads().runs().log_extents(talk.id()).empty());
       talk.say("a\nb\n");
       const auto extents = w.reads().runs().log_extents(talk.id());
       expect_equal(extents.size(), std::size_t{1});
       expect(extents[0].lines == 2 && !extents[0].is_open && extents[0].last_at == w.now);
     }},
    {"a search gives the same lines in pages of any size, forward and backward",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.count_to(31);
       for (const std::int64_t limit : {1, 2, 3, 500}) {
         LogSearch search{.pattern = {.text = "line 1"}, .limit = limit};
         expect_equal(talk.all(search), "1 10 11 12 13 14 15 16 17 18 19");
         search.order = LogOrder::backward;
         expect_equal(talk.all(search), "19 18 17 16 15 14 13 12 11 10 1");
       }
     }},
    {"a search keeps to its lines and to its stream",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.count_to(9);
       talk.say("line of error\n", LogStream::err);
       expect_equal(talk.all({.pattern = {.text = "line"}, .from = 4, .to = 6}), "4 5 6");
       expect_equal(
           talk.all({.pattern = {.text = "line"}, .from = 4, .to = 6, .order = LogOrder::backward}),
           "6 5 4");
       expect_equal(talk.all({.stream = LogStream::err}), "10");
       expect_equal(talk.all({.pattern = {.text = "line"}, .from = 11}), "");
     }},
    {"a search with no limit on lines counts them",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.count_to(31);
       const LogMatches found = talk.search({.pattern = {.text = "1$", .syntax = Syntax::regex},
                                             .limit = 0});
       expect(found.items.empty() && found.is_complete);
       expect_equal(found.count, 4);
     }},
    {"a search without patience still goes on with every answer",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.count_to(31);
       LogSearch search{.pattern = {.text = "line 3"}, .patience = base::Duration{0}};
       expect(!talk.search(search).is_complete);
       expect_equal(talk.all(search), "3 30 31");
       search.order = LogOrder::backward;
       expect_equal(talk.all(search), "31 30 3");
     }},
    {"an answer of a search ends when its lines are many bytes",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.count_to(9);
       const LogMatches found = talk.search({.pattern = {.text = "line"}, .page_bytes = 10});
       expect_equal(found.items.size(), std::size_t{2});
       expect(!found.is_complete);
     }},
    {"a line that may still grow is looked at again",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       talk.say("a\nb");
       const LogMatches first = talk.search({.pattern = {.text = "bc"}});
       expect(first.is_complete && first.items.empty());
       expect_equal(first.looked_at.line, 1);
       talk.say("c\n");
       const LogMatches then = talk.search({.pattern = {.text = "bc"}, .after = first.looked_at});
       expect_equal(then.items.at(0).number, 2);
       expect_equal(then.looked_at.line, 2);
     }},
    {"a pattern that cannot be is refused",
     [](Subject& subject) {
       World w(subject);
       Talk talk(w);
       const auto found = w.reads().runs().search(
           {.run_id = talk.id(), .pattern = {.text = "(", .syntax = Syntax::regex}});
       expect_code(found.error(), Code::invalid_argument);
     }},
});

}  // namespace

std::span<const ConformanceCase> log_cases() { return kCases; }

}  // namespace mainspring::store::conformance

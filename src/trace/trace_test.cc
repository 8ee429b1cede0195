#include <doctest/doctest.h>

#include <set>

#include "json/codec.h"
#include "trace/context.h"
#include "trace/otlp.h"
#include "trace/run_spans.h"

namespace mainspring::trace {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

base::RunId run_id() { return base::RunId::parse("run_0190f3b0c1d27abc8def0123456789ab").value(); }

base::Instant at(std::int64_t ms) { return base::from_millis(ms); }

model::Run finished_run() {
  model::Run run;
  run.summary.id = run_id();
  run.summary.tenant = "default";
  run.summary.job = "nightly";
  run.summary.state = model::RunState::failed;
  run.summary.reason = "exit code 3";
  run.summary.attempts = 2;
  run.summary.created_at = at(1'000);
  run.summary.due_at = at(9'000);
  run.first_due_at = at(2'000);
  run.summary.finished_at = at(12'000);
  for (const int number : {1, 2}) {
    model::Attempt attempt;
    attempt.number = number;
    attempt.worker = "box";
    attempt.started_at = at(2'000 + 7'000 * (number - 1));
    attempt.finished_at = at(5'000 + 7'000 * (number - 1));
    attempt.outcome.emplace();
    attempt.outcome->status = model::OutcomeStatus::failed;
    attempt.outcome->exit_code = 3;
    attempt.outcome->error = model::Failure{"exit_code", "exit code 3", {}};
    run.attempts.push_back(std::move(attempt));
  }
  return run;
}

TEST_CASE("a traceparent of the specification is read and written back as it was") {
  const auto context = parse_context(kParent, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
  REQUIRE(context);
  CHECK_EQ(to_hex(context->trace), "0af7651916cd43dd8448eb211c80319c");
  CHECK_EQ(to_hex(context->span), "b7ad6b7169203331");
  CHECK(context->is_sampled);
  CHECK_EQ(to_model(*context).traceparent, kParent);
  CHECK_EQ(to_model(*context).tracestate, "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
}

TEST_CASE("a traceparent that is not well-formed is taken for absent") {
  for (const char* text : {"", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                           "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033310-01",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-011",
                           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
                           "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_context(text, ""));
  }
}

TEST_CASE("a later version is read as far as this one goes") {
  CHECK(parse_context("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", ""));
  const auto plain = parse_context("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-08", "");
  REQUIRE(plain);
  CHECK_FALSE(plain->is_sampled);
  CHECK(to_model(*plain).traceparent.starts_with("00-"));
}

TEST_CASE("a tracestate that is not well-formed goes, and its trace stays") {
  std::string many;
  for (int i = 0; i < 33; ++i)
    many += "k" + std::to_string(i) + "=v,";
  for (const std::string& text : {std::string{"a"}, std::string{"A=1"}, std::string{"a=1,a=2"},
                                  std::string{"a=\x01"}, std::string{"a@=1"}, std::string{"a="},
                                  std::string{"a@1b=1"}, std::string{"a=b=c"}, many}) {
    CAPTURE(text);
    const auto context = parse_context(kParent, text);
    REQUIRE(context);
    CHECK_EQ(context->state, "");
  }
  CHECK_EQ(parse_context(kParent, " a=1 ,, t61@sys=2 ")->state, "a=1,t61@sys=2");
}

TEST_CASE("a long tracestate loses its long entries first, then its last") {
  const std::string big = "big=" + std::string(200, 'x');
  const std::string small = "a=" + std::string(100, 'y');
  std::string text = big;
  for (int i = 0; i < 6; ++i)
    text += ",k" + std::to_string(i) + small;
  const std::string kept = parse_context(kParent, text)->state;
  CHECK_LE(kept.size(), kStateLimit);
  CHECK(kept.starts_with("k0a="));
  CHECK_FALSE(kept.contains("k5a="));
}

TEST_CASE("the spans of a run differ, are the same each time, and lie in the run's own trace") {
  std::set<SpanId> spans{span_of_run(run_id()), span_of_request(run_id())};
  for (int attempt = 1; attempt <= 100; ++attempt)
    spans.insert(span_of_attempt(run_id(), attempt));
  CHECK_EQ(spans.size(), 102);
  CHECK_FALSE(spans.contains(0));
  const auto told = context_for_program({run_id(), 1}, std::nullopt, {});
  CHECK_EQ(told.traceparent,
           "00-0190f3b0c1d27abc8def0123456789ab-" + to_hex(span_of_attempt(run_id(), 1)) + "-01");
}

TEST_CASE("a node that takes no part passes on what came") {
  const model::TraceContext came{std::string{kParent}, "a=1"};
  CHECK_EQ(context_for_program({run_id(), 1}, came, {.is_on = false}), came);
  const auto told = context_for_program({run_id(), 1}, came, {.is_on = true});
  CHECK(told.traceparent.starts_with("00-0af7651916cd43dd8448eb211c80319c-"));
  CHECK(told.traceparent.contains(to_hex(span_of_attempt(run_id(), 1))));
  CHECK_EQ(told.tracestate, "a=1");
}

TEST_CASE("a trace that begins here is recorded by its id, one that came as it says") {
  int sampled = 0;
  for (std::uint8_t i = 0; i < 200; ++i) {
    base::IdBytes bytes = run_id().bytes();
    bytes[9] = static_cast<std::uint8_t>(i * 256 / 200);
    sampled += is_sampled(base::RunId{bytes}, 0.25) ? 1 : 0;
  }
  CHECK_EQ(sampled, 50);
  CHECK_FALSE(is_sampled(run_id(), 0));
  CHECK(is_sampled(run_id(), 1));
  const model::TraceContext came{std::string{kParent}, ""};
  CHECK(context_of_run(run_id(), came, {.is_on = true, .ratio = 0}).is_sampled);
  model::TraceContext silent = came;
  silent.traceparent.back() = '0';
  CHECK_FALSE(context_of_run(run_id(), silent, {.is_on = true, .ratio = 1}).is_sampled);
}

TEST_CASE("a run's span reaches from its first due time to its end, its attempts lie under it") {
  model::Run run = finished_run();
  const Policy policy{.is_on = true};
  const auto whole = make_run_span(run, policy);
  REQUIRE(whole);
  CHECK_EQ(whole->begun, std::chrono::seconds{2});
  CHECK_EQ(whole->ended, std::chrono::seconds{12});
  CHECK_EQ(whole->parent, 0);
  CHECK_EQ(whole->problem, "exit code 3");
  const auto second = make_attempt_span(run, 2, policy);
  REQUIRE(second);
  CHECK_EQ(second->parent, whole->context.span);
  CHECK_EQ(second->context.span, span_of_attempt(run_id(), 2));
  CHECK_EQ(second->begun, std::chrono::seconds{9});
  CHECK_FALSE(make_attempt_span(run, 3, policy));
  run.trace = model::TraceContext{std::string{kParent}, ""};
  CHECK_EQ(to_hex(make_run_span(run, policy)->parent), "b7ad6b7169203331");
  run.summary.finished_at.reset();
  CHECK_FALSE(make_run_span(run, policy));
}

TEST_CASE("a request to a collector is what OTLP says of JSON") {
  const auto span = make_attempt_span(finished_run(), 1, {.is_on = true});
  const std::string text = write_otlp({&*span, 1}, {{{"service.name", "mainspring"}}, "1.0"});
  const auto document = json::parse_json(text);
  REQUIRE(document);
  const auto& resource = document->value.at("resourceSpans").at(0);
  CHECK_EQ(resource.at_pointer("/resource/attributes/0/value/stringValue").as_string(),
           "mainspring");
  const auto& written = resource.at_pointer("/scopeSpans/0/spans/0");
  CHECK_EQ(written.at("traceId").as_string(), "0190f3b0c1d27abc8def0123456789ab");
  CHECK_EQ(written.at("parentSpanId").as_string(), to_hex(span_of_run(run_id())));
  CHECK_EQ(written.at("startTimeUnixNano").as_string(), "2000000000");
  CHECK_EQ(written.at_pointer("/status/code").as_int64(), 2);
  CHECK(text.contains(R"({"key":"process.exit.code","value":{"intValue":"3"}})"));
}

TEST_CASE("a collector's refusal of some spans is read, whichever way it writes numbers") {
  CHECK_EQ(read_rejection(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}})").spans,
           3);
  CHECK_EQ(read_rejection(R"({"partialSuccess":{"rejectedSpans":2}})").spans, 2);
  CHECK_EQ(read_rejection(R"({"partialSuccess":{"errorMessage":"x"}})").reason, "x");
  for (const char* text : {"", "{}", "[]", "no", R"({"partialSuccess":1})"})
    CHECK_EQ(read_rejection(text).spans, 0);
}

}  // namespace
}  // namespace mainspring::trace

#include "remote/outbox.h"

#include <algorithm>
#include <utility>

#include "json/codec.h"
#include "protocol/version.h"

namespace mainspring::remote {
namespace {

using protocol::Report;
using protocol::ReportAnswer;

// A report in the spool is what it is on the way.
std::string to_record(const Report& report) {
  return json::encode_text(report, json::Audience::self);
}

base::Result<Report> from_record(const std::string& record) {
  auto document = json::parse_json(record);
  if (!document) return base::fail(std::move(document.error()));
  return json::decode<Report>(document->value, json::Audience::self);
}

void complete(store::Completion& completion, base::Result<store::Reply> result) {
  if (completion) std::exchange(completion, nullptr)(std::move(result));
}

base::Result<store::Reply> reply_of(const Report& report, const ReportAnswer& answer) {
  if (!answer.code.empty()) return base::fail(base::find_code(answer.code), answer.message);
  if (!report.outcome) return store::Reply{store::Done{}};
  return store::Reply{
      store::AttemptFinished{answer.state.value_or(model::RunState::succeeded), answer.retry_at}};
}

bool is_retryable(const ReportAnswer& answer) {
  return !answer.code.empty() && base::code_row(base::find_code(answer.code)).retryable;
}

std::int64_t output_bytes(const Report& report) {
  std::int64_t bytes = 0;
  for (const model::LogChunk& chunk : report.output)
    bytes += std::ssize(chunk.bytes.bytes);
  return bytes;
}

}  // namespace

std::size_t size_of(const Report& report) {
  std::size_t bytes = 256;
  for (const model::LogChunk& chunk : report.output)
    bytes += chunk.bytes.bytes.size() + 64;
  if (report.outcome && report.outcome->result) {
    bytes += json::write(*report.outcome->result).size();
  }
  return bytes;
}

Outbox::Outbox(std::unique_ptr<Spool> spool, base::Log log)
    : spool_(std::move(spool)), log_(std::move(log)) {}

void Outbox::add(Item item) { queue_.push_back({std::move(item)}); }

// ---- sending -----------------------------------------------------------------------------------

void Outbox::fill_window() {
  if (!window_.empty()) return;
  fill_from_spool();
  if (!window_.empty()) return;
  source_ = Source::memory;
  std::size_t bytes = 0;
  while (!queue_.empty() && window_.size() < protocol::kReportsPerRequest / 2) {
    const std::size_t size = size_of(queue_.front().item.report);
    if (!window_.empty() && bytes + size > kRequestBytes) break;
    bytes += size;
    window_.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
}

void Outbox::fill_from_spool() {
  source_ = Source::spool;
  while (window_.empty() && !spool_->empty()) {
    auto records = spool_->peek(kRequestBytes);
    if (records.size() > protocol::kReportsPerRequest / 2)
      records.resize(protocol::kReportsPerRequest / 2);
    for (const std::string& record : records) {
      Entry entry;
      auto report = from_record(record);
      entry.is_done = !report;
      if (report) entry.item.report = std::move(*report);
      if (!report) {
        log_.say(base::LogLevel::error, "a report in the spool cannot be read; it is left out",
                 {{"reason", base::to_text(report.error())}});
      }
      window_.push_back(std::move(entry));
    }
    close_window();
  }
}

std::vector<Report> Outbox::next(int version) {
  fill_window();
  std::vector<Report> reports;
  owners_.clear();
  for (std::size_t i = 0; i < window_.size(); ++i) {
    if (window_[i].is_done) continue;
    Report report = window_[i].item.report;
    const bool is_split =
        version < protocol::kLastOutputWithOutcome && report.outcome && !report.output.empty();
    if (is_split) {
      Report output{.lease = report.lease, .output = std::exchange(report.output, {})};
      reports.push_back(std::move(output));
      owners_.push_back(i);
    }
    reports.push_back(std::move(report));
    owners_.push_back(i);
  }
  return reports;
}

bool Outbox::settle(const std::vector<ReportAnswer>& answers) {
  std::vector<bool> is_repeated(window_.size(), false);
  const std::size_t count = std::min(answers.size(), owners_.size());
  for (std::size_t i = 0; i < owners_.size(); ++i) {
    if (i >= count || is_retryable(answers[i])) is_repeated[owners_[i]] = true;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == owners_.size() || owners_[i + 1] != owners_[i];
    if (is_last && !is_repeated[owners_[i]]) finish(window_[owners_[i]], answers[i]);
  }
  const bool is_settled = std::ranges::count(is_repeated, true) == 0;
  close_window();
  return is_settled;
}

void Outbox::finish(Entry& entry, const ReportAnswer& answer) {
  const Report& report = entry.item.report;
  entry.is_done = true;
  if (!answer.code.empty()) {
    log_.say(base::LogLevel::info,
             report.outcome ? "the node refused an outcome" : "the node refused a report",
             {{"run_id", report.lease.run_id.text()},
              {"epoch", report.lease.epoch},
              {"code", answer.code},
              {"reason", answer.message}});
  }
  if (source_ == Source::memory) return complete(entry.item.completion, reply_of(report, answer));
  const auto waiting = report.outcome ? waiting_.find(report.lease) : waiting_.end();
  if (waiting == waiting_.end()) return;
  complete(waiting->second, reply_of(report, answer));
  waiting_.erase(waiting);
}

// Once all of it is settled, or as far as it is from the front.
void Outbox::close_window() {
  if (!std::ranges::all_of(window_, &Entry::is_done)) return;
  if (source_ == Source::spool) spool_->remove(window_.size());
  if (source_ == Source::spool && spool_->empty()) has_told_full_ = false;
  window_.clear();
}

// ---- keeping -----------------------------------------------------------------------------------

void Outbox::take_back_window() {
  if (source_ == Source::spool) return;  // it is on disk
  for (auto entry = window_.rbegin(); entry != window_.rend(); ++entry) {
    if (!entry->is_done) queue_.push_front(std::move(*entry));
  }
  window_.clear();
}

void Outbox::spill() {
  take_back_window();
  std::deque<Entry> kept;
  while (!queue_.empty()) {
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    if (!spill_entry(entry)) kept.push_back(std::move(entry));
  }
  queue_ = std::move(kept);
  tell_refusals();
}

void Outbox::abandon() {
  const base::Error error{base::Code::unavailable, "this worker ends", {}};
  for (Entry& entry : queue_)
    complete(entry.item.completion, base::fail(error));
  queue_.clear();
  for (auto& [lease, completion] : std::exchange(waiting_, {}))
    complete(completion, base::fail(error));
}

// Whether it is dealt with; an outcome that found no room stays in memory.
bool Outbox::spill_entry(Entry& entry) {
  const Report& report = entry.item.report;
  if (report.progress) {
    complete(entry.item.completion,
             base::fail(base::Code::unavailable, "the node cannot be reached"));
    return true;
  }
  const std::vector<std::string> record{to_record(report)};
  const auto kept = spool_->append(record, report.outcome ? Claim::reserve : Claim::plain);
  if (!kept) {
    refuse(entry, kept.error());
    return !report.outcome;
  }
  if (report.outcome) {
    if (entry.item.completion) waiting_[report.lease] = std::move(entry.item.completion);
  } else {
    complete(entry.item.completion, store::Reply{store::Done{}});
  }
  return true;
}

void Outbox::refuse(Entry& entry, const base::Error& error) {
  if (!std::exchange(has_told_full_, true)) {
    log_.say(
        base::LogLevel::error,
        "the spool takes nothing more: attempts that print wait, and what is left of them when "
        "they lose their lease is dropped",
        {{"reason", error.message}});
  }
  if (entry.item.report.outcome) return;
  if (entry.item.is_late) dropped_bytes_ += output_bytes(entry.item.report);
  complete(entry.item.completion, base::fail(error));
}

void Outbox::tell_refusals() {
  if (dropped_bytes_ == 0) return;
  log_.say(base::LogLevel::error, "output was dropped, as the spool is full",
           {{"bytes", std::exchange(dropped_bytes_, 0)}});
}

}  // namespace mainspring::remote

#include "remote/writer.h"

#include <algorithm>
#include <future>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include "json/codec.h"

namespace mainspring::remote {
namespace {

using json::Audience;

// How often an unsolvable disagreement about versions is told.
constexpr base::Duration kDisagreementPause = std::chrono::minutes{1};
constexpr base::Duration kControlPatience{5'000};
constexpr base::Duration kLongestSleep{10'000};
// After the node's own wait for a notice, for its way back.
constexpr base::Duration kNoticeMargin{5'000};

template <class T>
std::string to_body(const T& message) {
  return json::encode_text(message, Audience::self);
}

template <class T>
base::Result<T> from_body(const std::string& body) {
  const json::ParseLimits limits{.max_bytes = std::size_t{256} << 20};
  auto document = json::parse_json(body.empty() ? "{}" : body, limits);
  if (!document) {
    return base::fail(base::Code::unavailable,
                      "the answer is no JSON; is a Mainspring node at this address?");
  }
  auto message = json::decode<T>(document->value, Audience::self);
  if (!message) {
    return base::fail(base::Code::unavailable,
                      fmt::format("the answer cannot be read: {}", base::to_text(message.error())));
  }
  return message;
}

bool is_report(const store::Command& command) {
  return std::holds_alternative<store::AppendLog>(command) ||
         std::holds_alternative<store::ReportProgress>(command) ||
         std::holds_alternative<store::FinishAttempt>(command);
}

std::optional<Line> line_of(const store::Command& command) {
  if (std::holds_alternative<store::ClaimRuns>(command)) return Line::claim;
  if (std::holds_alternative<store::RenewLeases>(command)) return Line::heartbeat;
  const bool is_control = std::holds_alternative<store::RegisterWorker>(command) ||
                          std::holds_alternative<store::SetWorkerState>(command);
  return is_control ? std::optional{Line::control} : std::nullopt;
}

// Of a report.
Outbox::Item make_item(store::Command command) {
  Outbox::Item item;
  if (auto* log = std::get_if<store::AppendLog>(&command)) {
    item.report.lease = log->lease;
    item.report.output = std::move(log->chunks);
    item.is_late = log->is_late;
  } else if (auto* progress = std::get_if<store::ReportProgress>(&command)) {
    item.report.lease = progress->lease;
    item.report.progress = std::move(progress->progress);
  } else if (auto* finish = std::get_if<store::FinishAttempt>(&command)) {
    item.report.lease = finish->lease;
    item.report.output = std::move(finish->log);
    item.report.outcome = std::move(finish->outcome);
  }
  return item;
}

std::size_t size_of_command(const store::Command& command) {
  std::size_t bytes = 512;
  const auto add = [&bytes](const std::vector<model::LogChunk>& chunks) {
    for (const model::LogChunk& chunk : chunks)
      bytes += chunk.bytes.bytes.size() + 64;
  };
  if (const auto* log = std::get_if<store::AppendLog>(&command)) add(log->chunks);
  if (const auto* finish = std::get_if<store::FinishAttempt>(&command)) add(finish->log);
  return bytes;
}

std::unexpected<base::Error> ended() {
  return base::fail(base::Code::unavailable, "this worker ends");
}

}  // namespace

base::Result<std::unique_ptr<Writer>> Writer::open(WriterParts parts, WriterSettings settings) {
  auto spool = Spool::open(settings.spool, parts.log);
  if (!spool) return base::fail(std::move(spool.error()));
  return std::unique_ptr<Writer>{
      new Writer(std::move(parts), std::move(settings), std::move(*spool))};
}

Writer::Writer(WriterParts parts, WriterSettings settings, std::unique_ptr<Spool> spool)
    : parts_(std::move(parts)),
      settings_(std::move(settings)),
      lines_(settings_.target),
      outbox_(std::move(spool), parts_.log),
      version_(settings_.version) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Writer::~Writer() {
  thread_.request_stop();
  lines_.wake();
  thread_.join();
  take_inbox();
  outbox_.spill();
  fail_everything();
}

// ---- any thread --------------------------------------------------------------------------------

void Writer::submit(store::Request request, store::Completion completion) {
  if (is_report(request.command)) {
    const std::size_t size = size_of_command(request.command);
    {
      const std::scoped_lock lock(mutex_);
      if (inbox_bytes_ + size <= kInboxBytes) {
        inbox_bytes_ += size;
        ++left_;
        inbox_.push_back({std::move(request.command),
                          [this, size, completion](base::Result<store::Reply> result) {
                            {
                              const std::scoped_lock inner(mutex_);
                              inbox_bytes_ -= size;
                              --left_;
                            }
                            completion(std::move(result));
                          }});
        completion = nullptr;
      }
    }
    if (completion) {
      return completion(base::fail(base::Code::overloaded, "too much waits for the node"));
    }
  } else if (line_of(request.command)) {
    const std::scoped_lock lock(mutex_);
    inbox_.push_back({std::move(request.command), std::move(completion)});
  } else {
    return completion(
        base::fail(base::Code::unsupported, "a remote worker sends no commands of this kind"));
  }
  lines_.wake();
}

base::Result<store::Reply> Writer::submit_and_wait(store::Request request) {
  const auto answered = std::make_shared<std::promise<base::Result<store::Reply>>>();
  auto reply = answered->get_future();
  submit(std::move(request),
         [answered](base::Result<store::Reply> result) { answered->set_value(std::move(result)); });
  return reply.get();
}

void Writer::add_listener(store::Listener listener) {
  const std::scoped_lock lock(mutex_);
  listeners_.push_back(std::move(listener));
}

std::optional<base::Error> Writer::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

std::size_t Writer::waiting() const {
  const std::scoped_lock lock(mutex_);
  return left_;
}

bool Writer::flush(base::Duration most) {
  std::unique_lock lock(mutex_);
  return flushed_.wait_for(lock, most, [this] { return inbox_.empty() && is_flushed_; });
}

void Writer::tell(const std::vector<store::Notice>& notices) {
  std::vector<store::Listener> listeners;
  {
    const std::scoped_lock lock(mutex_);
    listeners = listeners_;
  }
  for (const store::Listener& listener : listeners)
    listener(notices);
}

// ---- the thread --------------------------------------------------------------------------------

void Writer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    take_inbox();
    if (is_offline_) outbox_.spill();
    start_lines();
    {
      const std::scoped_lock lock(mutex_);
      is_flushed_ = outbox_.empty();
      flushed_.notify_all();
    }
    lines_.wait(time_to_wait());
    for (auto& [line, answer] : lines_.step())
      handle(line, std::move(answer));
  }
}

void Writer::take_inbox() {
  std::deque<Pending> arrived;
  {
    const std::scoped_lock lock(mutex_);
    arrived.swap(inbox_);
    if (!arrived.empty()) is_flushed_ = false;
  }
  for (Pending& pending : arrived)
    route(std::move(pending));
}

void Writer::route(Pending pending) {
  if (is_rejected_) {
    return pending.completion(
        base::fail(base::Code::unauthenticated, "the node does not know this worker any more"));
  }
  if (const auto line = line_of(pending.command)) {
    queue_of(*line).waiting.push_back(std::move(pending));
    return;
  }
  if (const auto* finish = std::get_if<store::FinishAttempt>(&pending.command)) {
    pending.completion = [this, lease = finish->lease,
                          then = std::move(pending.completion)](base::Result<store::Reply> result) {
      const auto known = known_.find(lease.run_id);
      if (known != known_.end() && known->second.epoch == lease.epoch) known_.erase(known);
      then(std::move(result));
    };
  }
  Outbox::Item item = make_item(std::move(pending.command));
  item.completion = std::move(pending.completion);
  outbox_.add(std::move(item));
}

base::Duration Writer::time_to_wait() const {
  base::Duration next = now() + kLongestSleep;
  if (!outbox_.empty() && !lines_.is_busy(Line::report)) next = std::min(next, report_at_);
  if (is_started_ && !lines_.is_busy(Line::notice)) next = std::min(next, notice_at_);
  return std::max(next - now(), base::Duration{0});
}

// Half of it at least, so that workers that lost their node together do not come back together.
base::Duration Writer::with_jitter(base::Duration pause) {
  const auto half = static_cast<std::uint64_t>(pause.count() / 2);
  return base::Duration{
      static_cast<std::int64_t>(half + env::random_below(parts_.random, half + 1))};
}

// ---- requests ----------------------------------------------------------------------------------

void Writer::start_lines() {
  if (is_rejected_) return;
  for (const Line line : {Line::control, Line::claim, Line::heartbeat})
    start_command(line);
  start_notice();
  start_report();
}

void Writer::start_command(Line line) {
  Queue& queue = queue_of(line);
  if (queue.is_sent || queue.waiting.empty() || lines_.is_busy(line)) return;
  const store::Command& command = queue.waiting.front().command;
  // Registering ends the leases of the life before: what that life had to say goes first.
  if (std::holds_alternative<store::RegisterWorker>(command) && !outbox_.is_spool_empty()) return;
  lines_.post(line, make_request(command));
  queue.is_sent = true;
}

Request Writer::make_request(const store::Command& command) {
  Request request{.path = {}, .body = {}, .version = version_, .patience = kControlPatience};
  if (const auto* claim = std::get_if<store::ClaimRuns>(&command)) {
    forget_old_leases();
    protocol::ClaimBody body{claim->limit, claim->lease, {}};
    for (const auto& [run_id, known] : known_)
      body.known.push_back({run_id, known.epoch});
    request.path = protocol::kClaimPath;
    request.body = to_body(body);
    request.patience = claim->lease / 2;
  } else if (const auto* renewal = std::get_if<store::RenewLeases>(&command)) {
    request.path = protocol::kHeartbeatPath;
    request.body = to_body(protocol::HeartbeatBody{renewal->leases, renewal->lease});
    // Time for a second and a third try before the leases are over.
    request.patience = std::max(base::Duration{1'000}, renewal->lease * 3 / 10);
  } else if (const auto* start = std::get_if<store::RegisterWorker>(&command)) {
    protocol::StartBody body{
        start->worker.name, start->worker.slots, start->worker.labels, start->worker.version, {}};
    if (version_ >= protocol::kLastOutputWithOutcome) body.resources = start->worker.resources;
    request.path = protocol::kStartPath;
    request.body = to_body(body);
  } else if (const auto* state = std::get_if<store::SetWorkerState>(&command)) {
    if (state->state == model::WorkerState::offline) is_started_ = false;
    request.path = protocol::kLeavePath;
    request.body = to_body(protocol::LeaveBody{state->state});
  }
  return request;
}

void Writer::start_notice() {
  if (!is_started_ || lines_.is_busy(Line::notice) || now() < notice_at_) return;
  lines_.post(Line::notice, {.path = protocol::kNoticePath,
                             .body = to_body(protocol::NoticeBody{}),
                             .version = version_,
                             .patience = protocol::kLongestNoticeWait + kNoticeMargin});
}

void Writer::start_report() {
  if (lines_.is_busy(Line::report) || now() < report_at_) return;
  protocol::ReportBody body{outbox_.next(version_), parts_.clock.now()};
  if (body.reports.empty()) return;
  lines_.post(Line::report, {.path = protocol::kReportPath,
                             .body = to_body(body),
                             .version = version_,
                             .patience = kReportPatience});
}

// ---- answers -----------------------------------------------------------------------------------

void Writer::handle(Line line, Answer answer) {
  note_answer(answer);
  const bool is_disagreement = answer.status == 422 && has_agreed(answer);
  auto body = read_answer(std::move(answer));
  if (!body && body.error().code == base::Code::unauthenticated && !is_rejected_) {
    return give_up(body.error());
  }
  if (is_disagreement) {  // the same again, in the other version
    queue_of(line).is_sent = false;
    return;
  }
  if (line == Line::notice) return handle_notice(body);
  if (line == Line::report) return handle_report(body);
  handle_command(line, std::move(body));
}

// Whether there is another version in which the request may do.
bool Writer::has_agreed(const Answer& answer) {
  const auto node = protocol::parse_range(answer.versions);
  if (!node) return false;
  const auto common = protocol::agree(settings_.versions, *node);
  if (!common) {
    const bool is_told = disagreed_at_ && now() - *disagreed_at_ < kDisagreementPause;
    if (!is_told) parts_.log.say(base::LogLevel::error, common.error().message);
    if (!is_told) disagreed_at_ = now();
    return false;
  }
  if (*common == version_) return false;
  parts_.log.say(base::LogLevel::info, "the node speaks another version of the worker protocol",
                 {{"before", std::int64_t{version_}}, {"now", std::int64_t{*common}}});
  version_ = *common;
  return true;
}

void Writer::note_answer(const Answer& answer) {
  if (answer.status < 200 || answer.status >= 300) return;
  {
    const std::scoped_lock lock(mutex_);
    trouble_.reset();
  }
  // With nothing on disk no report would say that the node is back: a full spool refuses all.
  if (is_offline_ && outbox_.is_spool_empty()) come_online();
  if (is_offline_) report_at_ = now();
  if (std::exchange(has_missed_notices_, false)) {
    notice_at_ = now();
    tell({store::RunsReady{1}});
  }
}

void Writer::go_offline(const base::Error& error) {
  {
    const std::scoped_lock lock(mutex_);
    trouble_ = error;
  }
  report_pause_ = std::clamp(2 * report_pause_, kFirstPause, kLongestPause);
  report_at_ = now() + with_jitter(report_pause_);
  if (std::exchange(is_offline_, true)) return;
  parts_.log.say(base::LogLevel::warn,
                 "the node takes no reports; output and outcomes are kept on disk until it does",
                 {{"reason", error.message}});
}

void Writer::handle_command(Line line, base::Result<std::string> body) {
  Queue& queue = queue_of(line);
  if (queue.waiting.empty()) return;
  Pending pending = std::move(queue.waiting.front());
  queue.waiting.pop_front();
  queue.is_sent = false;
  if (!body) {
    // Where the heartbeat finds nobody, nobody answers what was sent before it either.
    if (line == Line::heartbeat && body.error().code == base::Code::unavailable) {
      if (lines_.is_busy(Line::report)) {
        lines_.drop(Line::report);
        go_offline(body.error());
      }
      if (lines_.is_busy(Line::notice)) {
        lines_.drop(Line::notice);
        handle_notice(base::fail(body.error()));
      }
    }
    return pending.completion(base::fail(std::move(body.error())));
  }
  pending.completion(read_reply(pending.command, *body));
}

base::Result<store::Reply> Writer::read_reply(const store::Command& command,
                                              const std::string& body) {
  if (std::holds_alternative<store::ClaimRuns>(command)) return read_claim(body);
  if (const auto* renewal = std::get_if<store::RenewLeases>(&command)) {
    return read_heartbeat(*renewal, body);
  }
  if (const auto* start = std::get_if<store::RegisterWorker>(&command)) {
    const auto reply = from_body<protocol::StartReply>(body);
    if (!reply) return base::fail(reply.error());
    if (reply->slots < start->worker.slots) {
      parts_.log.say(base::LogLevel::warn, "the join token allows this worker fewer slots",
                     {{"slots", std::int64_t{reply->slots}}});
    }
    known_.clear();
    is_started_ = true;
  }
  return store::Reply{store::Done{}};
}

base::Result<store::Reply> Writer::read_claim(const std::string& body) {
  auto reply = from_body<protocol::ClaimReply>(body);
  if (!reply) return base::fail(std::move(reply.error()));
  store::RunsClaimed claimed;
  for (const json::Value& value : reply->runs) {
    auto run = json::decode<store::ClaimedRun>(value, Audience::self);
    if (!run) {
      refuse_unreadable(value, run.error());
      continue;
    }
    known_[run->run.id] = {run->epoch, now()};
    claimed.runs.push_back(std::move(*run));
  }
  if (reply->next_due_in) claimed.next_due = parts_.clock.now() + *reply->next_due_in;
  return store::Reply{std::move(claimed)};
}

// A definition of a newer release: this worker says so, and another may do better.
void Writer::refuse_unreadable(const json::Value& run, const base::Error& error) {
  const auto* object = run.if_object();
  const auto* summary = object == nullptr ? nullptr : object->if_contains("run");
  const auto* id = summary == nullptr || !summary->is_object()
                       ? nullptr
                       : summary->as_object().if_contains("id");
  const auto run_id = id != nullptr && id->is_string()
                          ? base::RunId::parse(std::string_view{id->as_string()})
                          : base::Result<base::RunId>{base::fail(base::Code::internal, "")};
  const auto* epoch = object == nullptr ? nullptr : object->if_contains("epoch");
  if (!run_id || epoch == nullptr || !epoch->is_int64()) return;
  parts_.log.say(base::LogLevel::error, "a run cannot be read; is this worker too old?",
                 {{"run_id", run_id->text()}, {"reason", base::to_text(error)}});
  known_[*run_id] = {epoch->as_int64(), now()};
  model::Outcome outcome;
  outcome.status = model::OutcomeStatus::lost;
  outcome.error =
      model::Failure{"lost",
                     fmt::format("the worker cannot read this run and may have to be upgraded: {}",
                                 base::to_text(error)),
                     {}};
  route({store::FinishAttempt{.lease = {*run_id, epoch->as_int64()}, .outcome = outcome},
         [](const base::Result<store::Reply>&) {}});
}

base::Result<store::Reply> Writer::read_heartbeat(const store::RenewLeases& command,
                                                  const std::string& body) {
  auto reply = from_body<protocol::HeartbeatReply>(body);
  if (!reply) return base::fail(std::move(reply.error()));
  const base::Instant wall = parts_.clock.now();
  store::LeasesRenewed renewed;
  for (const protocol::KeptLease& kept : reply->leases) {
    store::RenewedLease lease{.run_id = kept.run_id};
    if (kept.is_held) lease.until = wall + command.lease;
    if (kept.cancel) lease.cancel = model::CancelRequest{.at = wall, .mode = *kept.cancel};
    if (kept.extended_for) lease.extended_until = wall + *kept.extended_for;
    renewed.leases.push_back(std::move(lease));
    const auto known = known_.find(kept.run_id);
    if (known == known_.end()) continue;
    known->second.seen = now();
    // The run may have come back since under another lease.
    const store::LeaseRef now_known{kept.run_id, known->second.epoch};
    const bool is_about_it = std::ranges::count(command.leases, now_known) > 0;
    if (!kept.is_held && is_about_it) known_.erase(known);
  }
  if (reply->drain_in) renewed.drain_until = wall + *reply->drain_in;
  return store::Reply{std::move(renewed)};
}

// What was given up here ends there with its lease; a margin for clocks that run apart.
void Writer::forget_old_leases() {
  std::erase_if(known_, [this](const auto& entry) {
    return now() - entry.second.seen > 2 * settings_.lease + std::chrono::minutes{1};
  });
}

void Writer::handle_notice(const base::Result<std::string>& body) {
  auto reply = body ? from_body<protocol::NoticeReply>(*body)
                    : base::Result<protocol::NoticeReply>{base::fail(body.error())};
  if (!reply) {
    has_missed_notices_ = true;
    notice_pause_ = std::clamp(2 * notice_pause_, kFirstPause, kLongestPause);
    notice_at_ = now() + with_jitter(notice_pause_);
    return;
  }
  notice_pause_ = base::Duration{0};
  const base::Instant wall = parts_.clock.now();
  std::vector<store::Notice> notices;
  if (reply->are_runs_ready) notices.emplace_back(store::RunsReady{1});
  if (reply->next_due_in) notices.emplace_back(store::DueChanged{wall + *reply->next_due_in});
  for (const protocol::CancelNotice& cancel : reply->cancels)
    notices.emplace_back(store::CancelAsked{cancel.run_id, settings_.worker_id, cancel.mode});
  for (const protocol::ExtensionNotice& more : reply->extensions) {
    notices.emplace_back(
        store::ExtensionGiven{more.run_id, settings_.worker_id, wall + more.extended_for});
  }
  if (reply->is_ordered) notices.emplace_back(store::WorkerOrdered{settings_.worker_id});
  if (!notices.empty()) tell(notices);
}

void Writer::handle_report(const base::Result<std::string>& body) {
  const auto reply = body ? from_body<protocol::ReportReply>(*body)
                          : base::Result<protocol::ReportReply>{base::fail(body.error())};
  if (reply) {
    if (outbox_.settle(reply->answers)) return come_online();
    return go_offline({base::Code::unavailable, "the node cannot store reports now", {}});
  }
  const base::CodeRow& row = base::code_row(reply.error().code);
  const bool is_final = !row.retryable && reply.error().code != base::Code::unauthenticated &&
                        reply.error().code != base::Code::unsupported;
  if (!is_final) return go_offline(reply.error());
  // The request as a whole is refused, and would be again.
  const protocol::ReportAnswer refusal{.code = std::string{row.name},
                                       .message = reply.error().message};
  outbox_.settle(std::vector(2 * protocol::kReportsPerRequest, refusal));
}

void Writer::come_online() {
  report_pause_ = base::Duration{0};
  if (!std::exchange(is_offline_, false)) return;
  parts_.log.say(base::LogLevel::info, "the node takes reports again; what was kept follows",
                 {{"bytes", outbox_.spool_bytes()}});
}

// Nobody will hear any of it.
void Writer::give_up(const base::Error& error) {
  is_rejected_ = true;
  outbox_.spill();
  fail_everything();
  if (parts_.on_rejected) parts_.on_rejected(error);
}

void Writer::fail_everything() {
  for (Queue& queue : queues_) {
    queue.is_sent = false;
    for (Pending& pending : std::exchange(queue.waiting, {}))
      pending.completion(ended());
  }
  outbox_.abandon();
}

}  // namespace mainspring::remote

#include "api/hub.h"

#include <algorithm>
#include <atomic>

#include <fmt/core.h>

#include "api/messages.h"
#include "http/sse.h"
#include "json/codec.h"

namespace mainspring::api {
namespace {

constexpr std::size_t kRememberedChanges = 16'384;  // runs; about 1.5 MiB, then forgotten at once
constexpr std::int64_t kEventsPerRead = 500;
// Of events, in one write: half of what the least stream has room for.
constexpr std::size_t kPieceBytes = 4 << 10;

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

bool is_wanted(const Topics& topics, const model::Event& event) {
  if (topics.events) return true;
  if (event.type.starts_with("run.")) return topics.runs || contains(topics.run_ids, event.subject);
  if (event.type.starts_with("job.") || event.type.starts_with("schedule.")) return topics.jobs;
  return event.type.starts_with("node.") && topics.workers;
}

std::string format_model_event(const model::Event& event) {
  return http::format_event({.id = std::to_string(event.position),
                             .event = event.type,
                             .data = json::encode_text(to_cloud_event(event)),
                             .retry = std::nullopt});
}

// Some events for one or more streams, in one write.
struct Piece {
  std::string text;
  std::int64_t last = 0;  // position of its last event
};

// Writes each event once, and puts pieces together once for all who asked for the same: as a rule
// thousands of streams are open pages that show the same lists.
class Composer {
 public:
  explicit Composer(const std::vector<model::Event>& events)
      : events_(events), texts_(events.size()) {}

  // Until the next call. The wish must stay where it is.
  const std::vector<Piece>& pieces_for(const Subscription& wish) {
    const auto known = std::ranges::find_if(groups_, [&](const Group& group) {
      return group.wish->tenant == wish.tenant && group.wish->topics == wish.topics;
    });
    if (known != groups_.end()) return known->pieces;
    if (groups_.size() == kGroups) groups_.erase(groups_.begin());
    return groups_.emplace_back(&wish, compose(wish)).pieces;
  }

 private:
  static constexpr std::size_t kGroups = 8;  // pages that everybody opens; others are rarely alike
  struct Group {
    const Subscription* wish;
    std::vector<Piece> pieces;
  };

  std::vector<Piece> compose(const Subscription& wish) {
    std::vector<Piece> pieces;
    Piece piece;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const model::Event& event = events_[i];
      if (wish.tenant != event.tenant || !is_wanted(wish.topics, event)) continue;
      if (texts_[i].empty()) texts_[i] = format_model_event(event);
      piece.text += texts_[i];
      piece.last = event.position;
      if (piece.text.size() >= kPieceBytes) pieces.push_back(std::exchange(piece, {}));
    }
    if (!piece.text.empty()) pieces.push_back(std::move(piece));
    return pieces;
  }

  const std::vector<model::Event>& events_;
  std::vector<std::string> texts_;  // of those that somebody wanted
  std::vector<Group> groups_;
};

// The run id of "run:ID" or "log:ID"; "" when the word is neither, or no id follows.
std::string id_after(std::string_view prefix, std::string_view word) {
  if (!word.starts_with(prefix)) return {};
  const std::string_view id = word.substr(prefix.size());
  return base::RunId::parse(id) ? std::string{id} : std::string{};
}

base::Result<void> add_topic(Topics& topics, std::string_view word) {
  if (word == "runs") {
    topics.runs = true;
  } else if (word == "jobs") {
    topics.jobs = true;
  } else if (word == "workers") {
    topics.workers = true;
  } else if (word == "events") {
    topics.events = true;
  } else if (std::string run = id_after("run:", word); !run.empty()) {
    topics.run_ids.push_back(std::move(run));
  } else if (std::string log = id_after("log:", word); !log.empty()) {
    topics.log_ids.push_back(std::move(log));
  } else {
    return base::fail(base::Code::invalid_argument,
                      fmt::format("topics: '{}' is none of runs, jobs, workers, events, run:RUN_ID "
                                  "and log:RUN_ID",
                                  word));
  }
  return {};
}

}  // namespace

base::Result<Topics> parse_topics(std::string_view text) {
  Topics topics;
  std::size_t count = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (auto added = add_topic(topics, text.substr(0, end)); !added) {
      return base::fail(std::move(added.error()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    ++count;
  }
  if (count == 0 || count > kTopicsPerStream) {
    return base::fail(
        base::Code::invalid_argument,
        fmt::format("topics: name 1 to {}, such as topics=runs,log:RUN_ID", kTopicsPerStream));
  }
  return topics;
}

struct Hub::Subscriber {
  Subscription wish;
  std::int64_t position = 0;  // of the last event it got or was told to read again
  std::int64_t pending = 0;   // of the last event in what is sent next
  bool behind = false;        // its buffer was full: it missed something
  // Told by the stream's own thread, which may outlive the hub.
  struct Signs {
    std::atomic<bool> gone = false;
    std::atomic<bool> stalled = false;  // a write was refused, and there is no room yet
  };
  std::shared_ptr<Signs> signs = std::make_shared<Signs>();

  // A refused piece is followed by the word that something is missing, at once or when it fits.
  void send(const std::string& bytes) {
    const bool is_taken = !signs->stalled && (!behind || tell_behind()) && write(bytes);
    position = std::max(position, pending);
    if (is_taken) return;
    behind = true;
    if (!signs->stalled) tell_behind();
  }
  // What it shows is old, and what happened since is not at hand.
  void start_over() {
    behind = true;
    tell_behind();
  }
  bool tell_behind() {
    behind = !write(resync());
    return !behind;
  }
  // Marked as stalled beforehand: the word that there is room again may come at any moment.
  bool write(std::string bytes) {
    signs->stalled = true;
    const bool is_taken = wish.stream->write(std::move(bytes));
    if (is_taken) signs->stalled = false;
    return is_taken;
  }
  std::string resync() const {
    return http::format_event({.id = std::to_string(position),
                               .event = "resync",
                               .data = R"({"reason":"messages were missed; read again"})",
                               .retry = std::nullopt});
  }
};

struct Hub::Ear {
  std::mutex mutex;
  Hub* hub = nullptr;
};

Hub::Hub(const Services& services, const Settings& settings)
    : services_(services),
      settings_(settings),
      ear_(std::make_shared<Ear>()),
      open_streams_(std::make_shared<std::atomic<std::int64_t>>(0)) {
  thread_ = std::jthread([this](std::stop_token stop) { follow(std::move(stop)); });
  ear_->hub = this;
  services_.store.writer().add_listener([ear = ear_](const std::vector<store::Notice>& notices) {
    const std::scoped_lock lock(ear->mutex);
    if (ear->hub != nullptr) ear->hub->on_notices(notices);
  });
}

Hub::~Hub() { stop(); }

void Hub::stop() {
  {
    const std::scoped_lock lock(ear_->mutex);
    ear_->hub = nullptr;
  }
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  std::vector<Wait> waits;
  {
    const std::scoped_lock lock(mutex_);
    is_stopped_ = true;
    waits.swap(waits_);
    std::ranges::move(arriving_, std::back_inserter(subscribers_));
    arriving_.clear();
  }
  for (const auto& subscriber : subscribers_)
    subscriber->wish.stream->close();
  subscribers_.clear();
  for (Wait& wait : waits)
    wait.resume();
}

void Hub::on_notices(const std::vector<store::Notice>& notices) {
  bool relevant = false;
  bool is_heard = false;
  {
    const std::scoped_lock lock(mutex_);
    is_heard = !waits_.empty() || open_streams_->load() > 0;
    for (const store::Notice& notice : notices) {
      if (const auto* events = std::get_if<store::EventsAdded>(&notice)) {
        std::int64_t& position = is_heard ? known_position_ : skipped_position_;
        position = std::max(position, events->last_position);
        relevant = true;
      } else if (const auto* log = std::get_if<store::LogGrew>(&notice)) {
        if (is_heard) grown_logs_.push_back(log->run_id.text());
        relevant = true;
      }
    }
    if (relevant) ++version_;
    if (!is_heard) changed_floor_ = version_;
  }
  if (relevant && is_heard) wake_.notify_one();
}

base::Result<std::shared_ptr<StreamSeat>> Hub::take_seat() {
  {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) return base::fail(base::Code::unavailable, "The node is stopping.");
  }
  const std::int64_t others = open_streams_->fetch_add(1);
  auto seat = std::make_shared<StreamSeat>(open_streams_);
  if (others < settings_.live_streams) return seat;
  return base::fail(base::Code::overloaded,
                    fmt::format("{} live streams are open, as many as this node serves; close "
                                "some, or try again later.",
                                settings_.live_streams));
}

void Hub::subscribe(Subscription subscription) {
  auto subscriber = std::make_unique<Subscriber>();
  subscriber->wish = std::move(subscription);
  http::Stream& stream = *subscriber->wish.stream;
  stream.on_writable([signs = subscriber->signs] { signs->stalled = false; });
  stream.on_closed([signs = subscriber->signs, seat = std::move(subscriber->wish.seat)]() mutable {
    signs->gone = true;
    seat.reset();
  });
  const std::scoped_lock lock(mutex_);
  if (is_stopped_) return stream.close();
  arriving_.push_back(std::move(subscriber));
  wake_.notify_one();
}

std::int64_t Hub::version() const {
  const std::scoped_lock lock(mutex_);
  return version_;
}

void Hub::wait(Wait wait) {
  {
    const std::scoped_lock lock(mutex_);
    const auto changed = changed_.find(wait.run_id);
    const bool missed =
        wait.since < changed_floor_ || (changed != changed_.end() && changed->second > wait.since);
    if (!missed && !is_stopped_) {
      waits_.push_back(std::move(wait));
      wake_.notify_one();
      return;
    }
  }
  wait.resume();
}

void Hub::follow(std::stop_token stop) {
  std::unique_ptr<store::Reads> reads;
  while (!stop.stop_requested()) {
    try {
      if (!reads) reads = services_.store.open_reads();
      work_round(*reads);
    } catch (const store::Unavailable&) {
      reads.reset();  // tried again at the next change or beat
    }
    beat();
    end_expired(services_.clock.now());
    for (Wait& wait : take_due_waits(services_.clock.now()))
      wait.resume();
    std::unique_lock lock(mutex_);
    const auto has_work = [this] {
      return known_position_ > position_ || !grown_logs_.empty() || !arriving_.empty();
    };
    const auto time = time_to_wait();
    const std::int64_t waits = static_cast<std::int64_t>(waits_.size());
    const auto wanted = [&] {
      return has_work() || static_cast<std::int64_t>(waits_.size()) != waits;
    };
    if (time) {
      wake_.wait_for(lock, stop, *time, wanted);
    } else {
      wake_.wait(lock, stop, wanted);
    }
  }
}

// The time until something must happen without a change: a beat or a waiter's deadline. Needs the
// lock held. Nothing at all when nobody listens or waits: an idle node does not wake up.
std::optional<base::Duration> Hub::time_to_wait() const {
  std::optional<base::Duration> time;
  const auto sooner = [&time](base::Duration candidate) {
    candidate = std::max(candidate, base::Duration{1});
    if (!time || candidate < *time) time = candidate;
  };
  if (!subscribers_.empty()) sooner(next_beat_ - services_.clock.monotonic());
  const base::Instant now = services_.clock.now();
  if (next_end_) sooner(*next_end_ - now);
  for (const Wait& wait : waits_)
    sooner(wait.deadline - now);
  return time;
}

void Hub::work_round(store::Reads& reads) {
  std::vector<std::unique_ptr<Subscriber>> arriving;
  std::vector<std::string> logs;
  std::int64_t known = 0;
  {
    const std::scoped_lock lock(mutex_);
    arriving.swap(arriving_);
    logs.swap(grown_logs_);
    known = known_position_;
    if (position_ >= 0) position_ = std::max(position_, skipped_position_);
  }
  if (position_ < 0) position_ = reads.events().last_position();
  bool have_tokens_changed = false;
  while (position_ < known) {
    const auto events = reads.events().after({}, position_, kEventsPerRead);
    if (events.empty()) break;
    have_tokens_changed |= std::ranges::any_of(
        events, [](const model::Event& event) { return event.type.starts_with("token."); });
    deliver(events);
    position_ = events.back().position;
  }
  position_ = std::max(position_, known);
  std::ranges::sort(logs);
  logs.erase(std::ranges::unique(logs).begin(), logs.end());
  for (const std::string& run_id : logs)
    deliver_log_growth(run_id);
  if (subscribers_.empty() && !arriving.empty()) {
    next_beat_ = services_.clock.monotonic() + settings_.heartbeat;
  }
  for (auto& subscriber : arriving) {
    const base::Blob& token = subscriber->wish.token;
    if (!token.bytes.empty() && !reads.tokens().find(token)) {
      subscriber->wish.stream->close();  // it was revoked while the stream began
      continue;
    }
    greet(reads, *subscriber);
    const auto ends_at = subscriber->wish.ends_at;
    if (ends_at) next_end_ = std::min(next_end_.value_or(*ends_at), *ends_at);
    subscribers_.push_back(std::move(subscriber));
  }
  if (have_tokens_changed) end_revoked(reads);
  drop_gone();
}

// A token may stand behind thousands of streams: each is looked up once.
void Hub::end_revoked(store::Reads& reads) {
  std::unordered_map<std::string, bool> is_known;
  std::erase_if(subscribers_, [&](const auto& subscriber) {
    const base::Blob& token = subscriber->wish.token;
    if (token.bytes.empty()) return false;
    const auto [entry, is_new] = is_known.try_emplace(token.bytes, true);
    if (is_new) entry->second = reads.tokens().find(token).has_value();
    if (!entry->second) subscriber->wish.stream->close();
    return !entry->second;
  });
}

void Hub::end_expired(base::Instant now) {
  if (!next_end_ || *next_end_ > now) return;
  next_end_.reset();
  std::erase_if(subscribers_, [&](const auto& subscriber) {
    const auto ends_at = subscriber->wish.ends_at;
    const bool has_ended = ends_at && *ends_at <= now;
    if (has_ended) subscriber->wish.stream->close();
    if (ends_at && !has_ended) next_end_ = std::min(next_end_.value_or(*ends_at), *ends_at);
    return has_ended;
  });
}

// Those that left go now and not at the next beat: who connects and leaves again and again must
// not be remembered until then.
void Hub::drop_gone() {
  std::erase_if(subscribers_,
                [](const auto& subscriber) { return subscriber->signs->gone.load(); });
}

void Hub::touch(const std::string& run_id) {
  std::vector<Wait> ready;
  {
    const std::scoped_lock lock(mutex_);
    if (changed_.size() >= kRememberedChanges) {
      changed_.clear();
      changed_floor_ = version_;
    }
    changed_[run_id] = version_;
    const auto rest = std::partition(waits_.begin(), waits_.end(),
                                     [&](const Wait& wait) { return wait.run_id != run_id; });
    std::move(rest, waits_.end(), std::back_inserter(ready));
    waits_.erase(rest, waits_.end());
  }
  for (Wait& wait : ready)
    wait.resume();
}

// Waiters first, so that thousands of subscribers do not keep them waiting; then each subscriber
// gets what concerns it in few writes, as each write wakes the edge thread.
void Hub::deliver(const std::vector<model::Event>& events) {
  for (const model::Event& event : events) {
    if (event.type.starts_with("run.") || event.type.starts_with("operation.")) {
      touch(event.subject);
    }
  }
  Composer composer(events);
  for (const auto& subscriber : subscribers_) {
    for (const Piece& piece : composer.pieces_for(subscriber->wish)) {
      subscriber->pending = piece.last;
      subscriber->send(piece.text);
    }
  }
}

// Says only that there is more: the log itself is read by GET /runs/{run}/log, at the client's
// pace.
void Hub::deliver_log_growth(const std::string& run_id) {
  touch(run_id);
  std::string bytes;
  for (const auto& subscriber : subscribers_) {
    if (!contains(subscriber->wish.topics.log_ids, run_id)) continue;
    if (bytes.empty()) {
      bytes = http::format_event({.id = {},
                                  .event = "log.grew",
                                  .data = json::write(json::Value{{"run", run_id}}),
                                  .retry = std::nullopt});
    }
    subscriber->send(bytes);
  }
}

// A newcomer gets what it missed since `after`, or is told to read afresh when that is too much.
// The id of the greeting is the place that it has seen already: who is cut off before the rest has
// come resumes there. Once all of it is sent, the position is said without a message.
void Hub::greet(store::Reads& reads, Subscriber& subscriber) {
  subscriber.position = position_;
  subscriber.send(
      http::format_event({.id = std::to_string(subscriber.wish.after.value_or(position_)),
                          .event = "hello",
                          .data = json::write(json::Value{{"position", position_}}),
                          .retry = std::chrono::seconds{2}}));
  if (!subscriber.wish.after) return;
  replay(reads, subscriber, *subscriber.wish.after);
  if (!subscriber.behind) subscriber.send(http::format_id(std::to_string(position_)));
}

void Hub::replay(store::Reads& reads, Subscriber& subscriber, std::int64_t from) {
  if (from > position_ || position_ - from > kReplayLimit) return subscriber.start_over();
  while (from < position_) {
    const auto events = reads.events().after(
        {.tenant = subscriber.wish.tenant, .type_prefix = {}, .subject = {}}, from, kEventsPerRead);
    // Asked after the reading: retention may remove what follows `from` at any time.
    if (reads.events().first_position() > from + 1) return subscriber.start_over();
    if (events.empty()) return;
    for (const model::Event& event : events) {
      if (event.position > position_) return;
      if (!is_wanted(subscriber.wish.topics, event)) continue;
      subscriber.send(format_model_event(event));
      if (subscriber.behind) return;  // too much for its buffer: it reads afresh
    }
    from = events.back().position;
  }
}

void Hub::beat() {
  if (subscribers_.empty() || services_.clock.monotonic() < next_beat_) return;
  next_beat_ = services_.clock.monotonic() + settings_.heartbeat;
  drop_gone();
  for (const auto& subscriber : subscribers_) {
    if (subscriber->signs->stalled) continue;  // what waits to be sent is a sign of life, too
    subscriber->send(http::format_comment("beat"));
  }
}

std::vector<Hub::Wait> Hub::take_due_waits(base::Instant now) {
  std::vector<Wait> due;
  const std::scoped_lock lock(mutex_);
  const auto rest = std::partition(waits_.begin(), waits_.end(),
                                   [now](const Wait& wait) { return wait.deadline > now; });
  std::move(rest, waits_.end(), std::back_inserter(due));
  waits_.erase(rest, waits_.end());
  return due;
}

}  // namespace mainspring::api

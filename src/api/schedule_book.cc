#include "api/schedule_book.h"

#include <algorithm>
#include <utility>

namespace mainspring::api {
namespace {

constexpr std::size_t kMostChanges = 500;  // read one by one; of more, everything is read again
constexpr std::int64_t kPiece = 1'000;

}  // namespace

struct ScheduleBook::Ear {
  std::mutex mutex;
  std::set<base::JobId> changed;
  bool is_full = false;
};

ScheduleBook::ScheduleBook(store::Writer& writer) : ear_(std::make_shared<Ear>()) {
  writer.add_listener([ear = ear_](const std::vector<store::Notice>& notices) {
    const std::lock_guard lock(ear->mutex);
    for (const store::Notice& notice : notices) {
      const auto* job = std::get_if<store::JobChanged>(&notice);
      if (job != nullptr && !ear->is_full) ear->changed.insert(job->job_id);
      if (std::holds_alternative<store::NoticesLost>(notice)) ear->is_full = true;
    }
    ear->is_full = ear->is_full || ear->changed.size() > kMostChanges;
    if (ear->is_full) ear->changed.clear();
  });
}

ScheduleBook::Contents ScheduleBook::read(store::Reads& reads, std::string_view tenant) {
  const std::lock_guard lock(mutex_);
  std::set<base::JobId> changed;
  {
    const std::lock_guard hearing(ear_->mutex);
    std::swap(changed, ear_->changed);
    if (std::exchange(ear_->is_full, false)) is_read_ = false;
  }
  // What is heard from here on is read at the next question.
  if (!is_read_ || !changed.empty()) ++edition_;
  if (!is_read_) {
    read_all(reads);
  } else {
    is_read_ = false;  // where a question fails, all of it is asked again
    for (const base::JobId id : changed)
      read_job(reads, id);
    is_read_ = true;
  }
  Contents out{{}, is_complete_, edition_};
  for (const auto& [id, lines] : lines_) {
    for (const auto& line : lines)
      if (line->tenant() == tenant) out.lines.push_back(line);
  }
  return out;
}

plan::HourlyFires ScheduleBook::count(const Span& span, const Contents& contents) {
  {
    const std::lock_guard lock(counting_);
    if (counted_edition_ == contents.edition) {
      if (const auto known = counted_.find(span); known != counted_.end()) return known->second;
    }
  }
  plan::HourlyFires counts = plan::count_fires(contents.lines, span.from, span.hours);
  const std::lock_guard lock(counting_);
  if (contents.edition < counted_edition_) return counts;  // somebody has asked since a change
  if (contents.edition > counted_edition_ || counted_.size() >= kKeptCounts) counted_.clear();
  counted_edition_ = contents.edition;
  counted_[span] = counts;
  return counts;
}

void ScheduleBook::read_all(store::Reads& reads) {
  is_read_ = false;
  lines_.clear();
  count_ = 0;
  is_complete_ = false;
  base::ScheduleId after;
  while (count_ < kBookSchedules && !is_complete_) {
    const auto piece = reads.schedules().active(after, kPiece);
    for (const model::Schedule& schedule : piece) {
      after = schedule.id;
      auto line = plan::FireLine::make(schedule);
      if (!line) continue;  // `why` tells of it; here it fires never
      lines_[schedule.job_id].push_back(std::move(*line));
      ++count_;
    }
    is_complete_ = std::ssize(piece) < kPiece;
  }
  is_read_ = true;
}

void ScheduleBook::read_job(store::Reads& reads, base::JobId id) {
  if (const auto known = lines_.find(id); known != lines_.end()) {
    count_ -= std::ssize(known->second);
    lines_.erase(known);
  }
  for (const model::Schedule& schedule : reads.schedules().of_job(id)) {
    if (schedule.exhausted) continue;
    if (count_ >= kBookSchedules) {
      is_complete_ = false;
      return;
    }
    auto line = plan::FireLine::make(schedule);
    if (!line) continue;
    lines_[id].push_back(std::move(*line));
    ++count_;
  }
}

}  // namespace mainspring::api

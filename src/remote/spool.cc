#include "remote/spool.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fmt/core.h>

namespace mainspring::remote {
namespace {

constexpr std::string_view kSuffix = ".spool";
constexpr std::size_t kHeader = 8;  // length, CRC

using Header = std::array<unsigned char, kHeader>;

void put(unsigned char* out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    out[i] = static_cast<unsigned char>(value >> (8 * i));
}

std::uint32_t get(const unsigned char* in) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value |= static_cast<std::uint32_t>(in[i]) << (8 * i);
  return value;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

std::unexpected<base::Error> fail(int reason, const std::string& path) {
  const bool is_full = reason == ENOSPC || reason == EDQUOT;
  return base::fail(
      is_full ? base::Code::storage_full : base::Code::unavailable,
      fmt::format("the spool '{}': {}", path, std::generic_category().message(reason)));
}

bool read_at(int file, std::int64_t offset, std::span<char> out) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        ::pread(file, out.data() + done, out.size() - done, offset + static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

void close_file(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

// Makes the names in a directory durable.
void sync_directory(const std::string& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file >= 0) ::fsync(file);
  close_file(file);
}

}  // namespace

Spool::Spool(SpoolSettings settings, base::Log log)
    : settings_(std::move(settings)), log_(std::move(log)) {}

Spool::~Spool() {
  close_file(writing_);
  close_file(reading_);
}

base::Result<std::unique_ptr<Spool>> Spool::open(SpoolSettings settings, base::Log log) {
  std::unique_ptr<Spool> spool{new Spool(std::move(settings), std::move(log))};
  if (auto loaded = spool->load(); !loaded) return base::fail(std::move(loaded.error()));
  return spool;
}

std::string Spool::path_of(std::uint64_t number) const {
  return fmt::format("{}/{:012}{}", settings_.directory, number, kSuffix);
}

base::Result<void> Spool::load() {
  DIR* directory = ::opendir(settings_.directory.c_str());
  if (directory == nullptr) return fail(errno, settings_.directory);
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || std::string_view{end} != kSuffix) continue;
    segments_.push_back({number, 0});
  }
  ::closedir(directory);
  std::ranges::sort(segments_, {}, &Segment::number);
  for (Segment& segment : segments_) {
    segment.size = check_tail(segment);
    bytes_ += segment.size;
    last_number_ = segment.number;
  }
  load_cursor();
  open_first();
  if (!empty()) {
    log_.say(base::LogLevel::info, "the spool has reports of an earlier life, which go first",
             {{"bytes", bytes_}});
  }
  return {};
}

// The size of what is whole; a crash may have cut the last record.
std::int64_t Spool::check_tail(const Segment& segment) {
  const std::string path = path_of(segment.number);
  int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  struct stat status{};
  if (file < 0 || ::fstat(file, &status) != 0) {
    close_file(file);
    return 0;
  }
  std::int64_t whole = 0;
  std::string bytes;
  while (true) {
    Header header{};
    if (!read_at(file, whole, {reinterpret_cast<char*>(header.data()), kHeader})) break;
    const std::uint32_t length = get(header.data());
    if (length > kRecordLimit) break;
    bytes.resize(length);
    if (!read_at(file, whole + static_cast<std::int64_t>(kHeader), bytes)) break;
    if (checksum(bytes) != get(header.data() + 4)) break;
    whole += static_cast<std::int64_t>(kHeader + length);
  }
  if (whole < status.st_size) {
    log_.say(base::LogLevel::warn,
             "the end of a spool file cannot be read; it was cut by a crash, or is damaged",
             {{"path", path}, {"bytes", status.st_size - whole}});
    if (::ftruncate(file, whole) != 0) log_.warn("the spool file could not be cut");
  }
  close_file(file);
  return whole;
}

base::Result<void> Spool::begin_segment() {
  const std::string path = path_of(last_number_ + 1);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return fail(errno, path);
  sync_directory(settings_.directory);
  close_file(writing_);
  writing_ = file;
  segments_.push_back({++last_number_, 0});
  if (segments_.size() == 1) open_first();
  return {};
}

// At the end of what is whole, so that a write that failed halfway is written over.
base::Result<void> Spool::write(std::string_view block) {
  Segment& segment = segments_.back();
  std::size_t done = 0;
  while (done < block.size()) {
    const ssize_t wrote = ::pwrite(writing_, block.data() + done, block.size() - done,
                                   segment.size + static_cast<off_t>(done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return fail(wrote == 0 ? ENOSPC : errno, path_of(segment.number));
    done += static_cast<std::size_t>(wrote);
  }
  if (::fdatasync(writing_) != 0) return fail(errno, path_of(segment.number));
  segment.size += static_cast<std::int64_t>(block.size());
  bytes_ += static_cast<std::int64_t>(block.size());
  return {};
}

base::Result<void> Spool::append(std::span<const std::string> records, Claim claim) {
  std::string block;
  for (const std::string& record : records) {
    Header header{};
    put(header.data(), static_cast<std::uint32_t>(record.size()));
    put(header.data() + 4, checksum(record));
    block.append(reinterpret_cast<const char*>(header.data()), kHeader);
    block += record;
  }
  const std::int64_t room = settings_.limit + (claim == Claim::reserve ? kReserve : 0);
  if (bytes_ + static_cast<std::int64_t>(block.size()) > room) {
    return base::fail(base::Code::storage_full,
                      fmt::format("the spool is full: {} bytes wait for the node, {} is the limit",
                                  bytes_, settings_.limit));
  }
  const bool is_fresh = writing_ < 0 || segments_.back().size >= kSegmentBytes;
  if (is_fresh) {
    if (auto begun = begin_segment(); !begun) return begun;
  }
  return write(block);
}

base::Result<std::string> Spool::read_record(std::int64_t offset) {
  Header header{};
  const bool is_there =
      read_at(reading_, offset, {reinterpret_cast<char*>(header.data()), kHeader});
  const std::uint32_t length = get(header.data());
  std::string bytes;
  if (is_there && length <= kRecordLimit) bytes.resize(length);
  const bool is_whole = is_there && length <= kRecordLimit &&
                        read_at(reading_, offset + static_cast<std::int64_t>(kHeader), bytes) &&
                        checksum(bytes) == get(header.data() + 4);
  if (is_whole) return bytes;
  return base::fail(base::Code::unavailable, "the record is damaged");
}

std::vector<std::string> Spool::peek(std::size_t bytes) {
  std::vector<std::string> records;
  ends_.clear();
  while (records.empty() && !empty()) {
    std::int64_t at = offset_;
    std::size_t taken = 0;
    const Segment& first = segments_.front();
    while (at < first.size) {
      auto record = read_record(at);
      if (!record) {
        log_.say(base::LogLevel::error, "a spool file is damaged; what follows in it is lost",
                 {{"path", path_of(first.number)}, {"bytes", first.size - at}});
        bytes_ -= first.size - at;
        segments_.front().size = at;
        break;
      }
      if (!records.empty() && taken + record->size() > bytes) break;
      taken += record->size();
      at += static_cast<std::int64_t>(kHeader + record->size());
      ends_.push_back(at);
      records.push_back(std::move(*record));
    }
    if (records.empty()) drop_first();
  }
  return records;
}

void Spool::remove(std::size_t count) {
  if (count == 0) return;
  offset_ = ends_.at(count - 1);
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(count));
  if (offset_ >= segments_.front().size)
    drop_first();
  else
    note_cursor();
}

void Spool::drop_first() {
  const Segment first = segments_.front();
  if (segments_.size() == 1) close_file(writing_);
  close_file(reading_);
  ::unlink(path_of(first.number).c_str());
  bytes_ -= first.size;
  segments_.pop_front();
  offset_ = 0;
  ends_.clear();
  open_first();
}

void Spool::open_first() {
  close_file(reading_);
  if (empty()) return;
  reading_ = ::open(path_of(segments_.front().number).c_str(), O_RDONLY | O_CLOEXEC);
}

// "SEGMENT OFFSET" in one write; a file that was cut is no cursor.
void Spool::note_cursor() const {
  const std::string path = settings_.directory + "/cursor";
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return;
  const std::string text = fmt::format("{:020} {:020}\n", segments_.front().number, offset_);
  if (::pwrite(file, text.data(), text.size(), 0) < 0) log_.warn("the spool's cursor is not kept");
  close_file(file);
}

void Spool::load_cursor() {
  const std::string path = settings_.directory + "/cursor";
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::array<char, 42> text{};
  const bool is_whole = file >= 0 && read_at(file, 0, text);
  close_file(file);
  if (!is_whole || empty()) return;
  std::uint64_t number = 0;
  std::int64_t offset = 0;
  std::from_chars(text.data(), text.data() + 20, number);
  std::from_chars(text.data() + 21, text.data() + 41, offset);
  const Segment& first = segments_.front();
  if (number == first.number && offset <= first.size) offset_ = offset;
}

}  // namespace mainspring::remote

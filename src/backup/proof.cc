#include "backup/proof.h"

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "backup/next_fires.h"
#include "crypto/digest.h"
#include "json/codec.h"
#include "sqlite/store.h"
#include "system/file_lock.h"
#include "system/files.h"

namespace mainspring::backup {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Result;

// A directory beside the file, for copies of it; gone with this object, and after a crash with the
// next proof of the same file.
class Side {
 public:
  static Result<Side> make(const std::string& file) {
    Side side(file + ".proof");
    if (auto made = system::make_private_directory(side.path_); !made) {
      side.path_.clear();
      return base::fail(std::move(made.error()));
    }
    auto lock = system::FileLock::take(side.path_ + "/lock");
    if (!lock) {
      side.path_.clear();
      return base::fail(std::move(lock.error()));
    }
    side.lock_ = std::make_unique<system::FileLock>(std::move(*lock));
    for (const char* name : {"copy", "live"}) {
      for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
        std::error_code ignored;
        fs::remove(side.file(name) + suffix, ignored);
      }
    }
    return side;
  }
  Side(Side&& other) noexcept
      : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}
  Side& operator=(Side&&) = delete;
  ~Side() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  std::string file(std::string_view name) const { return fmt::format("{}/{}", path_, name); }

 private:
  explicit Side(std::string path) : path_(std::move(path)) {}
  std::string path_;
  std::unique_ptr<system::FileLock> lock_;
};

// What a node would start with. Opening it is part of the proof: it migrates the copy.
class Opened {
 public:
  static Result<Opened> open(const std::string& path) {
    auto store = sqlite::open({.path = path});
    if (!store) return base::fail(std::move(store.error()));
    Opened opened;
    opened.store_ = std::move(*store);
    opened.reads_ = opened.store_->open_reads();
    return opened;
  }
  store::Reads& reads() { return *reads_; }

 private:
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Reads> reads_;  // gone before the store
};

// A chain, so that no store is too large for it: each link is over the last and the next text.
Result<std::string> digest_definitions(const std::string& path) {
  base::Blob link;
  auto read = sqlite::for_each_definition(path, [&link](std::string_view text) {
    link = crypto::sha256(fmt::format("{}{}", link.bytes, text));
  });
  if (!read) return base::fail(std::move(read.error()));
  return link.bytes.empty() ? std::string{} : crypto::to_hex(link);
}

Result<std::vector<Finding>> compare_with(const ProofRequest& request, const Side& side) {
  const std::string live = side.file("live");
  if (auto copied = sqlite::copy_database({request.against, live, request.watch}); !copied) {
    return base::fail(std::move(copied.error()));
  }
  if (auto opened = Opened::open(live); !opened) return base::fail(std::move(opened.error()));
  auto found = sqlite::compare({.earlier = side.file("copy"), .later = live});
  if (!found) return base::fail(std::move(found.error()));
  std::vector<Finding> findings;
  for (sqlite::Difference& each : *found)
    findings.push_back({std::move(each.what), each.count, each.is_explained});
  return findings;
}

Result<void> read_copy(const std::string& copy, base::Instant now, Proof& proof) {
  {
    auto opened = Opened::open(copy);
    if (!opened) return base::fail(std::move(opened.error()));
    proof.next = find_next(opened->reads(), now);
  }
  auto contents = sqlite::read_contents(copy);
  if (!contents) return base::fail(std::move(contents.error()));
  proof.contents = std::move(*contents);
  auto digest = digest_definitions(copy);
  if (!digest) return base::fail(std::move(digest.error()));
  proof.contents.definitions = std::move(*digest);
  proof.opened_as = sqlite::newest_schema();
  return {};
}

}  // namespace

bool Proof::is_explained() const { return std::ranges::all_of(findings, &Finding::is_explained); }

Result<Proof> prove(const ProofRequest& request) {
  std::error_code missing;
  Proof proof{.file = request.file};
  const auto bytes = fs::file_size(request.file, missing);
  if (missing) {
    return base::fail(Code::not_found, fmt::format("there is no backup {}", request.file));
  }
  proof.bytes = static_cast<std::int64_t>(bytes);
  const auto schema = sqlite::check_database(request.file, sqlite::Depth::full);
  if (!schema) return base::fail(schema.error());
  proof.schema = *schema;
  auto side = Side::make(request.file);
  if (!side) return base::fail(std::move(side.error()));
  const std::string copy = side->file("copy");
  if (auto copied = sqlite::copy_database({request.file, copy, request.watch}); !copied) {
    return base::fail(std::move(copied.error()));
  }
  if (auto read = read_copy(copy, request.now, proof); !read) {
    return base::fail(std::move(read.error()));
  }
  if (!request.against.empty()) {
    auto findings = compare_with(request, *side);
    if (!findings) return base::fail(std::move(findings.error()));
    proof.findings = std::move(*findings);
  }
  return proof;
}

const json::StructTable& NextFire::described() {
  static const auto table = json::describe<NextFire>(
      "NextFire", "The next fire of a schedule.", json::field<&NextFire::at>("at", "When."),
      json::field<&NextFire::job>("job", "Of which job."),
      json::field<&NextFire::schedule>("schedule", "Its schedule, in words."));
  return table;
}

const json::StructTable& Finding::described() {
  static const auto table = json::describe<Finding>(
      "Finding", "How a live store differs from the backup.",
      json::field<&Finding::what>("what", "What differs."),
      json::field<&Finding::count>("count", "How often."),
      json::field<&Finding::is_explained>("explained", "By later events, or by retention."));
  return table;
}

const json::StructTable& Proof::described() {
  static const auto table = json::describe<Proof>(
      "Proof", "What a restore of a backup was found to give.",
      json::field<&Proof::file>("file", "The backup."),
      json::field<&Proof::bytes>("bytes", "Its size."),
      json::field<&Proof::schema>("schema", "The number of its schema."),
      json::field<&Proof::opened_as>("opened_as", "The schema after it was opened."),
      json::field<&Proof::contents>("contents", "What it holds."),
      json::field<&Proof::next>("next", "The soonest fires of its schedules."),
      json::field<&Proof::findings>("findings", "How the live store differs from it."));
  return table;
}

}  // namespace mainspring::backup

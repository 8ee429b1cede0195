// Exchange: one request on its way and the answer as it comes; what libcurl is told, and what it
// calls back with. Internal to Transfer.
//
// Threads: that of the attempt. Owns what the handle points to, and outlives its use.
#pragma once

#include <curl/curl.h>

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "runner/http/transfer.h"

namespace mainspring::runner::http {

// Where a request stands.
enum class Stage { connecting, sending, waiting, receiving };

class Exchange {
 public:
  Exchange(const Request& request, std::int64_t most) : request_(request), most_(most) {}
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Everything that libcurl needs to know, on a handle that was reset.
  void prepare(CURL* easy, const TransferSettings& settings);

  // How far it has come by now.
  void update(SteadyTime now);
  Stage stage() const { return stage_; }
  SteadyTime stage_since() const { return stage_since_; }  // or the last 1xx
  SteadyTime moved_at() const { return moved_at_; }        // when bytes last went or came

  std::expected<Answer, Failure> take(CURLcode code);

 private:
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  void enter(Stage stage, SteadyTime now);

  void set_method(CURL* easy);
  void set_headers(CURL* easy, const std::string& host);
  Failure failure_of(CURLcode code) const;
  std::string words_of(CURLcode code) const;

  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, FreeList>;
  static void append(List& list, const std::string& line);

  const Request& request_;
  const std::int64_t most_;
  TooLong too_long_ = TooLong::refused;
  CURL* easy_ = nullptr;
  List headers_;
  List connect_to_;
  char detail_[CURL_ERROR_SIZE] = "";

  Answer answer_;
  std::size_t header_bytes_ = 0;
  bool has_answered_ = false;      // the headers of the last answer are there
  bool has_interim_ = false;       // a 1xx since the last update
  std::optional<Trouble> passed_;  // the limit that we broke it off for

  Stage stage_ = Stage::connecting;
  SteadyTime stage_since_ = std::chrono::steady_clock::now();
  SteadyTime moved_at_ = stage_since_;
  curl_off_t moved_bytes_ = 0;
};

}  // namespace mainspring::runner::http

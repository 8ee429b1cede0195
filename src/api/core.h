// Core: what the calls of one API share. Constructed by Api, and gone with it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "api/auth.h"
#include "api/call.h"
#include "api/errands.h"
#include "api/hub.h"
#include "api/read_pool.h"
#include "api/schedule_book.h"
#include "api/services.h"
#include "api/worker_bell.h"
#include "metrics/http_metrics.h"

namespace mainspring::api {

// What every answer says to a browser: no caching, no guessing of types, no frames, no referrer,
// and nothing to be loaded; an answer's own Cache-Control and Content-Security-Policy stay.
void add_security_headers(http::Headers& headers);

// application/problem+json, RFC 9457, with every problem of the error.
http::Response problem(const base::Error& error, std::string_view request_id);

class Core {
 public:
  Core(const Services& services, Settings settings);
  ~Core();

  // Any thread (an edge thread). Routes the request and hands it to a reader.
  void handle(http::Request request, std::shared_ptr<http::Exchange> exchange);
  // Runs the call's handler on a reader thread; answers 429 when too many wait.
  void dispatch(const CallPtr& call);
  // Runs `work` on a reader thread; false when too much waits.
  bool post(ReadPool::Work work) { return readers_.post(std::move(work)); }
  // Runs one piece of something long on a reader thread, after those who wait for an answer.
  void post_bulk(ReadPool::Work work) { readers_.post_bulk(std::move(work)); }

  // No call waits for anything any more; those that do are answered as things stand.
  void stop_waiting();
  bool is_stopping() const { return is_stopping_.load(); }

  const Services& services() const { return services_; }
  const Settings& settings() const { return settings_; }
  // Any thread.
  std::vector<SettingView> shown_settings() const;
  void set_shown_settings(std::vector<SettingView> shown);
  Credentials& credentials() { return credentials_; }
  Hub& hub() { return hub_; }
  WorkerBell& worker_bell() { return worker_bell_; }
  ScheduleBook& schedule_book() { return schedule_book_; }
  Errands& errands() { return errands_; }
  const metrics::HttpMetrics& http_metrics() const { return *http_metrics_; }

 private:
  std::shared_ptr<http::Exchange> observe(const http::Request& request, const Route* route,
                                          std::shared_ptr<http::Exchange> exchange);
  void serve(const CallPtr& call, store::Reads& reads);

  const Services services_;
  const Settings settings_;
  mutable std::mutex shown_mutex_;
  std::vector<SettingView> shown_settings_;
  Credentials credentials_;
  // Shared with the exchanges that are not answered yet.
  const std::shared_ptr<metrics::HttpMetrics> http_metrics_;
  std::atomic<bool> is_stopping_ = false;
  Hub hub_;
  WorkerBell worker_bell_;
  ScheduleBook schedule_book_;
  Errands errands_;  // its work answers calls
  // Last: their work uses everything above. Leases do not wait behind questions of people.
  ReadPool readers_;
  ReadPool worker_readers_;
};

}  // namespace mainspring::api

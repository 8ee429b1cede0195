// Lines: requests to a node, of which each line has at most one under way, without blocking. Where
// several nodes serve one store, requests go to one of them for as long as it answers, then to the
// next.
//
// Threads: one, but for wake(). Source: libcurl's multi interface. Proxies are those that libcurl's
// variables name (https_proxy, no_proxy).
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/time.h"

namespace mainspring::remote {

enum class Line { control, claim, heartbeat, notice, report };
inline constexpr std::size_t kLines = 5;

// Where the nodes are, and who asks.
struct Target {
  std::vector<std::string> servers;  // "https://node.example.com:7070", without a '/' at its end
  std::string credential;            // the bearer token
  std::string ca_file;  // of the authorities that may vouch for the node; "": the system's
};

struct Request {
  std::string_view path;  // of protocol/messages.h
  std::string body;
  int version = 1;             // of the worker protocol
  base::Duration patience{0};  // for the whole answer
};

struct Answer {
  int status = 0;       // 0: there was none
  std::string problem;  // why not
  std::string body;
  std::string versions;  // the range of the protocol that the node speaks; "" where it did not say
  std::string server;    // which one was asked
  bool is_distrusted = false;  // who answered could not prove to be the node

  // Nobody answered, or somebody who says that he cannot serve.
  bool is_from_nobody() const { return status == 0 || (status >= 502 && status <= 504); }
};

class Lines {
 public:
  // Throws std::runtime_error when libcurl cannot start.
  explicit Lines(Target target);
  ~Lines();  // drops what is under way

  const std::string& server() const { return target_.servers[server_]; }
  bool is_busy(Line line) const { return at(line).is_busy; }
  void post(Line line, Request request);  // not while it is busy
  void drop(Line line);                   // what it has under way, if anything, with its connection

  // Goes on; what has been answered, or has failed. After an answer from nobody, requests go to the
  // next server.
  std::vector<std::pair<Line, Answer>> step();
  // Until something can go on, wake() is called, or the time is over.
  void wait(base::Duration most);
  void wake();  // any thread

 private:
  struct Curl;
  struct Wire {
    void* easy = nullptr;
    void* headers = nullptr;
    std::string body;
    Answer answer;
    std::array<char, 256> detail{};  // CURL_ERROR_SIZE
    std::size_t server = 0;
    bool is_busy = false;
  };
  Wire& at(Line line) { return wires_[static_cast<std::size_t>(line)]; }
  const Wire& at(Line line) const { return wires_[static_cast<std::size_t>(line)]; }
  void end(Wire& wire);
  Answer take_answer(Wire& wire, int code);

  const Target target_;
  std::size_t server_ = 0;
  void* multi_ = nullptr;
  std::array<Wire, kLines> wires_;
};

// An answer of 2xx as it is, or the error that it stands for: the code and detail of its problem
// document, or unavailable.
base::Result<std::string> read_answer(Answer answer);

// Posts one request and waits, of every server in turn until one answers. Errors: those of
// read_answer().
struct Asked {
  base::Result<std::string> body;
  std::string versions;        // as in Answer
  bool is_distrusted = false;  // as in Answer
};
Asked ask(const Target& target, const Request& request);

}  // namespace mainspring::remote

// Channel: the bytes of one connection, as they are or inside TLS. Edge thread only.
//
// It never blocks, and does not own the descriptor, which must outlive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct ssl_st;  // OpenSSL's: its headers stay in .cc files

namespace mainspring::net {

class Tls;

class Channel {
 public:
  enum class State : std::uint8_t {
    moved,       // so many bytes
    ended,       // the peer sends nothing more; it may still read
    want_read,   // again when the socket can be read
    want_write,  // again when it can be written
    broken,      // close it
  };
  struct Io {
    State state = State::moved;
    std::size_t bytes = 0;
  };
  enum class Handshake : std::uint8_t { done, want_read, want_write, not_tls, broken };

  explicit Channel(int descriptor);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // A step of the server's handshake, which may take a millisecond of computing; the same `tls`
  // each time. After not_tls, where the client began as one does that speaks HTTP, the bytes go on
  // as they are; but for that, nothing below is called before it is done. Throws std::bad_alloc.
  Handshake shake_hands(const Tls& tls);
  bool is_encrypted() const { return ssl_ != nullptr; }
  bool is_resumed() const;

  Io read(std::span<char> to);
  Io write(std::string_view bytes);
  // Whether read() would find more without the socket's having anything.
  bool has_more() const { return has_more_; }
  // Ends our direction. False: the socket takes nothing now, try again when it does.
  bool shut_sending();
  // The same without TLS's farewell: what came is not whole, and the peer must not think so.
  void cut_sending();

 private:
  Handshake look_at_first_byte(const Tls& tls);
  Io read_tls(std::span<char> to);
  Io write_tls(std::string_view bytes);
  State state_of(int result) const;

  const int descriptor_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  bool has_more_ = false;
};

}  // namespace mainspring::net

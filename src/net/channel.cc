#include "net/channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls.h"

namespace mainspring::net {
namespace {

constexpr unsigned char kHandshakeRecord = 22;  // the first byte of a client that speaks TLS

// OpenSSL's own socket BIO calls write(), which raises SIGPIPE when the peer has gone.
int descriptor_of(BIO* bio) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int send_to_socket(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t count =
      ::send(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

int receive_from_socket(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(count);
}

long control_socket(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_EOF:
      return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    case BIO_CTRL_FLUSH:
    case BIO_CTRL_DUP:
      return 1;
    default:
      return 0;
  }
}

BIO_METHOD* make_socket_method() {
  BIO_METHOD* method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE");
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_write(method, send_to_socket);
  BIO_meth_set_read(method, receive_from_socket);
  BIO_meth_set_ctrl(method, control_socket);
  return method;
}

ssl_st* make_ssl(int descriptor, const Tls& tls) {
  static BIO_METHOD* const method = make_socket_method();  // as long as the program
  SSL* const ssl = SSL_new(tls.context().get());
  BIO* const bio = ssl == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) {
    SSL_free(ssl);
    ERR_clear_error();
    throw std::bad_alloc();
  }
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  SSL_set_bio(ssl, bio, bio);
  SSL_set_accept_state(ssl);
  return ssl;
}

bool is_method_letter(char byte) { return byte >= 'A' && byte <= 'Z'; }

}  // namespace

Channel::Channel(int descriptor) : descriptor_(descriptor), ssl_(nullptr, SSL_free) {}

// A session whose connection ends without a farewell would be dropped from the cache, though
// clients that simply leave are the usual ones.
Channel::~Channel() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
}

Channel::State Channel::state_of(int result) const {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return State::want_read;
    case SSL_ERROR_WANT_WRITE:
      return State::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return State::ended;
    default:
      return State::broken;
  }
}

// Who connects and says nothing costs nothing but the connection.
Channel::Handshake Channel::look_at_first_byte(const Tls& tls) {
  char first = 0;
  ssize_t count = 0;
  do {
    count = ::recv(descriptor_, &first, 1, MSG_PEEK);
  } while (count < 0 && errno == EINTR);
  if (count < 0 && errno == EAGAIN) return Handshake::want_read;
  if (count <= 0) return Handshake::broken;
  if (is_method_letter(first)) return Handshake::not_tls;
  if (static_cast<unsigned char>(first) != kHandshakeRecord) return Handshake::broken;
  ssl_.reset(make_ssl(descriptor_, tls));
  return Handshake::done;
}

Channel::Handshake Channel::shake_hands(const Tls& tls) {
  if (!ssl_) {
    if (const Handshake found = look_at_first_byte(tls); found != Handshake::done) return found;
  }
  ERR_clear_error();  // SSL_get_error() looks at the whole queue of this thread
  const int result = SSL_do_handshake(ssl_.get());
  if (result == 1) {
    has_more_ = SSL_has_pending(ssl_.get()) == 1;
    return Handshake::done;
  }
  const State state = state_of(result);
  ERR_clear_error();
  if (state == State::want_read) return Handshake::want_read;
  return state == State::want_write ? Handshake::want_write : Handshake::broken;
}

bool Channel::is_resumed() const { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

Channel::Io Channel::read(std::span<char> to) {
  if (ssl_) return read_tls(to);
  while (true) {
    const ssize_t count = ::recv(descriptor_, to.data(), to.size(), 0);
    if (count > 0) return {State::moved, static_cast<std::size_t>(count)};
    if (count == 0) return {State::ended};
    if (errno == EAGAIN) return {State::want_read};
    if (errno != EINTR) return {State::broken};
  }
}

// As many records as there are and fit: a wait for the socket would not tell of those that OpenSSL
// has read already.
Channel::Io Channel::read_tls(std::span<char> to) {
  std::size_t done = 0;
  has_more_ = false;
  ERR_clear_error();
  while (done < to.size()) {
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), to.data() + done, to.size() - done, &count);
    if (result != 1) {
      const State state = state_of(result);
      ERR_clear_error();
      if (done == 0) return {state};
      has_more_ = state == State::ended || state == State::broken;  // told by the next read
      return {State::moved, done};
    }
    done += count;
    if (SSL_has_pending(ssl_.get()) == 0) return {State::moved, done};
  }
  has_more_ = true;
  return {State::moved, done};
}

Channel::Io Channel::write(std::string_view bytes) {
  if (ssl_) return write_tls(bytes);
  while (true) {
    const ssize_t count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) return {State::moved, static_cast<std::size_t>(count)};
    if (errno == EAGAIN) return {State::want_write};
    if (errno != EINTR) return {State::broken};
  }
}

Channel::Io Channel::write_tls(std::string_view bytes) {
  std::size_t count = 0;
  ERR_clear_error();
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  if (result == 1) return {State::moved, count};
  const State state = state_of(result);
  ERR_clear_error();
  // Renegotiation is off, so no write waits for what the peer sends.
  return {state == State::want_write ? state : State::broken};
}

bool Channel::shut_sending() {
  if (ssl_) {
    ERR_clear_error();
    const int result = SSL_shutdown(ssl_.get());
    const bool is_full = result < 0 && state_of(result) == State::want_write;
    ERR_clear_error();
    if (is_full) return false;
  }
  cut_sending();
  return true;
}

void Channel::cut_sending() { ::shutdown(descriptor_, SHUT_WR); }

}  // namespace mainspring::net

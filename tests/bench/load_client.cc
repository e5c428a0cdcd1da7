// Load client: N keep-alive connections over mutual TLS, each sends its next request when the
// answer to the last one is complete (closed loop). One thread, epoll and OpenSSL; for our hub and
// for any other server alike, so that both are measured by the same client. Output: one JSON object
// on stdout.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Options {
  std::string address = "127.0.0.1";
  int port = 0;
  std::string host = "localhost";
  int connections = 64;
  double seconds = 5;
  double warmup_seconds = 0.5;
  std::uint64_t count = 0;  // 0 = by time
  std::string chain_file, key_file;
  std::string method = "GET", path = "/", content_type = "application/json";
  std::string body_file, bodies_file;
  std::vector<std::string> headers;
  std::string suite = "TLS_AES_128_GCM_SHA256";
  std::vector<int> server_pids;
};

std::uint64_t now_us() {
  using std::chrono::steady_clock;
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now().time_since_epoch())
          .count());
}

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "load_client: %s\n", what.c_str());
  std::exit(3);
}

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("cannot read " + file);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Whole requests, made once. Connection i of n sends requests i, i + n, i + 2n … of the list, so a
// body that belongs to one connection (a reference token) stays with it when n divides the list.
std::vector<std::string> make_requests(const Options& o) {
  std::vector<std::string> bodies;
  if (!o.bodies_file.empty()) {
    std::istringstream in(slurp(o.bodies_file));
    for (std::string line; std::getline(in, line);) {
      if (!line.empty()) bodies.push_back(line);
    }
    if (bodies.empty()) fail("no bodies");
  } else {
    bodies.push_back(o.body_file.empty() ? std::string() : slurp(o.body_file));
  }
  std::vector<std::string> out;
  for (const std::string& body : bodies) {
    std::string r = o.method + " " + o.path + " HTTP/1.1\r\nHost: " + o.host + "\r\n";
    for (const std::string& h : o.headers) r += h + "\r\n";
    if (!body.empty()) {
      r += "Content-Type: " + o.content_type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    }
    out.push_back(r + "\r\n" + body);
  }
  return out;
}

// User and system time of a process, in microseconds.
std::uint64_t cpu_us(int pid) {
  std::string text = slurp("/proc/" + std::to_string(pid) + "/stat");
  text.erase(0, text.rfind(')') + 2);
  std::istringstream in(text);
  std::string skip;
  for (int i = 0; i < 11; ++i) in >> skip;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  in >> user >> system;
  return (user + system) * 1'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

struct Totals {
  std::vector<std::uint32_t> latencies_us;
  std::map<int, std::uint64_t> by_status;
  std::uint64_t answers = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t body_bytes = 0;
  std::uint64_t errors = 0;
};

class Connection {
 public:
  Connection(const Options& o, SSL_CTX* tls, std::size_t first, std::size_t stride)
      : next_(first), stride_(stride) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(o.port));
    inet_pton(AF_INET, o.address.c_str(), &to.sin_addr);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("cannot connect");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ssl_ = SSL_new(tls);
    SSL_set_fd(ssl_, fd_);
    if (SSL_connect(ssl_) != 1) fail("TLS handshake refused");
    BIO_socket_nbio(fd_, 1);
  }
  ~Connection() {
    SSL_free(ssl_);
    ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  int fd() const { return fd_; }

  bool send_next(const std::vector<std::string>& requests) {
    const std::string& r = requests[next_ % requests.size()];
    next_ += stride_;
    sent_us_ = now_us();
    in_.clear();
    need_ = 0;
    // A request is far smaller than a socket buffer: it goes out whole or the connection is dead.
    return SSL_write(ssl_, r.data(), static_cast<int>(r.size())) == static_cast<int>(r.size());
  }

  enum class Got { kPart, kAnswer, kEnd };
  Got receive(Totals& t) {
    char buffer[32768];
    for (;;) {
      const int n = SSL_read(ssl_, buffer, sizeof buffer);
      if (n <= 0) {
        return SSL_get_error(ssl_, n) == SSL_ERROR_WANT_READ ? Got::kPart : Got::kEnd;
      }
      t.bytes_in += static_cast<std::uint64_t>(n);
      in_.append(buffer, static_cast<std::size_t>(n));
      if (need_ == 0 && !find_end(t)) continue;
      if (in_.size() < need_) continue;
      if (in_.size() > need_) ++t.errors;  // more than was asked for
      return Got::kAnswer;
    }
  }
  int status() const { return std::atoi(in_.c_str() + 9); }
  std::uint64_t sent_us() const { return sent_us_; }

 private:
  bool find_end(Totals& t) {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    std::string head = in_.substr(0, end);
    std::transform(head.begin(), head.end(), head.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::size_t at = head.find("\r\ncontent-length:");
    const std::uint64_t length =
        at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 17, nullptr, 10);
    t.body_bytes += length;
    need_ = end + 4 + length;
    return true;
  }

  int fd_ = -1;
  SSL* ssl_ = nullptr;
  std::size_t next_;
  std::size_t stride_;
  std::uint64_t sent_us_ = 0;
  std::string in_;
  std::size_t need_ = 0;
};

SSL_CTX* make_tls(const Options& o) {
  SSL_CTX* tls = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION);
  SSL_CTX_set_read_ahead(tls, 1);
  if (SSL_CTX_set_ciphersuites(tls, o.suite.c_str()) != 1) fail("unknown suite");
  if (!o.chain_file.empty() &&
      (SSL_CTX_use_certificate_chain_file(tls, o.chain_file.c_str()) != 1 ||
       SSL_CTX_use_PrivateKey_file(tls, o.key_file.c_str(), SSL_FILETYPE_PEM) != 1)) {
    fail("client certificate or key cannot be used");
  }
  return tls;
}

class Run {
 public:
  explicit Run(const Options& o) : o_(o), requests_(make_requests(o)), tls_(make_tls(o)) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    const auto n = static_cast<std::size_t>(o.connections);
    for (std::size_t i = 0; i < n; ++i) {
      connections_.push_back(std::make_unique<Connection>(o, tls_, i, n));
      epoll_event e{};
      e.events = EPOLLIN;
      e.data.u64 = i;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_.back()->fd(), &e);
    }
    alive_ = n;
  }
  ~Run() { SSL_CTX_free(tls_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  void go() {
    for (const auto& c : connections_) c->send_next(requests_);
    if (o_.count == 0) {
      until(now_us() + static_cast<std::uint64_t>(o_.warmup_seconds * 1e6));
      totals_ = {};
    }
    const std::uint64_t cpu_before = server_cpu();
    const std::uint64_t begin = now_us();
    until(o_.count == 0 ? begin + static_cast<std::uint64_t>(o_.seconds * 1e6) : UINT64_MAX);
    elapsed_us_ = now_us() - begin;
    server_cpu_us_ = server_cpu() - cpu_before;
  }

  void print() {
    auto& l = totals_.latencies_us;
    std::sort(l.begin(), l.end());
    const auto at = [&l](double q) {
      return l.empty() ? 0U : l[static_cast<std::size_t>(q * static_cast<double>(l.size() - 1))];
    };
    const double n = static_cast<double>(std::max<std::uint64_t>(totals_.answers, 1));
    std::string statuses;
    for (const auto& [status, times] : totals_.by_status) {
      statuses += (statuses.empty() ? "" : ",") + ("\"" + std::to_string(status) + "\":") +
                  std::to_string(times);
    }
    std::printf(
        "{\"connections\":%d,\"seconds\":%.3f,\"requests\":%llu,\"requests_per_second\":%.0f,"
        "\"p50_us\":%u,\"p99_us\":%u,\"max_us\":%u,\"errors\":%llu,\"status\":{%s},"
        "\"bytes\":%llu,\"body_bytes\":%llu",
        o_.connections, static_cast<double>(elapsed_us_) / 1e6,
        static_cast<unsigned long long>(totals_.answers),
        n / (static_cast<double>(elapsed_us_) / 1e6), at(0.5), at(0.99), at(1.0),
        static_cast<unsigned long long>(totals_.errors), statuses.c_str(),
        static_cast<unsigned long long>(totals_.bytes_in),
        static_cast<unsigned long long>(totals_.body_bytes));
    if (!o_.server_pids.empty()) {
      std::printf(",\"server_cpu_us_per_request\":%.2f", static_cast<double>(server_cpu_us_) / n);
    }
    std::printf("}\n");
  }

  bool clean() const {
    return totals_.errors == 0 && totals_.answers > 0 &&
           std::all_of(totals_.by_status.begin(), totals_.by_status.end(),
                       [](const auto& s) { return s.first >= 200 && s.first < 300; });
  }

 private:
  std::uint64_t server_cpu() const {
    std::uint64_t sum = 0;
    for (const int pid : o_.server_pids) sum += cpu_us(pid);
    return sum;
  }

  void until(std::uint64_t end_us) {
    std::vector<epoll_event> events(512);
    while (alive_ > 0 && now_us() < end_us && (o_.count == 0 || totals_.answers < o_.count)) {
      const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < n; ++i) {
        serve(*connections_[events[static_cast<std::size_t>(i)].data.u64]);
      }
    }
  }

  void serve(Connection& c) {
    const Connection::Got got = c.receive(totals_);
    if (got == Connection::Got::kPart) return;
    if (got == Connection::Got::kAnswer) {
      ++totals_.answers;
      ++totals_.by_status[c.status()];
      totals_.latencies_us.push_back(static_cast<std::uint32_t>(now_us() - c.sent_us()));
      if (c.send_next(requests_)) return;
    }
    ++totals_.errors;
    --alive_;
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, c.fd(), nullptr);
  }

  const Options& o_;
  std::vector<std::string> requests_;
  SSL_CTX* tls_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t alive_ = 0;
  Totals totals_;
  std::uint64_t elapsed_us_ = 0;
  std::uint64_t server_cpu_us_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  Options o;
  CLI::App app("Closed-loop load over keep-alive mutual TLS 1.3; prints JSON");
  app.add_option("--address", o.address, "IPv4 address");
  app.add_option("--port", o.port)->required();
  app.add_option("--host", o.host, "Host field");
  app.add_option("--connections", o.connections);
  app.add_option("--seconds", o.seconds);
  app.add_option("--warmup", o.warmup_seconds, "seconds not counted");
  app.add_option("--count", o.count, "stop after so many answers instead of by time");
  app.add_option("--cert", o.chain_file, "PEM chain of the client, leaf first");
  app.add_option("--key", o.key_file, "PEM key of the client");
  app.add_option("--method", o.method);
  app.add_option("--path", o.path);
  app.add_option("--content-type", o.content_type);
  app.add_option("--body", o.body_file, "file: the body of every request");
  app.add_option("--bodies", o.bodies_file, "file: one body a line, shared out over connections");
  app.add_option("--header", o.headers, "'Name: value', may be repeated");
  app.add_option("--suite", o.suite, "TLS 1.3 cipher suite");
  app.add_option("--server-pid", o.server_pids, "count this process's CPU time, may be repeated");
  CLI11_PARSE(app, argc, argv);
  Run run(o);
  run.go();
  run.print();
  return run.clean() ? 0 : 1;
}

#include "service.h"

#include <chrono>
#include <cstdio>
#include <thread>

#include "base/bytes.h"

namespace lh::conformance {
namespace {

std::string certificates_in(const std::string& d) {
  const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes ";
  const auto leaf = [&](const std::string& name, const std::string& extension) {
    return " && openssl req " + key + "-keyout " + d + "/" + name + ".key -subj /CN=" + name +
           " -out " + d + "/" + name + ".csr && printf '" + extension + "' > " + d + "/" + name +
           ".ext && openssl x509 -req -in " + d + "/" + name + ".csr -CA " + d +
           "/root.pem -CAkey " + d + "/root.key -CAcreateserial -days 2 -extfile " + d + "/" +
           name + ".ext -out " + d + "/" + name + ".pem";
  };
  return "(openssl req -x509 " + key + "-keyout " + d + "/root.key -out " + d +
         "/root.pem -subj /CN=root -days 2" +
         leaf("server", "subjectAltName=DNS:localhost,IP:127.0.0.1\\nextendedKeyUsage=serverAuth") +
         leaf("client", "extendedKeyUsage=clientAuth") + ") 2>/dev/null";
}

}  // namespace

Service::Service() {
  if (std::system(certificates_in(folder.path()).c_str()) != 0) std::abort();
  put({}, "", "utf-8");
  process_ = kits::Process::start(
      {"/usr/bin/python3", std::string(LH_SOURCE_DIR) + "/tests/integration/conformance/service.py",
       folder.path()},
      folder / "log");
  for (int i = 0; i < 400 && mutual == 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
    const std::string log = kits::load_file(folder / "log");
    if (log.find('\n') != std::string::npos) {
      std::sscanf(log.c_str(), "ready %d %d", &plain, &mutual);
    }
  }
}

void Service::put(const Table& table, const std::string& mode, const std::string& encoding) {
  schemas::Json rows = schemas::Json::array();
  for (const Row& row : table.rows) {
    schemas::Json pair = schemas::Json::array();
    pair.push(row.k);
    if (row.v) {
      pair.push(*row.v);
    } else {
      pair.push(schemas::Json());
    }
    rows.push(std::move(pair));
  }
  schemas::Json out = schemas::Json::object();
  out.set("rows", std::move(rows)).set("mode", mode).set("encoding", encoding);
  out.set("bad", to_hex(table.bad));
  kits::store_file(folder / "table.json", schemas::to_text(out));
}

Service& service() {
  static Service instance;
  return instance;
}

}  // namespace lh::conformance

#include "tests/integration/postgresql/real_postgresql.h"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace server::store::test {
namespace {

namespace fs = std::filesystem;
using gate::test::ChildProcess;

constexpr const char* kUser = "postgres";

// The words of a command, as whoever PostgreSQL agrees to run as.
std::vector<std::string> as_its_user(std::vector<std::string> words) {
  if (::geteuid() != 0) return words;
  std::vector<std::string> all = {"/usr/bin/setpriv", "--reuid",     kUser, "--regid", kUser,
                                  "--init-groups",    "--pdeathsig", "KILL"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

void give_to_its_user(const std::string& folder) {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam(kUser);
  if (user == nullptr || ::chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("there is no user postgres");
}

}  // namespace

std::optional<fs::path> find_postgresql() {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry{"/usr/lib/postgresql", failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    if (fs::exists(entry->path() / "bin" / "initdb")) found.push_back(entry->path() / "bin");
  }
  if (!found.empty()) return *std::max_element(found.begin(), found.end());
  const char* ci = std::getenv("CI");
  if (ci != nullptr && std::string{ci} == "true")
    ADD_FAILURE() << "under CI=true PostgreSQL must be there: apt-get install postgresql";
  return std::nullopt;
}

RealPostgresql::RealPostgresql(const fs::path& programs) : folder_((scratch_.path() / "cluster").string()) {
  fs::permissions(scratch_.path(), fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  fs::create_directory(folder_);
  give_to_its_user(folder_);
  make_cluster(programs);
  server_ = std::make_unique<ChildProcess>(
      as_its_user({(programs / "postgres").string(), "-D", folder_ + "/data", "-k", folder_, "-c",
                   "listen_addresses=", "-c", "fsync=off"}),
      scratch_.path() / "server.log");
  for (int tries = 0; tries < 200; ++tries) {
    if (is_ready(programs)) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error("PostgreSQL does not start");
}

RealPostgresql::~RealPostgresql() {
  server_->tell(SIGINT);  // closes connections, writes and ends
  server_->wait();
}

void RealPostgresql::make_cluster(const fs::path& programs) const {
  ChildProcess made{as_its_user({(programs / "initdb").string(), "-D", folder_ + "/data", "-A", "trust", "-U",
                                 "release_gate", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"}),
                    scratch_.path() / "initdb.log"};
  if (made.wait() != 0) throw std::runtime_error("initdb failed");
}

bool RealPostgresql::is_ready(const fs::path& programs) const {
  ChildProcess asked{{(programs / "pg_isready").string(), "-q", "-h", folder_},
                     scratch_.path() / "ready.log"};
  return asked.wait() == 0;
}

std::string RealPostgresql::connection() const {
  return "host=" + folder_ + " user=release_gate dbname=postgres options='-c client_min_messages=warning'";
}

}  // namespace server::store::test

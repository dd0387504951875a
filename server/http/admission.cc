#include "server/http/admission.h"

#include <arpa/inet.h>

namespace server::http {
namespace {

// More at a time are closed without a word.
constexpr std::size_t kTurnedAwayAtOnce = 256;

}  // namespace

Lease::Lease(Admission& admission, Kind kind, std::string address)
    : admission_(&admission), kind_(kind), address_(std::move(address)) {}

void Lease::reset() {
  if (admission_ != nullptr) admission_->give_back(kind_, address_);
  admission_ = nullptr;
}

Lease Admission::admit(const std::string& address) {
  std::string client = client_of(address);
  const std::lock_guard lock{guard_};
  std::size_t& of_client = by_address_[client];
  if (counted_ < limits_.connections && of_client < limits_.connections_per_address) {
    ++counted_;
    ++of_client;
    ++counts_.open;
    return {*this, Lease::Kind::counted, std::move(client)};
  }
  if (of_client == 0) by_address_.erase(client);
  ++counts_.refused_connections;
  if (turned_away_ == kTurnedAwayAtOnce) return {};
  ++turned_away_;
  return {*this, Lease::Kind::turned_away, {}};
}

Lease Admission::admit_local() {
  ++counts_.open;
  return {*this, Lease::Kind::uncounted, {}};
}

void Admission::give_back(Lease::Kind kind, const std::string& address) {
  if (kind != Lease::Kind::turned_away) --counts_.open;
  if (kind == Lease::Kind::uncounted) return;
  const std::lock_guard lock{guard_};
  if (kind == Lease::Kind::turned_away) {
    --turned_away_;
    return;
  }
  --counted_;
  const auto client = by_address_.find(address);
  if (--client->second == 0) by_address_.erase(client);
}

std::string client_of(const std::string& address) {
  in6_addr wide{};
  if (::inet_pton(AF_INET6, address.c_str(), &wide) != 1) return address;
  return std::string{reinterpret_cast<const char*>(wide.s6_addr), 8} + '/';
}

}  // namespace server::http

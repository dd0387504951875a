#include "server/api/body.h"

#include <algorithm>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "gate/base/edit_distance.h"
#include "gate/base/json_pointer.h"
#include "gate/base/text.h"

namespace server::api {
namespace {

const boost::json::object kNoMembers;

}  // namespace

BodyReader::BodyReader(const gate::load::Document& document) : object_(&kNoMembers) {
  if (document.root.is_object()) {
    object_ = &document.root.get_object();
  } else if (!document.root.is_null()) {
    errors_.push_back({"", "must be a JSON object"});
  }
}

const boost::json::value* BodyReader::find(std::string_view name) {
  known_.emplace_back(name);
  const auto* found = object_->if_contains(name);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::optional<std::string> BodyReader::text(std::string_view name, std::size_t most_bytes) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    fault(name, "must be a string");
  } else if (value->get_string().size() > most_bytes) {
    fault(name, fmt::format("must have at most {} bytes", most_bytes));
  } else {
    return std::string{value->get_string()};
  }
  return std::nullopt;
}

std::optional<std::int64_t> BodyReader::integer(std::string_view name, std::int64_t least,
                                                std::int64_t most) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
    return value->get_int64();
  fault(name, fmt::format("must be a whole number from {} to {}", least, most));
  return std::nullopt;
}

std::optional<bool> BodyReader::flag(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_bool()) return value->get_bool();
  fault(name, "must be true or false");
  return std::nullopt;
}

std::optional<std::vector<std::string>> BodyReader::texts(std::string_view name, std::size_t most,
                                                          std::size_t most_bytes) {
  const auto* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array() || value->get_array().size() > most) {
    fault(name, fmt::format("must be an array of at most {} strings", most));
    return std::nullopt;
  }
  std::vector<std::string> all;
  for (const auto& element : value->get_array()) {
    const bool fits =
        element.is_string() && !element.get_string().empty() && element.get_string().size() <= most_bytes;
    if (!fits) {
      fault(fmt::format("{}/{}", name, all.size()),
            fmt::format("must be a string of 1 to {} bytes", most_bytes));
      return std::nullopt;
    }
    all.emplace_back(element.get_string());
  }
  return all;
}

void BodyReader::require(std::string_view name) {
  const auto* found = object_->if_contains(name);
  if (found == nullptr || found->is_null()) fault(name, "is required");
}

void BodyReader::fault(std::string_view name, std::string why) {
  errors_.push_back({fmt::format("/{}", name), std::move(why)});
}

std::optional<Problem> BodyReader::finish() {
  for (const auto& member : *object_) {
    const std::string name{member.key()};
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    std::string pointer;
    gate::append_token(pointer, gate::shortened(name, 64));
    const std::vector<std::string_view> candidates{known_.begin(), known_.end()};
    errors_.push_back({pointer, "is not known" + gate::did_you_mean(name, candidates)});
    if (errors_.size() >= 20) break;
  }
  if (errors_.empty()) return std::nullopt;
  const FieldError& first = errors_.front();
  std::string detail = first.pointer.empty() ? "the body" : first.pointer;
  detail += " " + first.message;
  return Problem{"invalid_request", std::move(detail), errors_, {}};
}

}  // namespace server::api

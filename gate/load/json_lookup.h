#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/value.hpp>

namespace gate::load {

// Lenient looks into a document of others: what is missing or of another type is empty.
std::string_view text_in(const boost::json::object& object, std::string_view name);
std::optional<double> number_in(const boost::json::object& object, std::string_view name);
const boost::json::array& array_in(const boost::json::object& object, std::string_view name);
const boost::json::object& object_in(const boost::json::object& object, std::string_view name);
bool is_true_in(const boost::json::object& object, std::string_view name);

// A whole number from 0 to 10⁹, else 0.
std::uint64_t count_in(const boost::json::object& object, std::string_view name);

const boost::json::object& as_object(const boost::json::value& value);

}  // namespace gate::load

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate::load {

// What a plain scalar of YAML stands for.
enum class YamlScalar { text, null, yes, no, integer, real, not_finite };

// By the core schema of YAML 1.2 (10.3.2): `no` and `on` are texts there, 012 is twelve, 0o12 ten.
YamlScalar resolve_yaml(std::string_view plain);

// That integer or real as JSON writes it: "+012" is 12, ".5" 0.5, "1." 1.0, "0x1F" 31. nullopt for
// hexadecimal and octal digits beyond 64 bits.
std::optional<std::string> json_number_of_yaml(std::string_view number);

}  // namespace gate::load

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace gate::test {

// Random draft-07 schemas and documents, as text, made of the choices it is given: of a random engine or of a
// fuzzer's bytes. They keep to what valijson 1.0 gets right: no ids, no references but to definitions of
// plain types, no numbers beyond 2^53, no reals that are integers, divisors of integers only, short ASCII
// texts.
class RandomSchema {
 public:
  explicit RandomSchema(std::function<std::uint32_t()> choice) : choice_(std::move(choice)) {}

  std::string schema();
  std::string document(int depth = 3);

 private:
  std::size_t below(std::size_t n) { return choice_() % n; }
  std::string integer();
  std::string real();
  std::string name();
  std::string text();
  std::string type();
  std::string array(int depth);
  std::string object(int depth);
  std::string leaf();
  std::string subschema(int depth);
  std::string keyword(int depth);

  std::function<std::uint32_t()> choice_;
};

}  // namespace gate::test

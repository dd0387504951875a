#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gate/base/json_pointer.h"
#include "gate/schema/explain.h"
#include "gate/schema/program.h"

namespace gate::schema {

// What is said about a value by one keyword of one node.
struct Said {
  const Node& node;
  std::string_view keyword;
  std::string message;
  std::vector<std::string> expected = {};
  bool at_key = false;
};

// The faults found so far, and where in the document the walk is. Values under a place marked as
// sensitive are not repeated. Faults beyond `most`, or beyond 32 MiB of text, are only counted: a document of
// a long name and many faults below it is no larger than others.
class FaultLog {
 public:
  FaultLog(const Program& program, std::size_t most) : program_(program), most_(most) {}

  // Runs `work` at a member, or an element, of the object or array where the walk is.
  template <class Work>
  void below(const Member& member, const Work& work) {
    const std::uint32_t outer = std::exchange(key_offset_, member.name.offset);
    offsets_.push_back(member.value.offset);
    one_token_deeper(member.key(), member.key(), work);
    offsets_.pop_back();
    key_offset_ = outer;
  }
  template <class Work>
  void below(std::size_t index, const Cell& element, const Work& work) {
    const std::uint32_t outer = std::exchange(key_offset_, element.offset);
    offsets_.push_back(element.offset);
    one_token_deeper(index, std::string_view{"*"}, work);
    offsets_.pop_back();
    key_offset_ = outer;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  // While it collects, the log notes sensitive places and no faults.
  void collect(bool on) { collecting_ = on; }
  [[nodiscard]] bool is_collecting() const { return collecting_; }
  void mark_sensitive() { sensitive_.insert(offsets_.back()); }
  [[nodiscard]] bool is_sensitive() const;

  // The value in a message: a scalar as JSON, "the object", "the array", "the value" where sensitive.
  [[nodiscard]] std::string say(const Cell& at) const;

  void add(const Cell& at, Said said);
  // That something could not be found out. `rule` takes the keyword's place in the fault's name.
  void add_undecided(const Cell& at, Said said, std::string_view rule);
  void add(Fault fault);

  // The faults that `work` finds, apart from all others.
  template <class Work>
  std::vector<Fault> aside(const Work& work) {
    std::vector<Fault> kept = std::exchange(faults_, {});
    const std::size_t omitted = omitted_;
    const std::size_t text = std::exchange(text_, 0);
    work();
    omitted_ = omitted;
    text_ = text;
    return std::exchange(faults_, std::move(kept));
  }

  // Only what could not be found out remains.
  void keep_undecided();
  [[nodiscard]] bool has_undecided() const;
  [[nodiscard]] bool has_fault() const;  // that is certain
  Explanation take() { return {std::move(faults_), omitted_}; }

 private:
  template <class Token, class Work>
  void one_token_deeper(const Token& token, std::string_view starred, const Work& work) {
    const std::size_t length = path_.size();
    const std::size_t place_length = place_.size();
    append_token(path_, token);
    append_token(place_, starred);
    work();
    path_.resize(length);
    place_.resize(place_length);
  }

  [[nodiscard]] bool is_full() const;
  [[nodiscard]] Fault made(const Cell& at, Said said) const;

  static constexpr std::uint32_t kRoot = std::numeric_limits<std::uint32_t>::max();

  const Program& program_;
  std::size_t most_;
  std::string path_;
  std::string place_;  // the path with `*` for indexes
  std::uint32_t key_offset_ = 0;
  std::vector<Fault> faults_;
  std::size_t text_ = 0;  // bytes of it in faults_
  std::size_t omitted_ = 0;
  bool collecting_ = false;
  std::vector<std::uint32_t> offsets_{kRoot};  // of the values on the way: which they are, in one document
  std::set<std::uint32_t> sensitive_;
};

}  // namespace gate::schema

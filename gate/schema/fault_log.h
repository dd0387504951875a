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
    one_token_deeper(member.key(), member.key(), member.value.offset, work);
    key_offset_ = outer;
  }
  template <class Work>
  void below(std::size_t index, const Cell& element, const Work& work) {
    const std::uint32_t outer = std::exchange(key_offset_, element.offset);
    one_token_deeper(index, std::string_view{"*"}, element.offset, work);
    key_offset_ = outer;
  }
  [[nodiscard]] const std::string& path() const { return path_; }
  // The path as it may be shown: the names of members within a sensitive value are part of that value.
  [[nodiscard]] std::string shown_path() const;

  // While it collects, the log notes sensitive places and no faults.
  void collect(bool on) { collecting_ = on; }
  [[nodiscard]] bool is_collecting() const { return collecting_; }
  void mark_sensitive() { sensitive_.insert(levels_.back().offset); }
  [[nodiscard]] bool is_sensitive() const;

  // The value in a message: a scalar as JSON, "the object", "the array", "the value" where sensitive.
  [[nodiscard]] std::string say(const Cell& at) const;
  // `the property "a"` of the member where the walk is; "a property" within a sensitive value.
  [[nodiscard]] std::string say_property(std::string_view name) const;
  // What was probably meant, as did_you_mean(); nothing where the value is sensitive, or after a hundred
  // of them, which is more than anybody reads.
  std::string hint(std::string_view name, const std::vector<std::string_view>& candidates);

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
  void one_token_deeper(const Token& token, std::string_view starred, std::uint32_t offset,
                        const Work& work) {
    append_token(path_, token);
    append_token(place_, starred);
    levels_.push_back({offset, path_.size(), place_.size()});
    work();
    levels_.pop_back();
    path_.resize(levels_.back().path);
    place_.resize(levels_.back().place);
  }

  // A value on the way to where the walk is: which one, and how long the paths are there.
  struct Level {
    std::uint32_t offset;
    std::size_t path;
    std::size_t place;
  };

  // The outermost sensitive value on the way, or nullptr.
  [[nodiscard]] const Level* sensitive_level() const;
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
  std::size_t hints_ = 0;
  std::vector<Level> levels_{{kRoot, 0, 0}};
  std::set<std::uint32_t> sensitive_;  // offsets
};

}  // namespace gate::schema

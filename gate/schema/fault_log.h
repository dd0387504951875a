#pragma once

#include <cstddef>
#include <functional>
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
// sensitive are not repeated.
class FaultLog {
 public:
  FaultLog(const Program& program, const ExactNumbers& exact, std::size_t most)
      : program_(program), exact_(exact), most_(most) {}

  // Runs `work` one token deeper in the document.
  template <class Token, class Work>
  void below(const Token& token, const Work& work) {
    const std::size_t length = path_.size();
    append_token(path_, token);
    work();
    path_.resize(length);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

  // While it collects, the log notes sensitive places and no faults.
  void collect(bool on) { collecting_ = on; }
  [[nodiscard]] bool is_collecting() const { return collecting_; }
  void mark_sensitive() { sensitive_.insert(path_); }
  [[nodiscard]] bool is_sensitive() const;

  // The value in a message: a scalar as JSON, "the object", "the array", "the value" where sensitive.
  [[nodiscard]] std::string say(const boost::json::value& at) const;

  void add(const boost::json::value& at, Said said);
  // That something could not be found out. `rule` takes the keyword's place in the fault's name.
  void add_undecided(const boost::json::value& at, Said said, std::string_view rule);
  void add(Fault fault);

  // The faults that `work` finds, apart from all others.
  template <class Work>
  std::vector<Fault> aside(const Work& work) {
    std::vector<Fault> kept = std::exchange(faults_, {});
    const std::size_t omitted = omitted_;
    work();
    omitted_ = omitted;
    return std::exchange(faults_, std::move(kept));
  }

  // Only what could not be found out remains.
  void keep_undecided();
  [[nodiscard]] bool has_undecided() const;
  [[nodiscard]] bool has_fault() const;  // that is certain
  Explanation take() { return {std::move(faults_), omitted_}; }

 private:
  [[nodiscard]] Fault made(const boost::json::value& at, Said said) const;

  const Program& program_;
  const ExactNumbers& exact_;
  std::size_t most_;
  std::string path_;
  std::vector<Fault> faults_;
  std::size_t omitted_ = 0;
  bool collecting_ = false;
  std::set<std::string, std::less<>> sensitive_;  // pointers
};

}  // namespace gate::schema

#include "gate/checks/schema_lines.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "gate/base/parallel.h"

namespace gate::checks {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;
constexpr std::size_t kBlockWithOutput = std::size_t{128} << 10U;  // its output is longer than itself
constexpr std::size_t kMaxPending = std::size_t{4} << 20U;         // bytes of output of a block in memory
constexpr std::size_t kBlocksPerJob = 4;

// Cuts a stream into blocks of whole lines. Of a line that is too long its start makes a block, more
// than kMaxLine bytes without a line feed, and the rest is passed over.
class Blocks {
 public:
  Blocks(ports::ByteStream& stream, std::size_t bytes) : stream_(stream), bytes_(bytes) {}

  // Fills up to `most` blocks, in the memory of those before; fewer only at the end.
  Status fill(std::vector<std::string>& blocks, std::size_t most) {
    blocks.resize(most);
    for (std::size_t i = 0; i < most; ++i) {
      auto filled = next(blocks[i]);
      if (!filled) return filled.error();
      if (*filled) continue;
      blocks.resize(i);
      break;
    }
    return done();
  }

  // Why the stream ended early; empty: it did not.
  [[nodiscard]] const std::string& damage() const { return damage_; }

 private:
  Result<bool> next(std::string& block) {
    block.reserve(bytes_ + bytes_ / 4);
    block.assign(carry_);
    carry_.clear();
    while (!ended_) {
      if (block.size() >= bytes_) {
        const std::size_t end = block.rfind('\n');
        if (end != std::string::npos) {
          carry_.assign(block, end + 1);
          block.resize(end + 1);
          return true;
        }
        if (block.size() > kMaxLine) return pass_over_line();
      }
      const auto more = read();
      if (!more) return more.error();
      block += *more;
    }
    if (!damage_.empty()) block.resize(block.rfind('\n') + 1);  // half a line is no document
    return !block.empty();
  }

  Result<bool> pass_over_line() {
    while (!ended_) {
      const auto more = read();
      if (!more) return more.error();
      const std::size_t end = more->find('\n');
      if (end == std::string_view::npos) continue;
      carry_.assign(more->substr(end + 1));
      break;
    }
    return true;
  }

  Result<std::string_view> read() {
    auto more = stream_.next();
    if (!more && more.error().code == ErrorCode::malformed) {
      damage_ = more.error().message;
      more = std::string_view{};
    }
    ended_ = more && more->empty();
    return more;
  }

  ports::ByteStream& stream_;
  std::size_t bytes_;  // of a block, about
  std::string carry_;  // the start of a line whose end is still to come
  bool ended_ = false;
  std::string damage_;
};

struct BlockOutcome {
  DocumentOutcome outcome;
  std::size_t lines = 0;
  std::string_view rest;  // what was not checked, because the output has to be written first
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

BlockOutcome check_block(const std::string& path, std::string_view text, DocumentCheck& check) {
  BlockOutcome block;
  while (!text.empty() && block.outcome.output.bytes < kMaxPending) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++block.lines;
    const std::string_view line = text.substr(0, end);
    if (!is_blank(line)) check.check({path, line, block.lines}, block.outcome);
    keep_at_most(block.outcome, kMaxKept);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  block.rest = text;
  return block;
}

// Goes through a file, many blocks side by side; they join in their order.
class LinesCheck {
 public:
  LinesCheck(const std::string& path, const DocumentRules& rules, std::size_t jobs)
      : path_(path), rules_(rules), jobs_(std::max<std::size_t>(jobs, 1)), checks_(jobs_ * kBlocksPerJob) {}

  Status run(Blocks& source) {
    std::vector<std::string> blocks;
    std::vector<std::string> ahead;
    if (auto read = source.fill(blocks, checks_.size()); !read) return read;
    while (!blocks.empty()) {
      // The next blocks are read while these are checked.
      Status read = done();
      std::vector<BlockOutcome> outcomes(blocks.size());
      parallel_for(blocks.size() + 1, jobs_, [&](std::size_t i) {
        if (i == 0) {
          read = source.fill(ahead, checks_.size());
        } else {
          outcomes[i - 1] = check_block(path_, blocks[i - 1], check_of(i - 1));
        }
      });
      if (!read) return read;
      for (std::size_t i = 0; i < outcomes.size(); ++i) join(std::move(outcomes[i]), check_of(i));
      blocks.swap(ahead);
    }
    return done();
  }

  DocumentOutcome outcome;

 private:
  DocumentCheck& check_of(std::size_t block) {
    auto& check = checks_[block];
    if (!check) check = std::make_unique<DocumentCheck>(rules_, load::JsonLimits{.bytes = kMaxLine});
    return *check;
  }

  // With what is left of the block, checked here and now.
  void join(BlockOutcome block, DocumentCheck& check) {
    for (std::string_view rest = block.rest; !rest.empty(); rest = block.rest) {
      add(std::move(block));
      block = check_block(path_, rest, check);
    }
    add(std::move(block));
  }

  void add(BlockOutcome block) {
    for (const PendingOutput::Entry& entry : block.outcome.output.entries) {
      rules_.output->write(labelled(entry.json, path_, entry.line + lines_) + "\n");
    }
    for (policy::Finding& finding : block.outcome.findings) finding.location.line += lines_;
    lines_ += block.lines;
    merge(outcome, std::move(block.outcome));
    keep_at_most(outcome, kMaxKept);
  }

  const std::string& path_;
  const DocumentRules& rules_;
  std::size_t jobs_;
  std::vector<std::unique_ptr<DocumentCheck>> checks_;
  std::size_t lines_ = 0;  // before the next block
};

}  // namespace

Result<LinesOutcome> check_lines(const std::string& path, ports::ByteStream& stream,
                                 const DocumentRules& rules, std::size_t jobs) {
  Blocks source{stream, rules.output == nullptr ? kBlock : kBlockWithOutput};
  LinesCheck check{path, rules, jobs};
  if (auto read = check.run(source); !read) return read.error();
  return LinesOutcome{std::move(check.outcome), source.damage()};
}

}  // namespace gate::checks

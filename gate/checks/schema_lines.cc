#include "gate/checks/schema_lines.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "gate/base/parallel.h"

namespace gate::checks {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20U;
constexpr std::size_t kBlocksPerJob = 4;

// Cuts a stream into blocks of whole lines. Of a line that is too long its start makes a block, more
// than kMaxLine bytes without a line feed, and the rest is passed over.
class Blocks {
 public:
  explicit Blocks(ports::ByteStream& stream) : stream_(stream) {}

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
    block.reserve(kBlock + kBlock / 4);
    block.assign(carry_);
    carry_.clear();
    while (!ended_) {
      if (block.size() >= kBlock) {
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
  std::string carry_;  // the start of a line whose end is still to come
  bool ended_ = false;
  std::string damage_;
};

struct BlockOutcome {
  DocumentOutcome outcome;
  std::size_t lines = 0;
};

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

BlockOutcome check_block(const std::string& path, std::string_view text, DocumentCheck& check,
                         std::size_t max_kept) {
  BlockOutcome block;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++block.lines;
    const std::string_view line = text.substr(0, end);
    if (!is_blank(line)) check.check({path, line, block.lines}, block.outcome);
    keep_at_most(block.outcome, max_kept);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return block;
}

// The file so far: blocks join in their order.
class Progress {
 public:
  explicit Progress(std::size_t max_kept) : max_kept_(max_kept) {}

  void add(BlockOutcome block) {
    for (policy::Finding& finding : block.outcome.findings) finding.location.line += lines_;
    lines_ += block.lines;
    merge(outcome, std::move(block.outcome));
    keep_at_most(outcome, max_kept_);
  }

  DocumentOutcome outcome;

 private:
  std::size_t lines_ = 0;
  std::size_t max_kept_;
};

}  // namespace

Result<LinesOutcome> check_lines(const std::string& path, ports::ByteStream& stream,
                                 const LoadedSchema& schema, const FindingLimits& limits, std::size_t jobs) {
  Blocks source{stream};
  const std::size_t batch = std::max<std::size_t>(jobs, 1) * kBlocksPerJob;
  std::vector<std::unique_ptr<DocumentCheck>> checks(batch);
  std::vector<std::string> blocks;
  std::vector<std::string> ahead;
  if (auto read = source.fill(blocks, batch); !read) return read.error();
  Progress progress{limits.in_all};
  while (!blocks.empty()) {
    // The next blocks are read while these are checked.
    Status read = done();
    std::vector<BlockOutcome> outcomes(blocks.size());
    parallel_for(blocks.size() + 1, jobs, [&](std::size_t i) {
      if (i == 0) {
        read = source.fill(ahead, batch);
        return;
      }
      auto& check = checks[i - 1];
      if (!check)
        check = std::make_unique<DocumentCheck>(schema, limits.of_a_document,
                                                load::JsonLimits{.bytes = kMaxLine});
      outcomes[i - 1] = check_block(path, blocks[i - 1], *check, limits.in_all);
    });
    if (!read) return read.error();
    for (BlockOutcome& outcome : outcomes) progress.add(std::move(outcome));
    blocks.swap(ahead);
  }
  return LinesOutcome{std::move(progress.outcome), source.damage()};
}

}  // namespace gate::checks

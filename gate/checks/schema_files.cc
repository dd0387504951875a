#include "gate/checks/schema_files.h"

#include <string_view>
#include <utility>

#include "gate/base/hash.h"
#include "gate/checks/document_format.h"
#include "gate/checks/gzip_stream.h"
#include "gate/load/gzip.h"
#include "gate/load/json.h"

namespace gate::checks {
namespace {

constexpr std::string_view kStdin = "-";
constexpr std::size_t kMaxRead = load::JsonLimits{}.bytes;

// Whether the first line is a whole document and more follows: one document a line.
bool looks_like_lines(PeekedStream& text) {
  constexpr std::size_t kFirstLook = std::size_t{64} << 10U;
  for (std::size_t bytes = kFirstLook;; bytes *= 2) {
    const std::string_view start = text.peek(bytes);
    const std::size_t end = start.find('\n');
    const bool more =
        end != std::string_view::npos && start.find_first_not_of(" \t\r\n", end) != std::string_view::npos;
    if (more) return load::parse_json(start.substr(0, end), {.bytes = kMaxLine}).has_value();
    if (start.size() < bytes || start.size() > kMaxRead) return false;
  }
}

// Error budget: it is longer than a document may be.
Result<std::string> read_whole(ports::ByteStream& stream) {
  std::string text;
  for (;;) {
    const auto piece = stream.next();
    if (!piece) return piece.error();
    if (piece->empty()) return text;
    text += *piece;
    if (text.size() > kMaxRead) return Error{ErrorCode::budget, "too long"};
  }
}

Result<std::string> unpacked(std::string_view gzip) {
  TextStream bytes{gzip};
  GzipStream stream{bytes};
  return read_whole(stream);
}

void take_input(FileOutcome& file, HashedStream& bytes) {
  auto input = bytes.input(file.path);
  if (input) {
    file.input = std::move(*input);
  } else {
    file.error = input.error();
  }
}

}  // namespace

void FileCheck::add_malformed(FileOutcome& file, const std::string& why) const {
  checks::add_malformed(
      file.outcome, policy::violation("schema.malformed_document", policy::Severity::error, file.path, why),
      why, rules_);
}

// What a text that cannot be read says about the file: a finding where the text itself is to blame.
void FileCheck::add_unread(FileOutcome& file, const Error& error) const {
  switch (error.code) {
    case ErrorCode::budget: return add_malformed(file, "the document has more than 16 MiB");
    case ErrorCode::malformed: return add_malformed(file, error.message);
    default: file.error = error;
  }
}

bool FileCheck::is_one_document(const std::string& path) {
  return path != kStdin && document_format(path).kind != DocumentFormat::Kind::lines;
}

std::unique_ptr<DocumentCheck> FileCheck::document_check() const {
  return std::make_unique<DocumentCheck>(rules_, load::JsonLimits{});
}

FileOutcome FileCheck::check_document(const std::string& path, DocumentCheck& check) const {
  const DocumentFormat format = document_format(path);
  FileOutcome file;
  file.path = path;
  auto text = files_.read(path, kMaxRead);
  if (text) {
    file.input = {path, sha256_hex(*text), text->size()};
    if (format.gzip) text = unpacked(*text);
  } else if (text.error().code == ErrorCode::budget) {
    file.input = {path, "", files_.status(path).bytes};
  }
  if (!text) {
    add_unread(file, text.error());
    return file;
  }
  const bool yaml = format.kind == DocumentFormat::Kind::yaml;
  check.check({path, *text, 1, yaml ? Syntax::yaml : Syntax::json}, file.outcome);
  return file;
}

FileOutcome FileCheck::check_stream(const std::string& path) const {
  FileOutcome file;
  file.path = path;
  auto stream = files_.open(path);
  if (!stream) {
    file.error = stream.error();
    return file;
  }
  HashedStream bytes{**stream};
  if (path == kStdin) {
    check_stdin(bytes, file);
  } else if (document_format(path).gzip) {
    GzipStream text{bytes};
    check_lines_of(text, bytes, file);
  } else {
    check_lines_of(bytes, bytes, file);
  }
  return file;
}

void FileCheck::check_stdin(HashedStream& bytes, FileOutcome& file) const {
  PeekedStream packed{bytes};
  std::optional<GzipStream> gzip;
  if (load::is_gzip(packed.peek(2))) gzip.emplace(packed);
  PeekedStream text{gzip ? static_cast<ports::ByteStream&>(*gzip) : packed};
  if (looks_like_lines(text)) return check_lines_of(text, bytes, file);
  const auto whole = read_whole(text);
  if (whole) {
    document_check()->check({file.path, *whole, 1, Syntax::json}, file.outcome);
  } else {
    add_unread(file, whole.error());
  }
  // Of what is too long the rest is not waited for.
  file.input = {file.path, "", 0};
  if (whole || whole.error().code != ErrorCode::budget) take_input(file, bytes);
}

void FileCheck::check_lines_of(ports::ByteStream& text, HashedStream& bytes, FileOutcome& file) const {
  file.lines = true;
  auto lines = check_lines(file.path, text, rules_, jobs_);
  if (!lines) {
    file.error = lines.error();
    return;
  }
  file.outcome = std::move(lines->outcome);
  if (!lines->damage.empty()) {
    add_malformed(file, lines->damage);
  } else if (file.outcome.documents == 0) {
    add_malformed(file, "the file holds no document");
  }
  take_input(file, bytes);
}

}  // namespace gate::checks

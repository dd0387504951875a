#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "gate/checks/input_streams.h"
#include "gate/checks/schema_document.h"
#include "gate/checks/schema_lines.h"
#include "gate/policy/evidence.h"
#include "gate/ports/files.h"

namespace gate::checks {

// What one file came to.
struct FileOutcome {
  std::string path;
  DocumentOutcome outcome;
  policy::Input input;  // of the bytes as they lie there, packed or not
  bool lines = false;
  std::optional<Error> error;
};

// Holds files, each read as document_format() says, against one schema. Safe to share between threads.
class FileCheck {
 public:
  FileCheck(const DocumentRules& rules, const ports::Files& files, std::size_t jobs)
      : rules_(rules), files_(files), jobs_(jobs) {}

  // Whether the file holds one document; standard input is not known to.
  static bool is_one_document(const std::string& path);

  // What a thread checks its documents with.
  [[nodiscard]] std::unique_ptr<DocumentCheck> document_check() const;

  // A file of one document.
  [[nodiscard]] FileOutcome check_document(const std::string& path, DocumentCheck& check) const;

  // A file of one document a line, or standard input, which holds either and may be gzip'd. Uses all threads.
  // The output of lines is written at once.
  [[nodiscard]] FileOutcome check_stream(const std::string& path) const;

 private:
  void add_malformed(FileOutcome& file, const std::string& why) const;
  void add_unread(FileOutcome& file, const Error& error) const;
  void check_stdin(HashedStream& bytes, FileOutcome& file) const;
  void check_lines_of(ports::ByteStream& text, HashedStream& bytes, FileOutcome& file) const;

  const DocumentRules& rules_;
  const ports::Files& files_;
  std::size_t jobs_;
};

}  // namespace gate::checks

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gate/load/byte_filter.h"

namespace gate::load {

// The attributes of one start tag, by local name. Valid during XmlHandler::start().
class XmlAttributes {
 public:
  // `pairs`: name, value, name, value, … , nullptr.
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}

  // The value; empty where there is no such attribute.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;

  // Calls visit(local name, value) for each: one pass where many names are wanted.
  template <class Visit>
  void each(const Visit& visit) const {
    for (const char** pair = pairs_; *pair != nullptr; pair += 2)
      visit(local_name(pair[0]), std::string_view{pair[1]});
  }

  // "b" of "a:b".
  static std::string_view local_name(std::string_view name) { return name.substr(name.rfind(':') + 1); }

 private:
  const char** pairs_;
};

// What is told of an XML document, in its order. Names are local names.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;

  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  // A piece of character data; only while wants_text() was true after the last start or end.
  virtual void text(std::string_view piece) = 0;
  [[nodiscard]] virtual bool wants_text() const = 0;
};

// Why a document could not be read on.
struct XmlFault {
  std::string text;
  std::size_t line = 0;
  std::size_t column = 0;
};

// Reads XML 1.0 in UTF-8, push by push, in memory that does not grow with the document. Refused, as
// a fault: a document type declaration (nothing is ever expanded or fetched), elements nested over
// kMaxDepth, a tag, comment or instruction over kMaxTag bytes. After a fault nothing more is told.
class XmlParser final : public TextConsumer {
 public:
  static constexpr std::size_t kMaxDepth = 10'000;
  static constexpr std::size_t kMaxTag = std::size_t{1} << 20U;

  explicit XmlParser(XmlHandler& handler);
  ~XmlParser() override;
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  void consume(std::string_view utf8) override;
  [[nodiscard]] bool in_literal() const override;

  // The end of the document: what is still open is a fault.
  void finish();

  [[nodiscard]] const std::optional<XmlFault>& fault() const;

  // Where the event being told stands. From 1.
  [[nodiscard]] std::size_t line() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gate::load

#include "tests/unit/docs/markdown.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <utility>

#include "gate/base/text.h"
#include "tests/support/test_data.h"

namespace gate::docs {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFence = "```";

// "help: gate run" of "<!-- help: gate run -->"; empty where the line is no such comment.
std::string label_in(std::string_view line) {
  constexpr std::string_view kOpen = "<!-- ";
  constexpr std::string_view kClose = " -->";
  const std::string_view trimmed = trim(line);
  if (!trimmed.starts_with(kOpen) || !trimmed.ends_with(kClose)) return {};
  return std::string{trimmed.substr(kOpen.size(), trimmed.size() - kOpen.size() - kClose.size())};
}

std::vector<std::string> first_groups(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> found;
  for (std::sregex_iterator match{text.begin(), text.end(), pattern}; match != std::sregex_iterator{};
       ++match)
    found.push_back((*match)[1].str());
  return found;
}

std::string anchor_of(std::string_view heading) {
  std::string anchor;
  for (const char c : lower(heading)) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_') anchor.push_back(c);
    if (c == ' ') anchor.push_back('-');
  }
  return anchor;
}

}  // namespace

std::vector<std::string> Page::spans() const {
  static const std::regex kSpan{"`([^`\n]+)`"};
  return first_groups(prose, kSpan);
}

std::vector<std::string> Page::links() const {
  static const std::regex kLink{R"(\]\(([^)\s]+)\))"};
  return first_groups(prose, kLink);
}

std::vector<std::string> Page::anchors() const {
  std::vector<std::string> anchors;
  for (const std::string_view line : split(prose, '\n')) {
    if (line.starts_with('#')) anchors.push_back(anchor_of(trim(line.substr(line.find_first_not_of('#')))));
  }
  return anchors;
}

Page parse_page(std::string path, std::string text) {
  Page page;
  page.path = std::move(path);
  page.text = std::move(text);
  Block* open = nullptr;
  std::string label;
  std::size_t at = 0;
  std::size_t number = 0;
  for (const std::string_view line : split(page.text, '\n')) {
    ++number;
    const std::size_t next = at + line.size() + 1;
    if (trim(line).starts_with(kFence)) {
      if (open != nullptr) {
        open = nullptr;
      } else {
        open = &page.blocks.emplace_back(
            Block{label, std::string{trim(line).substr(kFence.size())}, {}, next, number});
      }
    } else if (open != nullptr) {
      open->text += std::string{line} + "\n";
    } else {
      page.prose += std::string{line} + "\n";
    }
    label = label_in(line);
    at = next;
  }
  return page;
}

std::vector<Page> all_pages(const fs::path& root) {
  std::vector<Page> pages;
  auto entries = fs::recursive_directory_iterator{root};
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    const bool skipped = name == "node_modules" || name == ".git" || name == "build" || name == "out";
    if (entry.is_directory() && skipped) entries.disable_recursion_pending();
    const fs::path relative = entry.path().lexically_relative(root);
    if (entry.is_regular_file() && relative.extension() == ".md")
      pages.push_back(parse_page(relative.string(), test::contents_of(entry.path())));
  }
  std::sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) { return a.path < b.path; });
  return pages;
}

Page page_named(const std::vector<Page>& pages, std::string_view path) {
  const auto found = std::find_if(pages.begin(), pages.end(), [&](const Page& p) { return p.path == path; });
  return found == pages.end() ? Page{} : *found;
}

}  // namespace gate::docs

#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gate::docs {

// A fenced block of a page. The comment in the line before it says what it must be equal to:
// `<!-- help: gate run -->` the option's --help, `<!-- from: PATH -->` a file of the repository.
struct Block {
  std::string label;  // "help: gate run"; empty: none
  std::string language;
  std::string text;       // with a line feed at the end of each line
  std::size_t begin = 0;  // where the text stands in the page
  std::size_t line = 0;   // of the opening fence, from 1
};

// One page: its blocks, and what stands between them.
struct Page {
  std::string path;  // from the repository's root
  std::string text;
  std::vector<Block> blocks;
  std::string prose;  // the text without its blocks

  // `code spans` of the prose.
  [[nodiscard]] std::vector<std::string> spans() const;
  // Targets of [links](target) in the prose.
  [[nodiscard]] std::vector<std::string> links() const;
  // Headings as GitHub makes anchors of them: "## [[check]]" is "check".
  [[nodiscard]] std::vector<std::string> anchors() const;
};

Page parse_page(std::string path, std::string text);

// Every page of ours: the root's, docs/ and the README of each folder.
std::vector<Page> all_pages(const std::filesystem::path& root);

// The page of that path; an empty one where there is none.
Page page_named(const std::vector<Page>& pages, std::string_view path);

}  // namespace gate::docs

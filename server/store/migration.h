#pragma once

#include <string_view>

namespace server::store {

// One step forward of the tables; there is none back. `sql` holds statements, each ended by `;` and a line
// feed, in what both engines understand; {integer} stands for a 64-bit integer type, and {strict} behind a
// table's closing bracket for what makes SQLite check types.
struct Migration {
  int version = 0;        // 1, 2, 3 …: without gaps over all services
  std::string_view name;  // "api keys"
  std::string_view sql;
};

// Version 1, which every list begins with: what the store knows of itself.
extern const Migration kCoreMigration;

}  // namespace server::store

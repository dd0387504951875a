#pragma once

#include <boost/system/result.hpp>

#include "gate/base/error.h"

namespace gate {

// A value or the Error that stood in its way; ignoring one warns. `return Error{…};` and
// `return value;` both work.
template <class T>
struct [[nodiscard]] Result : boost::system::result<T, Error> {
  using boost::system::result<T, Error>::result;
};

// Done, or why not. `return done();`
using Status = Result<void>;
inline Status done() {
  return {};
}

}  // namespace gate

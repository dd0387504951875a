#pragma once

#include "gate/base/value.h"
#include "server/exemptions/coverage.h"
#include "server/exemptions/situation.h"

namespace server::exemptions {

// What the routes answer, as JSON; the shapes stand in schemas.h. Pure.

gate::Value health_of(const Situation& situation);

// What exemption-report says, without reports of a run: nobody knows here what the records were used for.
gate::Value report_of(const Situation& situation);

gate::Value expired_of(const Situation& situation);

// Which records would cover such findings on the situation's day.
gate::Value coverage_of(const Situation& situation, const Question& question);

// One version with its text.
gate::Value version_answer(const Version& version);

// One version without it: for answers and the audit log.
gate::Value version_summary(const Version& version);

// {"in_force": …, "expiring": …, "expired": …, "expired_unprocessed": …, "invalid": …}
gate::Value counts_value(const Situation& situation);

// At most a thousand of {"id", "field", "message", "line", "column"}.
gate::Value invalid_value(const Situation& situation);

gate::Value validation_value(const std::optional<Validation>& validation);

gate::Value texts(const std::vector<std::string>& all);

// At most a hundred of the list as `name`, and how many more it has as `name_omitted`.
void set_bounded(gate::Value& tree, const std::string& name, const gate::Value& list);

// {"verdict": …, "reasons": …} of the register alone: whether it can be judged, and why not.
void set_verdict(gate::Value& tree, const Situation& situation);

}  // namespace server::exemptions

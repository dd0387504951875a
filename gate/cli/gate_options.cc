#include "gate/cli/gate_options.h"

#include "gate/render/format.h"

namespace gate::cli {

void declare_gate_options(OptionTable& table, GateOptions& options) {
  table.section("common options");
  table.text("--policy", "FILE", options.policy, "the policy: gate.toml");
  table.text("--policy-ref", "REF", options.policy_ref,
             "read policy and register from this git revision; in a pull request its base by default");
  table.text("--exemptions", "FILE", options.exemptions, "the exemption register; the policy's by default");
  table.choice("--mode", options.mode, {"strict", "warn"},
               "whether a finding blocks the release or is warned about");
  // Not from the environment: no variable may revive an expired exemption.
  table.text("--as-of", "TIME", options.as_of, "a date or moment instead of now; printed in the report")
      .from_environment = false;
  table.choice("--format", options.format, render::format_names(), "what is printed; text by default");
  table.text("--output", "FILE", options.output, "print there instead of to standard output");
  table.text("--report", "FILE", options.report, "also write the report there, as JSON");
  table.text("--check", "NAME", options.check, "the check's name in the report; the tool's by default");
  table.text("--run-id", "ID", options.run_id, "the run's id; a new UUIDv7 by default");
  table.text("--git-sha", "SHA", options.git_sha, "the commit under test; found by default");
  table.flag("--git-dirty-check", options.git_dirty_check,
             "report whether the work tree has changes; runs git");
  table.choice("--accept", options.accept, {"undecided"},
               "let what cannot be decided pass; stamped into the report");
  table.choice("--deny", options.deny, {"warned"}, "let a warning block; stamped into the report");
  table.flag("--no-github", options.no_github,
             "under GitHub Actions, write no summary, outputs or annotations");
  table.remember(options.settings);
}

}  // namespace gate::cli

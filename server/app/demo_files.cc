#include "server/app/demo_files.h"

#include <string_view>

#include <fmt/format.h>

#include "server/slo/objectives.h"

namespace server::app {
namespace {

std::string demo_register(gate::Date today) {
  const std::string from = gate::to_string(today);
  const std::string until = gate::to_string(today + std::chrono::days{21});
  return fmt::format(R"(# Who lets which finding pass, why and until when.
version = 1

[[exemption]]
id = "DEMO-1"
rule = "tests.not_run"
scope = {{ tests = ["checkout::**"] }}
reason = "the checkout tests move to the sandbox of the new payment service"
ticket = "PAY-123"
owner = "checkout-team"
approver = "release-manager"
created = {0}
expires = {1}

[[exemption]]
id = "DEMO-2"
rule = "schema.required"
scope = {{ paths = ["src/**/*.ts"] }}
reason = "old producers send no currency until they are upgraded"
ticket = "EVT-88"
owner = "events-team"
approver = "release-manager"
created = {0}
expires = {1}
)",
                     from, until);
}

gate::Status write_new(const gate::ports::Files& files, const std::string& path, std::string_view content) {
  if (files.status(path).kind != gate::ports::FileKind::missing) return gate::done();
  return files.write(path, content);
}

}  // namespace

gate::Result<DemoFiles> write_demo_files(const gate::ports::Files& files, const std::string& data,
                                         gate::Date today) {
  const DemoFiles demo{data + "/demo/exemptions.toml", data + "/demo/slo.toml"};
  if (auto written = write_new(files, demo.register_file, demo_register(today)); !written)
    return written.error();
  if (auto written = write_new(files, demo.objectives_file, slo::demo_objectives()); !written)
    return written.error();
  return demo;
}

}  // namespace server::app

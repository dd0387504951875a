#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gate/load/toml_reader.h"
#include "gate/slo/source.h"

namespace gate::load {

// One [[source]] of slo.toml; nullopt where its kind is not known. Faults go to the reader's.
std::optional<slo::Source> read_slo_source(TomlReader& reader, std::vector<TomlFault>& faults,
                                           std::string_view path);

// The keys of a source of kind "prometheus".
slo::PrometheusSource read_prometheus_source(TomlReader& reader, std::vector<TomlFault>& faults);

// Why a URL is none that can be asked; empty where it can.
std::string_view fault_of_url(std::string_view url);

// A name of a source or an objective: at most 100 characters, none of them a control character, no space at
// either end.
bool is_slo_name(std::string_view name);

// `key` in whole seconds; less than a second is a fault.
std::optional<std::chrono::seconds> read_seconds(TomlReader& reader, std::string_view key);

}  // namespace gate::load

#include "server/slo/status.h"

namespace server::slo {

std::string_view status_schema() {
  return R"({
  "type": "object", "additionalProperties": false,
  "required": ["verdict", "reasons", "stale", "evaluated_at", "interval_seconds", "counts", "objectives"],
  "properties": {
    "verdict": {"$ref": "#/$defs/verdict"},
    "reasons": {"$ref": "#/$defs/reasons"},
    "stale": {"type": "boolean"},
    "evaluated_at": {"type": ["string", "null"], "format": "date-time"},
    "interval_seconds": {"type": "number", "exclusiveMinimum": 0},
    "counts": {
      "type": "object", "additionalProperties": false,
      "required": ["passed", "warned", "failed", "undecided"],
      "properties": {
        "passed": {"$ref": "#/$defs/count"}, "warned": {"$ref": "#/$defs/count"},
        "failed": {"$ref": "#/$defs/count"}, "undecided": {"$ref": "#/$defs/count"}
      }
    },
    "objectives": {"type": "array", "items": {"$ref": "#/$defs/objective"}}
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "verdict": {"enum": ["passed", "warned", "failed", "undecided"]},
    "doubt": {"enum": ["no_data", "low_traffic", "stale", "inconclusive", "unreachable"]},
    "interval": {
      "type": "object", "additionalProperties": false, "required": ["least", "most"],
      "properties": {"least": {"type": ["number", "null"]}, "most": {"type": ["number", "null"]}}
    },
    "missing": {
      "type": "object", "additionalProperties": false, "required": ["missing", "message"],
      "properties": {"missing": {"$ref": "#/$defs/doubt"}, "message": {"type": "string"}}
    },
    "burn": {"anyOf": [{"$ref": "#/$defs/interval"}, {"$ref": "#/$defs/missing"}]},
    "reasons": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false, "required": ["rule", "effect", "message"],
        "properties": {
          "rule": {"type": "string", "pattern": "^slo[.]"},
          "effect": {"enum": ["failure", "warning", "doubt", "note"]},
          "message": {"type": "string", "minLength": 1}
        }
      }
    },
    "objective": {
      "type": "object", "additionalProperties": false,
      "required": ["name", "service", "verdict", "reasons", "doubt", "target", "sli", "error_budget",
        "burn_rates", "threshold", "warnings", "windows", "newest_sample_age_seconds", "evaluated_at",
        "source", "shadow"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "service": {"type": ["string", "null"]},
        "verdict": {"$ref": "#/$defs/verdict"},
        "reasons": {"$ref": "#/$defs/reasons"},
        "doubt": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/doubt"}]},
        "target": {"type": "string"},
        "sli": {
          "type": "object", "additionalProperties": false, "required": ["window", "unit"],
          "properties": {
            "window": {"type": "string"}, "unit": {"type": "string"},
            "total": {"type": ["number", "null"]},
            "bad": {"$ref": "#/$defs/interval"}, "good_share": {"$ref": "#/$defs/interval"},
            "missing": {"$ref": "#/$defs/doubt"}, "message": {"type": "string"}
          }
        },
        "error_budget": {
          "type": ["object", "null"], "additionalProperties": false,
          "required": ["allowed", "spent", "remaining", "reserve", "violated", "seconds_to_exhaustion"],
          "properties": {
            "allowed": {"type": ["number", "null"]},
            "spent": {"$ref": "#/$defs/interval"}, "remaining": {"$ref": "#/$defs/interval"},
            "reserve": {"type": "string"}, "violated": {"type": ["boolean", "null"]},
            "seconds_to_exhaustion": {"type": ["integer", "null"]}
          }
        },
        "burn_rates": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false,
            "required": ["severity", "long", "short", "factor", "long_burn", "short_burn", "fires"],
            "properties": {
              "severity": {"enum": ["page", "ticket"]},
              "long": {"type": "string"}, "short": {"type": "string"}, "factor": {"type": "number"},
              "long_burn": {"$ref": "#/$defs/burn"}, "short_burn": {"$ref": "#/$defs/burn"},
              "fires": {"type": ["boolean", "null"]}
            }
          }
        },
        "threshold": {
          "type": ["object", "null"], "additionalProperties": false,
          "required": ["setting", "limit", "exceeded"],
          "properties": {
            "setting": {"type": "string"}, "limit": {"type": "string"},
            "exceeded": {"type": ["boolean", "null"]}
          }
        },
        "warnings": {"type": "array", "items": {"type": "string"}},
        "windows": {
          "type": "array",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["window"],
            "properties": {
              "window": {"type": "string"},
              "events": {"type": ["number", "null"]},
              "bad_share": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/interval"}]},
              "missing": {"$ref": "#/$defs/doubt"}, "message": {"type": "string"}
            }
          }
        },
        "newest_sample_age_seconds": {"type": ["integer", "null"], "minimum": 0},
        "evaluated_at": {"type": "string", "format": "date-time"},
        "source": {"type": "string"},
        "shadow": {"type": "boolean"}
      }
    }
  }
})";
}

std::string_view breaches_schema() {
  return R"({
  "type": "object", "additionalProperties": false,
  "required": ["hours", "from", "to", "observed_since", "complete", "reasons", "truncated", "breaches",
    "undecided"],
  "properties": {
    "hours": {"type": "integer", "minimum": 1, "maximum": 720},
    "from": {"type": "string", "format": "date-time"},
    "to": {"type": "string", "format": "date-time"},
    "observed_since": {"type": ["string", "null"], "format": "date-time"},
    "complete": {"type": "boolean"},
    "reasons": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false, "required": ["rule", "effect", "message"],
        "properties": {
          "rule": {"type": "string", "pattern": "^slo[.]"},
          "effect": {"enum": ["doubt"]},
          "message": {"type": "string", "minLength": 1}
        }
      }
    },
    "truncated": {"type": "boolean"},
    "breaches": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["objective", "service", "severity", "shadow", "started_at", "ended_at", "worst",
          "reason", "evaluations"],
        "properties": {
          "objective": {"type": "string"},
          "service": {"type": ["string", "null"]},
          "severity": {"enum": ["page", "ticket", "budget", "threshold"]},
          "shadow": {"type": "boolean"},
          "started_at": {"type": "string", "format": "date-time"},
          "ended_at": {"type": ["string", "null"], "format": "date-time"},
          "worst": {
            "type": ["object", "null"], "additionalProperties": false, "required": ["measure", "value"],
            "properties": {
              "measure": {"enum": ["burn_rate", "budget_spent", "bad_share"]},
              "value": {"type": "number"}
            }
          },
          "reason": {"type": "string"},
          "evaluations": {"type": "integer", "minimum": 1}
        }
      }
    },
    "undecided": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["objective", "service", "shadow", "started_at", "ended_at", "reason", "evaluations"],
        "properties": {
          "objective": {"type": "string"},
          "service": {"type": ["string", "null"]},
          "shadow": {"type": "boolean"},
          "started_at": {"type": "string", "format": "date-time"},
          "ended_at": {"type": ["string", "null"], "format": "date-time"},
          "reason": {"type": "string"},
          "evaluations": {"type": "integer", "minimum": 1}
        }
      }
    }
  }
})";
}

std::string_view samples_reply_schema() {
  return R"({
  "type": "object", "additionalProperties": false,
  "required": ["service", "accepted", "from", "to", "counted"],
  "properties": {
    "service": {"type": "string"},
    "accepted": {"type": "integer", "minimum": 1, "maximum": 10000},
    "from": {"type": "string", "format": "date-time"},
    "to": {"type": "string", "format": "date-time"},
    "counted": {
      "type": "array",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["bin_seconds", "bins", "from", "to", "requests", "errors", "unserved"],
        "properties": {
          "bin_seconds": {"enum": [10, 60, 600]},
          "bins": {"type": "integer", "minimum": 1},
          "from": {"type": "string", "format": "date-time"},
          "to": {"type": "string", "format": "date-time"},
          "requests": {"type": "integer", "minimum": 1},
          "errors": {"type": "integer", "minimum": 0},
          "unserved": {"type": "integer", "minimum": 0}
        }
      }
    }
  }
})";
}

std::string_view samples_request_schema() {
  return R"({
  "type": "object", "additionalProperties": false, "required": ["service", "samples"],
  "properties": {
    "service": {"type": "string", "minLength": 1, "maxLength": 100},
    "samples": {
      "type": "array", "minItems": 1, "maxItems": 10000,
      "items": {
        "type": "object", "additionalProperties": false, "required": ["timestamp", "latency_ms", "status"],
        "properties": {
          "timestamp": {"type": ["string", "number"]},
          "latency_ms": {"type": "number", "minimum": 0, "maximum": 1000000000000},
          "status": {
            "anyOf": [{"const": 0}, {"type": "integer", "minimum": 100, "maximum": 599}]
          },
          "track": {"enum": ["canary", "experiment", "baseline", "control", "stable", null]},
          "client": {"type": ["string", "number", "null"]}
        }
      }
    }
  }
})";
}

}  // namespace server::slo

#include "gate/checks/prometheus_client.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "gate/base/parallel.h"
#include "gate/base/percent.h"
#include "gate/base/text.h"
#include "gate/load/metric_number.h"

namespace gate::checks {
namespace {

using load::PrometheusAnswer;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kJobs = 8;
constexpr std::int64_t kMaxSteps = 11'000;       // of one range query; Prometheus refuses more
constexpr std::size_t kLongestUrlQuery = 1'500;  // a longer one is sent as a form: servers cap their URLs
constexpr milliseconds kBackOff{200};
constexpr std::size_t kMaxSeries = 1'000;  // of a range
constexpr int kGiveUpAfter = 16;           // replies in a row that did not come
constexpr milliseconds kTimeTolerance{1'000};

std::string unix_time(Timestamp at) {
  const auto count = at.time_since_epoch().count();
  return fmt::format("{}.{:03}", count / 1000, count % 1000);
}

bool is_unreachable(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timeout;
}

// "12.5", "no series", "0.1: 5, +Inf: 9", "3 series", "1 series, 60 points".
std::string described(const PrometheusAnswer& answer) {
  if (answer.series.empty()) return "no series";
  if (answer.kind == PrometheusAnswer::Kind::matrix) {
    std::size_t points = 0;
    for (const load::PrometheusSeries& series : answer.series) points += series.points.size();
    return fmt::format("{} series, {}", answer.series.size(), counted(points, "point"));
  }
  if (answer.series.size() == 1 && answer.series[0].labels.empty())
    return load::metric_number_text(answer.series[0].points[0].value);
  constexpr std::size_t kShown = 40;
  std::vector<std::string> parts;
  for (const load::PrometheusSeries& series : answer.series) {
    if (parts.size() == kShown) break;
    const std::string value = load::metric_number_text(series.points[0].value);
    std::vector<std::string> labels;
    for (const auto& [name, text] : series.labels) labels.push_back(fmt::format("{}=\"{}\"", name, text));
    parts.push_back(fmt::format("{{{}}}: {}", join(labels, ","), value));
  }
  const bool is_all = parts.size() == answer.series.size();
  return shortened(
      fmt::format("{} series: {}{}", answer.series.size(), join(parts, ", "), is_all ? "" : ", …"), 2'000);
}

void redact(PrometheusReply& reply, const std::vector<std::string>& secrets) {
  reply.record.query = redacted(std::move(reply.record.query), secrets);
  if (reply.answer) {
    for (std::string& warning : reply.answer->warnings) warning = redacted(std::move(warning), secrets);
    for (std::string& info : reply.answer->infos) info = redacted(std::move(info), secrets);
    reply.record.answer = redacted(described(*reply.answer), secrets);
    return;
  }
  Error error = reply.answer.error();
  error.message = redacted(std::move(error.message), secrets);
  reply.record.answer = error.message;
  reply.answer = std::move(error);
}

// Adds the points of a later piece to those of the same series.
void append(PrometheusAnswer& whole, PrometheusAnswer piece) {
  for (load::PrometheusSeries& series : piece.series) {
    const auto known =
        std::find_if(whole.series.begin(), whole.series.end(),
                     [&](const load::PrometheusSeries& old) { return old.labels == series.labels; });
    if (known == whole.series.end()) {
      whole.series.push_back(std::move(series));
    } else {
      known->points.insert(known->points.end(), series.points.begin(), series.points.end());
    }
  }
  const auto take = [](std::vector<std::string>& into, std::vector<std::string>& from) {
    for (std::string& text : from) {
      if (std::find(into.begin(), into.end(), text) == into.end()) into.push_back(std::move(text));
    }
  };
  take(whole.warnings, piece.warnings);
  take(whole.infos, piece.infos);
}

bool lies_within(const load::PrometheusPoint& point, Timestamp first, Timestamp last, milliseconds by) {
  const auto moment = [](Timestamp at) { return static_cast<double>(at.time_since_epoch().count()) / 1000; };
  return point.at >= moment(first - by) && point.at <= moment(last + by);  // NaN does not
}

// Values of another time than was asked for are no answer: a cache, or a server that keeps its own time.
std::optional<Error> fault_of_times(const PrometheusAnswer& answer, Timestamp first, Timestamp last,
                                    milliseconds tolerance) {
  for (const load::PrometheusSeries& series : answer.series) {
    for (const load::PrometheusPoint& point : series.points) {
      if (lies_within(point, first, last, tolerance)) continue;
      return Error{ErrorCode::malformed,
                   fmt::format("it is of another time than was asked for: {} where {} was",
                               load::metric_number_text(point.at), unix_time(last))};
    }
  }
  return std::nullopt;
}

Result<PrometheusAnswer> instant_only(Result<PrometheusAnswer> answer, std::optional<Timestamp> at) {
  if (!answer) return answer;
  if (answer->kind == PrometheusAnswer::Kind::matrix) {
    return Error{
        ErrorCode::malformed,
        "the query returned a range of points: wrap it in increase() or another function of a range"};
  }
  if (!at) return answer;
  if (const auto fault = fault_of_times(*answer, *at, *at, kTimeTolerance)) return fault->within("the value");
  return answer;
}

}  // namespace

PrometheusClient::PrometheusClient(HttpAccess access, milliseconds timeout, milliseconds deadline,
                                   const SourceWorld& world)
    : access_(std::move(access)),
      timeout_(timeout),
      overall_(deadline),
      end_(world.clock.elapsed() + deadline),
      world_(world) {}

PrometheusReply PrometheusClient::ask(const PrometheusQuery& query, std::optional<Timestamp> at) const {
  const auto start = world_.clock.elapsed();
  PrometheusReply reply{Error{}, {query.promql, {}, {}}};
  if (at && query.length.count() > 0) {
    reply.answer = ask_range(query, *at);
  } else {
    const std::string moment = at ? fmt::format("&time={}", unix_time(*at)) : std::string{};
    reply.answer =
        instant_only(call("query", fmt::format("query={}{}", percent_encoded(query.promql), moment)), at);
  }
  reply.record.took = std::chrono::ceil<milliseconds>(world_.clock.elapsed() - start);
  redact(reply, access_.secrets);
  return reply;
}

std::vector<PrometheusReply> PrometheusClient::ask_all(std::span<const PrometheusQuery> queries,
                                                       Timestamp at) const {
  std::vector<PrometheusReply> replies(queries.size());
  std::atomic<int> failures{0};
  parallel_for(queries.size(), kJobs, [&](std::size_t i) {
    if (failures >= kGiveUpAfter) {
      const Error error{ErrorCode::unavailable, "not asked: the server stopped answering"};
      replies[i] = PrometheusReply{error, {queries[i].promql, error.message, {}}};
      return;
    }
    replies[i] = ask(queries[i], at);
    if (!replies[i].answer && is_unreachable(replies[i].answer.error())) {
      ++failures;
    } else {
      failures = 0;
    }
  });
  return replies;
}

Result<PrometheusAnswer> PrometheusClient::ask_range(const PrometheusQuery& query, Timestamp at) const {
  const std::int64_t steps = query.length / query.step + 1;
  PrometheusAnswer whole;
  whole.kind = PrometheusAnswer::Kind::matrix;
  for (std::int64_t left = steps; left > 0; left -= kMaxSteps) {
    const Timestamp start = at - query.step * (left - 1);
    const Timestamp end = start + query.step * (std::min(left, kMaxSteps) - 1);
    auto piece =
        call("query_range", fmt::format("query={}&start={}&end={}&step={}", percent_encoded(query.promql),
                                        unix_time(start), unix_time(end), query.step.count()));
    if (!piece) return piece.error();
    if (piece->kind != PrometheusAnswer::Kind::matrix)
      return Error{ErrorCode::malformed, "a range query was answered with something else than a matrix"};
    if (piece->series.size() > kMaxSeries)
      return Error{ErrorCode::malformed,
                   fmt::format("returned {} series: sum them", grouped(piece->series.size()))};
    // Some servers align the steps of a range to their own.
    if (const auto fault = fault_of_times(*piece, start, end, query.step + kTimeTolerance))
      return fault->within("a point of the range");
    append(whole, std::move(*piece));
  }
  return whole;
}

Result<PrometheusAnswer> PrometheusClient::call(std::string_view endpoint, std::string form) const {
  form += fmt::format("&timeout={}ms", timeout_.count());
  ports::HttpRequest request;
  request.url = fmt::format("{}/api/v1/{}", access_.url, endpoint);
  request.headers = access_.headers;
  request.headers.emplace_back("Accept", "application/json");
  request.ca_file = access_.ca_file;
  if (form.size() <= kLongestUrlQuery) {
    request.url += "?" + form;
  } else {
    request.method = "POST";
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = std::move(form);
  }
  const auto reply = send(request);
  if (!reply) return reply.error();
  return load::parse_prometheus_reply(reply->status, reply->body);
}

Result<ports::HttpReply> PrometheusClient::send(const ports::HttpRequest& request) const {
  auto reply = send_once(request);
  const bool is_passing =
      reply ? reply->status == 502 || reply->status == 503 : reply.error().code == ErrorCode::unavailable;
  if (!is_passing || world_.clock.elapsed() + kBackOff >= end_) return reply;
  world_.clock.sleep(kBackOff);
  return send_once(request);
}

Result<ports::HttpReply> PrometheusClient::send_once(ports::HttpRequest request) const {
  const auto left = std::chrono::floor<milliseconds>(end_ - world_.clock.elapsed());
  if (left.count() <= 0)
    return Error{ErrorCode::timeout,
                 fmt::format("not asked: the {} for all queries are over", human_duration(overall_))};
  request.timeout = std::min(timeout_, left);
  return world_.http.send(request);
}

}  // namespace gate::checks

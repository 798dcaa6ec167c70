#include "local/faults/vocabulary.h"

#include <algorithm>
#include <array>

namespace athanor::local::vocabulary {

namespace {

using Name = std::string_view;

constexpr std::array<Operation, 8> allOperations = {{{"create", "CreateResource"},
                                                     {"update", "UpdateResource"},
                                                     {"delete", "DeleteResource"},
                                                     {"read", "GetResource"},
                                                     {"list", "ListResources"},
                                                     {"status", "GetResourceRequestStatus"},
                                                     {"requests", "ListResourceRequests"},
                                                     {"cancel", "CancelResourceRequest"}}};
constexpr std::array<Name, 8> any = {
    "CreateResource", "UpdateResource",           "DeleteResource",       "GetResource",
    "ListResources",  "GetResourceRequestStatus", "ListResourceRequests", "CancelResourceRequest"};
constexpr std::array<Name, 3> changes = {"CreateResource", "UpdateResource", "DeleteResource"};
constexpr std::array<Name, 1> creates = {"CreateResource"};
constexpr std::array<Name, 3> ofOne = {"GetResource", "UpdateResource", "DeleteResource"};

constexpr std::array<Name, 10> common = {"kind",   "type",        "operation", "identifier", "account",
                                         "region", "probability", "after",     "count",      "seed"};
constexpr std::array<Name, 1> rate = {"rate"};
constexpr std::array<Name, 2> exception = {"exception", "message"};
constexpr std::array<Name, 1> at = {"at"};
constexpr std::array<Name, 1> set = {"set"};
constexpr std::array<Name, 2> code = {"code", "message"};
constexpr std::array<Name, 1> milliseconds = {"milliseconds"};

constexpr std::array<Kind, 12> allKinds = {{{"throttle", Fault::Kind::throttle, rate, any},
                                            {"error", Fault::Kind::error, exception, any},
                                            {"lose-request", Fault::Kind::loseRequest, {}, any},
                                            {"lose-answer", Fault::Kind::loseAnswer, {}, any},
                                            {"stop", Fault::Kind::stop, at, any},
                                            {"edit", Fault::Kind::edit, set, ofOne},
                                            {"delete", Fault::Kind::remove, {}, ofOne},
                                            {"fail", Fault::Kind::fail, code, changes},
                                            {"create-failed", Fault::Kind::createFailed, code, creates},
                                            {"slow", Fault::Kind::slow, milliseconds, any},
                                            {"stuck", Fault::Kind::stuck, {}, changes},
                                            {"stale", Fault::Kind::stale, milliseconds, changes}}};

constexpr Name own = "com.amazon.cloudapiservice#";
constexpr Name shared = "com.amazon.coral.service#";
constexpr std::array<Exception, 26> allExceptions = {{
    {"AlreadyExistsException", own, 400},
    {"ClientTokenConflictException", own, 400},
    {"ConcurrentModificationException", own, 500},
    {"ConcurrentOperationException", own, 400},
    {"GeneralServiceException", own, 400},
    {"HandlerFailureException", own, 500},
    {"HandlerInternalFailureException", own, 500},
    {"InvalidCredentialsException", own, 400},
    {"InvalidRequestException", own, 400},
    {"NetworkFailureException", own, 500},
    {"NotStabilizedException", own, 400},
    {"NotUpdatableException", own, 400},
    {"PrivateTypeException", own, 400},
    {"RequestTokenNotFoundException", own, 400},
    {"ResourceConflictException", own, 400},
    {"ResourceNotFoundException", own, 400},
    {"ServiceInternalErrorException", own, 500},
    {"ServiceLimitExceededException", own, 400},
    {"ThrottlingException", "com.amazon.coral.availability#", 400},
    {"TypeNotFoundException", own, 400},
    {"UnsupportedActionException", own, 400},
    {"ValidationException", "com.amazon.coral.validate#", 400},
    {"AccessDeniedException", shared, 400},
    {"ExpiredTokenException", shared, 400},
    {"InternalFailure", shared, 500},
    {"ServiceUnavailable", shared, 503},
}};

constexpr std::array<Name, 16> codes = {
    "NotUpdatable",         "InvalidRequest",       "AccessDenied",   "UnauthorizedTaggingOperation",
    "InvalidCredentials",   "AlreadyExists",        "NotFound",       "ResourceConflict",
    "Throttling",           "ServiceLimitExceeded", "NotStabilized",  "GeneralServiceException",
    "ServiceInternalError", "ServiceTimeout",       "NetworkFailure", "InternalFailure"};

}  // namespace

std::span<const Kind> kinds() { return allKinds; }
const Kind& of(Fault::Kind kind) { return *std::ranges::find(allKinds, kind, &Kind::kind); }
Words commonMembers() { return common; }
std::span<const Operation> operations() { return allOperations; }
std::span<const Exception> exceptions() { return allExceptions; }
Words errorCodes() { return codes; }

}  // namespace athanor::local::vocabulary

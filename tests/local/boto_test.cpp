#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"

namespace athanor::local::test {
namespace {

/// Runs a script with Debian's boto3; `cc` is its client of Cloud Control. What it prints last is JSON.
Json boto(const std::string& url, const std::string& script) {
  const std::string before =
      "import boto3, json, sys\nfrom botocore.exceptions import ClientError\n"
      "cc = boto3.client('cloudcontrol', endpoint_url=sys.argv[1], region_name='eu-central-1')\n";
  const auto ended = run(
      {"/usr/bin/python3", "-c", before + script, url},
      {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test"});
  if (ended.status != 0) throw std::runtime_error(ended.err);
  return Json::parse(ended.out);
}

TEST(Boto3, WaitsForAnOperationToEnd) {
  const TempFolder data;
  auto options = onFreePort(data.path());
  options.latency = std::chrono::milliseconds(200);
  const Server server(options, catalogue());
  const auto out = boto(server.url(), R"py(
event = cc.create_resource(TypeName='AWS::Logs::LogGroup', DesiredState=json.dumps({'LogGroupName': 'x'}))['ProgressEvent']
cc.get_waiter('resource_request_success').wait(RequestToken=event['RequestToken'], WaiterConfig={'Delay': 0.05, 'MaxAttempts': 200})
after = cc.get_resource_request_status(RequestToken=event['RequestToken'])['ProgressEvent']
print(json.dumps({
  'first': event['OperationStatus'], 'last': after['OperationStatus'],
  'in time': (event['RetryAfter'] - event['EventTime']).total_seconds(),
  'model': json.loads(cc.get_resource(TypeName='AWS::Logs::LogGroup', Identifier='x')['ResourceDescription']['Properties'])}))
)py");
  EXPECT_THAT(out.at("first").get<std::string>(), testing::AnyOf("PENDING", "IN_PROGRESS"));
  EXPECT_EQ(out.at("last"), "SUCCESS");
  EXPECT_NEAR(out.at("in time").get<double>(), 0.2, 0.0015);
  EXPECT_EQ(out.at("model").at("LogGroupName"), "x");
}

TEST(Boto3, PagesUpdatesAndReadsErrors) {
  const TempFolder data;
  const Server server(onFreePort(data.path()), catalogue());
  const auto out = boto(server.url(), R"py(
arns = [cc.create_resource(TypeName='AWS::IVS::Channel', DesiredState='{}')['ProgressEvent']['Identifier'] for _ in range(7)]
pages = list(cc.get_paginator('list_resources').paginate(TypeName='AWS::IVS::Channel', PaginationConfig={'PageSize': 3}))
listed = [one['Identifier'] for page in pages for one in page['ResourceDescriptions']]
cc.update_resource(TypeName='AWS::IVS::Channel', Identifier=arns[0],
                   PatchDocument=json.dumps([{'op': 'replace', 'path': '/Name', 'value': 'renamed'}]))
name = json.loads(cc.get_resource(TypeName='AWS::IVS::Channel', Identifier=arns[0])['ResourceDescription']['Properties'])['Name']
errors = []
for call in (lambda: cc.get_resource(TypeName='AWS::IVS::Channel', Identifier='arn:none'),
             lambda: cc.create_resource(TypeName='AWS::IVS::Channel', DesiredState='{"X": 1}')):
    try: call()
    except ClientError as error: errors.append([error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']])
requests = sum(len(page['ResourceRequestStatusSummaries']) for page in cc.get_paginator('list_resource_requests').paginate(PaginationConfig={'PageSize': 5}))
print(json.dumps({'pages': len(pages), 'all': sorted(listed) == sorted(arns), 'name': name, 'errors': errors, 'requests': requests}))
)py");
  EXPECT_EQ(out, Json::parse(R"({"pages":3,"all":true,"name":"renamed","requests":8,
                                 "errors":[["ResourceNotFoundException",400],["ValidationException",400]]})"));
}

}  // namespace
}  // namespace athanor::local::test

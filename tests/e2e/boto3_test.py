"""Debian's boto3 works against the AWS that runs here."""

import concurrent.futures
import datetime
import json
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError
from botocore.session import Session

from support import CHANNEL, QUEUE, EndToEnd

LOG_GROUP = "AWS::Logs::LogGroup"


class Boto(EndToEnd):
    def start(self, **options):
        """Starts an AWS and gives a client of it."""
        return self.start_aws(**options).client

    def create(self, client, type, model, **more):
        return client.create_resource(TypeName=type, DesiredState=json.dumps(model), **more)["ProgressEvent"]

    def read(self, client, type, identifier):
        described = client.get_resource(TypeName=type, Identifier=identifier)["ResourceDescription"]
        return json.loads(described["Properties"])

    def update(self, client, type, identifier, *patch):
        return client.update_resource(TypeName=type, Identifier=identifier,
                                      PatchDocument=json.dumps(patch))["ProgressEvent"]

    def wait(self, client, event):
        client.get_waiter("resource_request_success").wait(
            RequestToken=event["RequestToken"], WaiterConfig={"Delay": 0.05, "MaxAttempts": 600})

    def test_a_resource_is_created_waited_for_read_updated_listed_and_deleted(self):
        client = self.start(latency=200)
        event = self.create(client, LOG_GROUP, {"LogGroupName": "boto", "RetentionInDays": 7})
        self.assertIn(event["OperationStatus"], ("PENDING", "IN_PROGRESS"))
        self.assertIsInstance(event["EventTime"], datetime.datetime)
        self.assertAlmostEqual((event["RetryAfter"] - event["EventTime"]).total_seconds(), 0.2, delta=0.0015)
        self.wait(client, event)
        ended = client.get_resource_request_status(RequestToken=event["RequestToken"])
        self.assertEqual(ended["ProgressEvent"]["OperationStatus"], "SUCCESS")
        self.assertRegex(ended["ResponseMetadata"]["RequestId"], "^[0-9a-f-]{36}$")
        self.assertEqual(self.read(client, LOG_GROUP, "boto")["RetentionInDays"], 7)

        self.wait(client, self.update(client, LOG_GROUP, "boto", {"op": "test", "path": "/RetentionInDays", "value": 7},
                                      {"op": "replace", "path": "/RetentionInDays", "value": 30}))
        self.assertEqual(self.read(client, LOG_GROUP, "boto")["RetentionInDays"], 30)
        listed = client.list_resources(TypeName=LOG_GROUP)["ResourceDescriptions"]
        self.assertEqual([one["Identifier"] for one in listed], ["boto"])

        self.wait(client, client.delete_resource(TypeName=LOG_GROUP, Identifier="boto")["ProgressEvent"])
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            self.read(client, LOG_GROUP, "boto")

    def test_the_waiter_tells_failed_and_cancelled_operations(self):
        client = self.start()
        self.create(client, LOG_GROUP, {"LogGroupName": "taken"})
        with self.assertRaises(WaiterError) as caught:
            self.wait(client, self.create(client, LOG_GROUP, {"LogGroupName": "taken"}))
        failed = caught.exception.last_response["ProgressEvent"]
        self.assertEqual((failed["OperationStatus"], failed["ErrorCode"]), ("FAILED", "AlreadyExists"))
        self.assertIn("already exists", failed["StatusMessage"])

        slow = self.start(latency=10000, data="slow")
        unwanted = self.create(slow, LOG_GROUP, {"LogGroupName": "unwanted"})
        cancelled = slow.cancel_resource_request(RequestToken=unwanted["RequestToken"])["ProgressEvent"]
        self.assertEqual(cancelled["OperationStatus"], "CANCEL_IN_PROGRESS")
        with self.assertRaisesRegex(WaiterError, "CANCEL_COMPLETE"):
            self.wait(slow, unwanted)

    def test_paginators_go_through_all_resources_and_requests(self):
        client = self.start()
        made = [self.create(client, CHANNEL, {})["Identifier"] for _ in range(7)]
        paginator = client.get_paginator("list_resources")
        pages = [[one["Identifier"] for one in page["ResourceDescriptions"]]
                 for page in paginator.paginate(TypeName=CHANNEL, PaginationConfig={"PageSize": 3})]
        self.assertEqual([len(page) for page in pages], [3, 3, 1])
        self.assertEqual(sum(pages, []), made)

        some = paginator.paginate(TypeName=CHANNEL, PaginationConfig={"MaxItems": 4, "PageSize": 3})
        first = some.build_full_result()
        rest = paginator.paginate(TypeName=CHANNEL, PaginationConfig={"StartingToken": first["NextToken"]})
        self.assertEqual([one["Identifier"] for result in (first, rest.build_full_result())
                          for one in result["ResourceDescriptions"]], made)

        self.create(client, "AWS::IVS::StreamKey", {"ChannelArn": made[1]})
        keys = client.list_resources(TypeName="AWS::IVS::StreamKey",
                                     ResourceModel=json.dumps({"ChannelArn": made[1]}))["ResourceDescriptions"]
        self.assertEqual(len(keys), 1)

        client.delete_resource(TypeName=CHANNEL, Identifier=made[0])
        requests = client.get_paginator("list_resource_requests")
        pages = list(requests.paginate(PaginationConfig={"PageSize": 5}))
        self.assertEqual([len(page["ResourceRequestStatusSummaries"]) for page in pages], [5, 4])
        deletes = list(requests.paginate(
            ResourceRequestStatusFilter={"Operations": ["DELETE"], "OperationStatuses": ["SUCCESS", "FAILED"]}))
        self.assertEqual([one["Identifier"] for page in deletes for one in page["ResourceRequestStatusSummaries"]],
                         [made[0]])

    def test_what_a_request_does_wrong_arrives_as_a_class_of_the_client(self):
        client = self.start(latency=60000)
        held = self.create(client, LOG_GROUP, {"LogGroupName": "held"}, ClientToken="mine")
        calls = {
            "ClientTokenConflictException": lambda: self.create(client, QUEUE, {}, ClientToken="mine"),
            "TypeNotFoundException": lambda: self.read(client, "AWS::Not::There", "x"),
            "ResourceNotFoundException": lambda: self.read(client, CHANNEL, "arn:none"),
            "RequestTokenNotFoundException": lambda: client.get_resource_request_status(RequestToken="none"),
            "UnsupportedActionException": lambda: self.create(client, "AWS::Serverless::Function", {}),
            "InvalidRequestException": lambda: client.list_resources(TypeName="AWS::IVS::StreamKey"),
            "ConcurrentOperationException": lambda: client.delete_resource(TypeName=LOG_GROUP, Identifier="held"),
        }
        for name, call in calls.items():
            with self.subTest(name), self.assertRaises(getattr(client.exceptions, name)) as caught:
                call()
            self.assertEqual(caught.exception.response["Error"]["Code"], name)
            self.assertEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertIn(f"RequestToken {held['RequestToken']}", str(caught.exception))

    def test_refused_models_and_patches_arrive_in_the_words_of_aws(self):
        client = self.start()
        self.create(client, LOG_GROUP, {"LogGroupName": "fixed"})
        with self.assertRaises(ClientError) as caught:  # the client has no class for it
            self.create(client, QUEUE, {"DelaySeconds": "5"})
        self.assertEqual(caught.exception.response["Error"], {
            "Code": "ValidationException",
            "Message": "Model validation failed (#/DelaySeconds: expected type: Integer, found: String)"})
        with self.assertRaisesRegex(client.exceptions.NotUpdatableException,
                                    r"createOnlyProperties \[/properties/LogGroupName\] cannot be updated"):
            self.update(client, LOG_GROUP, "fixed", {"op": "replace", "path": "/LogGroupName", "value": "b"})

    def test_a_queue_is_known_by_the_url_that_its_name_makes(self):
        client = self.start()
        url = "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"
        self.assertEqual(self.create(client, QUEUE, {"QueueName": "jobs"})["Identifier"], url)
        again = self.create(client, QUEUE, {"QueueName": "jobs"})
        self.assertEqual((again["ErrorCode"], again["Identifier"]), ("AlreadyExists", url))
        self.assertRegex(self.create(client, QUEUE, {"FifoQueue": True})["Identifier"], r"/123456789012/\w+\.fifo$")

    def test_a_create_whose_answer_is_lost_is_sent_again_with_botos_own_token_and_is_one_resource(self):
        client = self.start(arguments=["--fault", "lose-answer,operation=create,count=1"])
        created = client.create_resource(TypeName=CHANNEL, DesiredState="{}")
        self.assertEqual(created["ResponseMetadata"]["RetryAttempts"], 1)
        listed = client.list_resources(TypeName=CHANNEL)["ResourceDescriptions"]
        self.assertEqual([one["Identifier"] for one in listed], [created["ProgressEvent"]["Identifier"]])

    def test_every_exception_of_the_api_arrives_as_its_class(self):
        operation = Session().get_service_model("cloudcontrol").operation_model("ListResources")
        names = [shape.name for shape in operation.error_shapes]
        self.assertGreater(len(names), 12)
        aws = self.start_aws(arguments=[word for name in names for word in (
            "--fault", f"error,exception={name},operation=list,count=1")])
        client = boto3.client("cloudcontrol", endpoint_url=aws.url, region_name="us-east-1", aws_access_key_id="test",
                              aws_secret_access_key="test", config=Config(retries={"total_max_attempts": 1}))
        self.addCleanup(client.close)
        for name in names:
            with self.subTest(name), self.assertRaises(getattr(client.exceptions, name)):
                client.list_resources(TypeName=QUEUE)

    def test_a_throttled_request_is_botos_own_to_send_again(self):
        aws = self.start_aws(rate=2)
        for mode in "legacy", "standard":
            client = boto3.client("cloudcontrol", endpoint_url=aws.url, region_name=f"{mode}-1",
                                  aws_access_key_id="test", aws_secret_access_key="test",
                                  config=Config(retries={"mode": mode, "max_attempts": 20}))
            self.addCleanup(client.close)
            with self.subTest(mode), concurrent.futures.ThreadPoolExecutor(6) as pool:
                asked = [pool.submit(client.create_resource, TypeName=CHANNEL, DesiredState="{}") for _ in range(6)]
                answers = [one.result() for one in asked]
                self.assertTrue(all(one["ProgressEvent"]["OperationStatus"] == "SUCCESS" for one in answers))
                self.assertGreater(max(one["ResponseMetadata"]["RetryAttempts"] for one in answers), 0)


if __name__ == "__main__":
    unittest.main()

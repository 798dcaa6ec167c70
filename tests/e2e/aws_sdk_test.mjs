// The AWS SDK for JavaScript, current version, works against the AWS that runs here.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as sdk from "@aws-sdk/client-cloudcontrol";
import { startAws } from "./support.mjs";

const CHANNEL = "AWS::IVS::Channel";
const LOG_GROUP = "AWS::Logs::LogGroup";
const QUEUE = "AWS::SQS::Queue";

for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
Object.assign(process.env, { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test",
                             AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" });

/** An AWS and the SDK's client of it, for the time of one test; the client is pointed at it as users point theirs. */
async function start(t, { options = [], ...config } = {}) {
  process.env.AWS_ENDPOINT_URL = await startAws(t, ...options);
  const client = new sdk.CloudControl(config);
  t.after(() => client.destroy());
  return client;
}

const create = (client, TypeName, model, more = {}) =>
  client.createResource({ TypeName, DesiredState: JSON.stringify(model), ...more });
const update = (client, TypeName, Identifier, patch) =>
  client.updateResource({ TypeName, Identifier, PatchDocument: JSON.stringify(patch) });
const read = async (client, TypeName, Identifier) =>
  JSON.parse((await client.getResource({ TypeName, Identifier })).ResourceDescription.Properties);
const waitFor = (client, progress) =>
  sdk.waitUntilResourceRequestSuccess({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 0.2 },
                                      { RequestToken: progress.ProgressEvent.RequestToken });
const RESOURCES = "ResourceDescriptions";
const REQUESTS = "ResourceRequestStatusSummaries";
/** What each page holds. */
const all = async (pages, member) => {
  const out = [];
  for await (const page of pages) out.push(page[member]);
  return out;
};
/** Rejects with the SDK's own class for an exception, which says `message`. */
const refusedAs = (type, message) => (error) => {
  assert(error instanceof type, `${error.name}: ${error.message}`);
  assert(error instanceof sdk.CloudControlServiceException);
  assert.equal(error.name, type.name);
  assert.equal(error.$metadata.httpStatusCode, 400);
  assert.match(error.message, message);
  return true;
};

test("a resource is created, waited for, read, updated, listed and deleted", async (t) => {
  const client = await start(t, { options: ["--latency", "200"] });
  const began = Date.now();
  const created = await create(client, LOG_GROUP, { LogGroupName: "sdk", RetentionInDays: 7 });
  assert.match(created.$metadata.requestId, /^[0-9a-f-]{36}$/);
  assert.equal(created.$metadata.httpStatusCode, 200);
  const event = created.ProgressEvent;
  assert.equal(event.Operation, "CREATE");
  assert.match(event.OperationStatus, /^(PENDING|IN_PROGRESS)$/);
  assert(event.EventTime instanceof Date && event.RetryAfter instanceof Date);
  assert(Math.abs(event.EventTime - began) < 60_000, `${event.EventTime} is no time of today`);
  assert.equal(event.RetryAfter - event.EventTime, 200);

  const waited = await waitFor(client, created);
  assert.equal(waited.state, "SUCCESS");
  assert.equal(waited.reason.ProgressEvent.OperationStatus, "SUCCESS");
  const Identifier = waited.reason.ProgressEvent.Identifier;
  assert.equal(Identifier, "sdk");
  assert.equal((await read(client, LOG_GROUP, Identifier)).RetentionInDays, 7);

  await waitFor(client, await update(client, LOG_GROUP, Identifier, [
    { op: "test", path: "/RetentionInDays", value: 7 }, { op: "replace", path: "/RetentionInDays", value: 30 }]));
  assert.equal((await read(client, LOG_GROUP, Identifier)).RetentionInDays, 30);

  const listed = await client.listResources({ TypeName: LOG_GROUP });
  assert.deepEqual(listed.ResourceDescriptions.map((one) => one.Identifier), ["sdk"]);

  await waitFor(client, await client.deleteResource({ TypeName: LOG_GROUP, Identifier }));
  await assert.rejects(read(client, LOG_GROUP, Identifier), refusedAs(sdk.ResourceNotFoundException, /was not found/));
});

test("the waiter tells failed and cancelled operations", async (t) => {
  const client = await start(t);
  await create(client, LOG_GROUP, { LogGroupName: "taken" });
  const again = await create(client, LOG_GROUP, { LogGroupName: "taken" });
  await assert.rejects(waitFor(client, again), (error) => {
    const { state, reason } = JSON.parse(error.message);
    assert.equal(state, "FAILURE");
    assert.equal(reason.ProgressEvent.ErrorCode, sdk.HandlerErrorCode.ALREADY_EXISTS);
    assert.match(reason.ProgressEvent.StatusMessage, /already exists/);
    return true;
  });
  const slow = await start(t, { options: ["--latency", "10000"] });
  const long = await create(slow, LOG_GROUP, { LogGroupName: "unwanted" });
  const cancelled = await slow.cancelResourceRequest({ RequestToken: long.ProgressEvent.RequestToken });
  assert.equal(cancelled.ProgressEvent.OperationStatus, sdk.OperationStatus.CANCEL_IN_PROGRESS);
  await assert.rejects(waitFor(slow, long), /CANCEL_COMPLETE/);
});

test("paginators go through all resources and requests", async (t) => {
  const client = await start(t);
  const made = [];
  for (let n = 0; n < 7; ++n) made.push((await create(client, CHANNEL, {})).ProgressEvent.Identifier);
  const pages = await all(sdk.paginateListResources({ client, pageSize: 3 }, { TypeName: CHANNEL }), RESOURCES);
  assert.deepEqual(pages.map((page) => page.length), [3, 3, 1]);
  assert.deepEqual(pages.flat().map((one) => one.Identifier), made);

  await client.deleteResource({ TypeName: CHANNEL, Identifier: made[0] });
  const requests = await all(sdk.paginateListResourceRequests({ client, pageSize: 5 }, {}), REQUESTS);
  assert.deepEqual(requests.map((page) => page.length), [5, 3]);
  assert.equal(requests[0][0].Operation, sdk.Operation.DELETE);
  const filter = { Operations: ["CREATE"], OperationStatuses: ["SUCCESS"] };
  const filtered = sdk.paginateListResourceRequests({ client, pageSize: 5 }, { ResourceRequestStatusFilter: filter });
  const creates = await all(filtered, REQUESTS);
  assert.deepEqual(creates.flat().map((one) => one.Identifier), made.toReversed());
});

test("what a request does wrong arrives as the SDK's class for it", async (t) => {
  const client = await start(t, { options: ["--latency", "60000"] });
  const slow = await create(client, QUEUE, { QueueName: "busy" }, { ClientToken: "mine" });
  const token = slow.ProgressEvent.RequestToken;
  await assert.rejects(create(client, QUEUE, { QueueName: "other" }, { ClientToken: "mine" }),
                       refusedAs(sdk.ClientTokenConflictException, /mine/));
  await assert.rejects(client.getResource({ TypeName: "AWS::Not::There", Identifier: "x" }),
                       refusedAs(sdk.TypeNotFoundException, /^The type 'AWS::Not::There' cannot be found\.$/));
  await assert.rejects(client.getResource({ TypeName: CHANNEL, Identifier: "arn:none" }),
                       refusedAs(sdk.ResourceNotFoundException, /arn:none/));
  await assert.rejects(client.getResourceRequestStatus({ RequestToken: "00000000-0000-0000-0000-000000000000" }),
                       refusedAs(sdk.RequestTokenNotFoundException, /00000000/));
  await assert.rejects(create(client, "AWS::Serverless::Function", {}),
                       refusedAs(sdk.UnsupportedActionException, /does not support CREATE action/));
  await assert.rejects(client.listResources({ TypeName: "AWS::IVS::StreamKey" }),
                       refusedAs(sdk.InvalidRequestException, /ChannelArn/));
  const group = await create(client, LOG_GROUP, { LogGroupName: "held" });
  await assert.rejects(client.deleteResource({ TypeName: LOG_GROUP, Identifier: "held" }), (error) => {
    assert(error.message.includes(`RequestToken ${group.ProgressEvent.RequestToken}`), error.message);
    return refusedAs(sdk.ConcurrentOperationException, /in progress/)(error);
  });
  assert.equal((await client.getResourceRequestStatus({ RequestToken: token })).ProgressEvent.RequestToken, token);
});

test("what cannot be updated is refused at once", async (t) => {
  const client = await start(t);
  await create(client, LOG_GROUP, { LogGroupName: "fixed" });
  await assert.rejects(update(client, LOG_GROUP, "fixed", [{ op: "replace", path: "/LogGroupName", value: "b" }]),
                       refusedAs(sdk.NotUpdatableException, /createOnlyProperties \[.properties.LogGroupName\]/));
  const { ProgressEvent } = await create(client, LOG_GROUP, { LogGroupName: "fixed" });
  assert.equal(ProgressEvent.OperationStatus, "FAILED");
  assert.equal(ProgressEvent.ErrorCode, "AlreadyExists");
});

test("mistakes in models and members arrive by name, which the SDK has no class for", async (t) => {
  const client = await start(t);
  const refusal = (message) => (error) => {
    assert(error instanceof sdk.CloudControlServiceException);
    assert.equal(error.name, "ValidationException");
    assert.equal(error.message, message);
    return true;
  };
  await assert.rejects(create(client, QUEUE, { DelaySeconds: "5" }),
                       refusal("Model validation failed (#/DelaySeconds: expected type: Integer, found: String)"));
  await assert.rejects(client.listResources({ TypeName: QUEUE, MaxResults: 101 }), refusal(
    "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
    + "Member must have value less than or equal to 100"));
});

test("a create whose answer is lost is sent again with the SDK's own ClientToken, and is one resource", async (t) => {
  const client = await start(t, { options: ["--fault", "lose-answer,operation=create,count=1"] });
  const created = await create(client, CHANNEL, {});
  assert.equal(created.$metadata.attempts, 2);
  const listed = await client.listResources({ TypeName: CHANNEL });
  assert.deepEqual(listed.ResourceDescriptions.map((one) => one.Identifier), [created.ProgressEvent.Identifier]);
});

test("every exception of the API arrives as its class, and as the client's or the server's fault", async (t) => {
  const names = Object.keys(sdk).filter((name) => /Exception$/.test(name) && name !== "CloudControlServiceException");
  assert(names.length >= 21, names);
  const faults = names.flatMap((name) => ["--fault", `error,exception=${name},operation=list,count=1`]);
  const client = await start(t, { options: faults, maxAttempts: 1 });
  for (const name of names)
    await assert.rejects(client.listResources({ TypeName: QUEUE }), (error) => {
      assert(error instanceof sdk[name], `${error.name} is no ${name}`);
      assert.equal(error.$metadata.httpStatusCode, error.$fault === "client" ? 400 : 500, name);
      return true;
    });
});

test("a throttled request is the SDK's own to send again", async (t) => {
  const client = await start(t, { options: ["--rate", "2"], maxAttempts: 30 });
  const made = await Promise.all(Array.from({ length: 6 }, () => create(client, CHANNEL, {})));
  assert(made.every((one) => one.ProgressEvent.OperationStatus === "SUCCESS"));
  assert(made.some((one) => one.$metadata.attempts > 1 && one.$metadata.totalRetryDelay > 0));
});

test("without further attempts a throttled request is an error", async (t) => {
  const client = await start(t, { options: ["--rate", "1"], maxAttempts: 1 });
  const asked = await Promise.allSettled(Array.from({ length: 12 }, () => client.listResources({ TypeName: QUEUE })));
  const refused = asked.filter((one) => one.status === "rejected").map((one) => one.reason);
  assert(refused.length > 0 && refused.length < asked.length);
  for (const error of refused) refusedAs(sdk.ThrottlingException, /^Rate exceeded$/)(error);
});

// npm's alchemy, with programs written for its own Cloud Control resources, works against the AWS that runs here.
// What these tests look at is the AWS, through the AWS SDK: alchemy's own faults are not theirs to mend or to hide.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CloudControl } from "@aws-sdk/client-cloudcontrol";
import { folder, health, startAws } from "./support.mjs";

const RECORDING = "AWS::IVS::RecordingConfiguration";
const CHANNEL = "AWS::IVS::Channel";
const LOG_GROUP = "AWS::Logs::LogGroup";

const succeeded = ({ status, text }) => {
  assert.equal(status, 0, text);
  return text;
};

/** An AWS, and a folder in which alchemy's programs run against it. */
class Study {
  constructor(t, url) {
    this.url = url;
    this.client = new CloudControl({ endpoint: url, region: "us-east-1", maxAttempts: 10,
                                     credentials: { accessKeyId: "test", secretAccessKey: "test" } });
    t.after(() => this.client.destroy());
    this.folder = folder(t);
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(this.folder, "node_modules"));
  }

  static async start(t, ...options) {
    return new Study(t, await startAws(t, ...options));
  }

  /** Writes a program of these statements. */
  write(statements) {
    writeFileSync(join(this.folder, "alchemy.run.ts"), `import alchemy from "alchemy";
import AWS from "alchemy/aws/control";
const app = await alchemy("study");
${statements}
await app.finalize();
`);
  }

  node(...command) {
    const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: this.folder, USER: "tester",
                  DO_NOT_TRACK: "1", NO_COLOR: "1", AWS_ENDPOINT_URL: this.url, AWS_REGION: "us-east-1",
                  AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_EC2_METADATA_DISABLED: "true" };
    return new Promise((resolve) =>
      execFile(process.execPath, command, { cwd: this.folder, env }, (failure, out, err) =>
        resolve({ status: failure ? failure.code : 0, text: out + err })));
  }

  /** Runs a program of these statements; alchemy's `--destroy` and the like go behind it. */
  run(statements, ...options) {
    this.write(statements);
    return this.node("alchemy.run.ts", ...options);
  }

  async deploy(statements, ...options) {
    return succeeded(await this.run(statements, ...options));
  }

  destroy() {
    return this.deploy("", "--destroy");
  }

  /** Runs alchemy's own command on the program that was written last. */
  async command(...options) {
    return succeeded(await this.node("node_modules/alchemy/bin/alchemy.js", ...options));
  }

  /** What the AWS lists of a type: pairs of identifier and properties. */
  async listed(TypeName) {
    const { ResourceDescriptions } = await this.client.listResources({ TypeName });
    return ResourceDescriptions.map((one) => [one.Identifier, JSON.parse(one.Properties)]);
  }

  async only(type) {
    const found = await this.listed(type);
    assert.equal(found.length, 1, JSON.stringify(found));
    return found[0];
  }

  create(TypeName, model) {
    return this.client.createResource({ TypeName, DesiredState: JSON.stringify(model) });
  }

  /** What was asked of the AWS so far, oldest first: "CREATE AWS::… SUCCESS". */
  async requests() {
    const { ResourceRequestStatusSummaries: newestFirst } = await this.client.listResourceRequests({ MaxResults: 100 });
    return newestFirst.toReversed().map((one) => `${one.Operation} ${one.TypeName} ${one.OperationStatus}`);
  }
}

const recording = (more = "") => `
const recording = await AWS.IVS.RecordingConfiguration("recording", {
  Name: "clips", DestinationConfiguration: { S3: { BucketName: "study-recordings" } },
  RecordingReconnectWindowSeconds: 30, ${more}
});`;

test("resources that refer to each other are created, kept, updated and destroyed", async (t) => {
  const study = await Study.start(t);
  const program = ({ days, latency }) => `
await AWS.S3.Bucket("bucket", { BucketName: "study-recordings" });
${recording('Tags: [{ Key: "team", Value: "video" }]')}
await AWS.IVS.Channel("channel", { Name: "live", LatencyMode: "${latency}", RecordingConfigurationArn: recording.Arn });
await AWS.SQS.Queue("queue", { QueueName: "jobs", VisibilityTimeout: 60 });
await AWS.Logs.LogGroup("logs", { LogGroupName: "/study", RetentionInDays: ${days} });
console.log("state", recording.State, "id", recording.id);`;

  const first = await study.deploy(program({ days: 7, latency: "LOW" }));
  const [arn, made] = await study.only(RECORDING);
  assert.match(first, new RegExp(`state ACTIVE id ${arn}`));
  assert.equal(made.RecordingReconnectWindowSeconds, 30);
  assert.deepEqual(made.Tags, [{ Key: "team", Value: "video" }]);
  assert.equal((await study.only(CHANNEL))[1].RecordingConfigurationArn, arn);
  assert.equal((await study.only("AWS::S3::Bucket"))[0], "study-recordings");
  assert.equal((await study.only("AWS::SQS::Queue"))[1].VisibilityTimeout, 60);
  assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 7);
  const asked = await study.requests();
  assert.equal(asked.length, 5);

  await study.deploy(program({ days: 7, latency: "LOW" }));
  assert.deepEqual(await study.requests(), asked, "an unchanged program asks for nothing");

  await study.deploy(program({ days: 30, latency: "NORMAL" }));
  assert.deepEqual((await study.requests()).slice(5), [`UPDATE ${CHANNEL} SUCCESS`, `UPDATE ${LOG_GROUP} SUCCESS`]);
  assert.equal((await study.only(CHANNEL))[1].LatencyMode, "NORMAL");
  assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 30);

  await study.destroy();
  for (const type of [RECORDING, CHANNEL, LOG_GROUP, "AWS::S3::Bucket", "AWS::SQS::Queue"])
    assert.deepEqual(await study.listed(type), []);
});

test("its own command deploys and destroys", async (t) => {
  const study = await Study.start(t);
  study.write(recording());
  await study.command("deploy");
  assert.equal((await study.only(RECORDING))[1].Name, "clips");
  await study.command("destroy");
  assert.deepEqual(await study.listed(RECORDING), []);
});

test("an edit of a create-only property makes a new resource and deletes the old one", async (t) => {
  const study = await Study.start(t);
  await study.deploy('await AWS.Logs.LogGroup("logs", { LogGroupName: "before" });');
  await study.deploy('await AWS.Logs.LogGroup("logs", { LogGroupName: "after" });');
  assert.equal((await study.only(LOG_GROUP))[0], "after");
  assert.deepEqual(await study.requests(),
                   ["CREATE", "CREATE", "DELETE"].map((verb) => `${verb} ${LOG_GROUP} SUCCESS`));
});

test("a resource whose name is taken is adopted only on request", async (t) => {
  const study = await Study.start(t);
  await study.create(LOG_GROUP, { LogGroupName: "theirs", RetentionInDays: 7 });
  const program = (options) =>
    `await AWS.Logs.LogGroup("logs", { LogGroupName: "theirs", RetentionInDays: 30, ${options} });`;
  const refused = await study.run(program(""));
  assert.notEqual(refused.status, 0);
  assert.match(refused.text, /Resource of type 'AWS::Logs::LogGroup' with identifier '.*theirs.*' already exists\./);
  assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 7);

  await study.deploy(program("adopt: true"));
  assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 30);
  await study.destroy();
  assert.deepEqual(await study.listed(LOG_GROUP), []);
});

test("adopting waits for the operation that the refusal names", async (t) => {
  for (const latency of [2, 8, 32]) { // seconds: how long a machine takes to start Node is not known
    const study = await Study.start(t, "--latency", `${latency}000`);
    const theirs = await study.create(LOG_GROUP, { LogGroupName: "theirs" });
    const said = await study.deploy(
      'await AWS.Logs.LogGroup("logs", { LogGroupName: "theirs", RetentionInDays: 30, adopt: true });');
    assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 30);
    if (said.includes(`request token '${theirs.ProgressEvent.RequestToken}'`)) return;
  }
  assert.fail("each operation had ended before alchemy met it");
});

test("operations that take their time are polled to their end", async (t) => {
  const study = await Study.start(t, "--latency", "400");
  await study.deploy(`${recording()} console.log("state", recording.State);`);
  assert.equal((await study.only(RECORDING))[1].State, "ACTIVE");
  await study.destroy();
  assert.deepEqual(await study.listed(RECORDING), []);
});

test("a wrong model is refused in AWS's words and leaves nothing behind", async (t) => {
  const study = await Study.start(t);
  const refused = await study.run('await AWS.Logs.LogGroup("logs", { logGroupName: "camel" });');
  assert.notEqual(refused.status, 0);
  assert.match(refused.text,
               /ValidationException \[Error\]: Model validation failed \(#: extraneous key \[logGroupName\] is not/);
  assert.deepEqual(await study.requests(), []);
});

test("what was deleted behind its back is made again by an edit, and destroying it is no failure", async (t) => {
  const study = await Study.start(t);
  const program = (days) => `await AWS.Logs.LogGroup("logs", { LogGroupName: "mine", RetentionInDays: ${days} });`;
  const drop = () => study.client.deleteResource({ TypeName: LOG_GROUP, Identifier: "mine" });
  await study.deploy(program(7));
  await drop();
  await study.deploy(program(30));
  assert.equal((await study.only(LOG_GROUP))[1].RetentionInDays, 30);
  await drop();
  await study.destroy();
  assert.deepEqual(await study.listed(LOG_GROUP), []);
});

test("throttled requests are alchemy's own to send again", async (t) => {
  const study = await Study.start(t, "--rate", "0.5");
  await study.deploy('await AWS.Logs.LogGroup("logs", { LogGroupName: "slow" });');
  assert((await health(study.url)).throttled > 0);
  assert.equal((await study.only(LOG_GROUP))[0], "slow");
});

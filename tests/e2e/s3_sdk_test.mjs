// The AWS SDK for JavaScript, current version, stores and fetches objects in the AWS that runs here.

import assert from "node:assert/strict";
import { test } from "node:test";
import { S3, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { startAws } from "./support.mjs";

/** An AWS with a bucket "clips", and the SDK's client of it, for the time of one test. */
async function start(t, config = {}) {
  const endpoint = await startAws(t);
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const s3 = new S3({ endpoint, region: "us-east-1", credentials, ...config });
  t.after(() => s3.destroy());
  await s3.createBucket({ Bucket: "clips" });
  return s3;
}

test("an object is put with the checksum that the SDK adds, read with it checked, copied and deleted", async (t) => {
  const s3 = await start(t);
  const put = await s3.putObject({ Bucket: "clips", Key: "a/ü b.ts", Body: "hello", ContentType: "video/mp2t", Metadata: { take: "7" } });
  assert.equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"');
  assert.equal(put.ChecksumCRC32, "NhCmhg==");
  await s3.copyObject({ Bucket: "clips", Key: "copy", CopySource: `clips/${encodeURIComponent("a/ü b.ts")}` });
  const got = await s3.getObject({ Bucket: "clips", Key: "copy" });
  assert.equal(got.ChecksumCRC32, "NhCmhg==");
  assert.deepEqual(got.Metadata, { take: "7" });
  assert.equal(await got.Body.transformToString(), "hello");
  const part = await s3.getObject({ Bucket: "clips", Key: "copy", Range: "bytes=1-2" });
  assert.equal(await part.Body.transformToString(), "el");
  await s3.deleteObjects({ Bucket: "clips", Delete: { Objects: [{ Key: "copy" }, { Key: "a/ü b.ts" }] } });
  await assert.rejects(s3.getObject({ Bucket: "clips", Key: "copy" }), { name: "NoSuchKey" });
  await s3.deleteBucket({ Bucket: "clips" });
  await assert.rejects(s3.headBucket({ Bucket: "clips" }), { name: "NotFound" });
});

for (const algorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
  test(`an upload in parts keeps their ${algorithm}`, async (t) => {
    const s3 = await start(t);
    const object = { Bucket: "clips", Key: "big" };
    const { UploadId } = await s3.createMultipartUpload({ ...object, ChecksumAlgorithm: algorithm });
    const Parts = [];
    for (const [index, Body] of [Buffer.alloc(5 << 20, "a"), Buffer.from("the end")].entries()) {
      const part = await s3.uploadPart({ ...object, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: algorithm });
      const name = `Checksum${algorithm}`;
      assert(part[name], `no ${name}`);
      Parts.push({ PartNumber: index + 1, ETag: part.ETag, [name]: part[name] });
    }
    const done = await s3.completeMultipartUpload({ ...object, UploadId, MultipartUpload: { Parts } });
    assert.match(done.ETag, /^"[0-9a-f]{32}-2"$/);
    assert.match(done[`Checksum${algorithm}`], algorithm === "CRC64NVME" ? /=$/ : /-2$/);
    const got = await s3.getObject(object);
    assert.equal((await got.Body.transformToByteArray()).length, (5 << 20) + 7);
  });

test("lists come by pages", async (t) => {
  const s3 = await start(t);
  const keys = Array.from({ length: 12 }, (_, index) => `k${String(index).padStart(2, "0")}`);
  await Promise.all(keys.map((Key) => s3.putObject({ Bucket: "clips", Key, Body: Key })));
  const found = [];
  for await (const page of paginateListObjectsV2({ client: s3, pageSize: 5 }, { Bucket: "clips" }))
    found.push(...page.Contents.map((one) => one.Key));
  assert.deepEqual(found, keys);
});

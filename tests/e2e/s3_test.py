"""Debian's AWS CLI, boto3 and plain HTTP store and fetch objects in the AWS that runs here."""

import hashlib
import os
import subprocess
import unittest
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from support import EndToEnd


class S3(EndToEnd):
    def setUp(self):
        super().setUp()
        self.url = self.start_aws().url

    def client(self, **options):
        return boto3.client("s3", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="test",
                            aws_secret_access_key="test", config=Config(signature_version="s3v4"), **options)

    def cli(self, *arguments, status=0):
        done = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.url, *arguments], env=self.environment,
                              cwd=self.project, text=True, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr


class AwsCli(S3):
    def test_copies_lists_syncs_presigns_and_removes(self):
        big = os.urandom(9_000_000)  # comes in parts
        (self.project / "big.bin").write_bytes(big)
        (self.project / "day").mkdir()
        (self.project / "day/one.ts").write_text("one")
        (self.project / "day/two & ü.ts").write_text("two")
        self.cli("s3", "mb", "s3://clips")
        self.cli("s3", "cp", "big.bin", "s3://clips/")
        self.cli("s3", "sync", "day", "s3://clips/day")
        self.assertEqual(self.cli("s3", "sync", "day", "s3://clips/day"), "", "nothing has changed")
        listed = self.cli("s3", "ls", "--recursive", "s3://clips")
        self.assertEqual([line.split(maxsplit=2)[2] for line in listed.splitlines()],
                         ["9000000 big.bin", "3 day/one.ts", "3 day/two & ü.ts"])
        self.assertIn("PRE day/", self.cli("s3", "ls", "s3://clips"))
        self.cli("s3", "cp", "s3://clips/big.bin", "s3://clips/copy.bin")
        self.cli("s3", "cp", "s3://clips/copy.bin", "back.bin")
        self.assertEqual((self.project / "back.bin").read_bytes(), big)
        with urllib.request.urlopen(self.cli("s3", "presign", "s3://clips/day/one.ts").strip()) as answer:
            self.assertEqual(answer.read(), b"one")
        self.assertIn("BucketNotEmpty", self.cli("s3", "rb", "s3://clips", status=1))
        self.cli("s3", "rm", "--recursive", "s3://clips/day")
        self.assertNotIn("day", self.cli("s3", "ls", "s3://clips"))
        self.cli("s3", "rb", "--force", "s3://clips")
        self.assertEqual(self.cli("s3", "ls"), "")


class Boto3(S3):
    def test_uploads_in_parts_and_pages(self):
        s3 = self.client()
        s3.create_bucket(Bucket="clips")
        bytes = os.urandom(11 << 20)
        (self.project / "clip").write_bytes(bytes)
        s3.upload_file(str(self.project / "clip"), "clips", "clip",
                       ExtraArgs={"ContentType": "video/mp2t", "Metadata": {"take": "7"}},
                       Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
        head = s3.head_object(Bucket="clips", Key="clip")
        pieces = [bytes[at:at + (5 << 20)] for at in range(0, len(bytes), 5 << 20)]
        etag = hashlib.md5(b"".join(hashlib.md5(piece).digest() for piece in pieces)).hexdigest()
        self.assertEqual((head["ETag"], head["ContentLength"], head["ContentType"], head["Metadata"]),
                         (f'"{etag}-3"', len(bytes), "video/mp2t", {"take": "7"}))
        s3.download_file("clips", "clip", str(self.project / "back"))
        self.assertEqual((self.project / "back").read_bytes(), bytes)

        for number in range(25):
            s3.put_object(Bucket="clips", Key=f"{number // 10}/{number:02}", Body=b"x")
        pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket="clips", PaginationConfig={"PageSize": 7}))
        self.assertEqual([len(page["Contents"]) for page in pages], [7, 7, 7, 5])
        pages = s3.get_paginator("list_objects").paginate(Bucket="clips", Delimiter="/",
                                                          PaginationConfig={"PageSize": 2})
        self.assertEqual([one["Prefix"] for page in pages for one in page.get("CommonPrefixes", [])],
                         ["0/", "1/", "2/"])
        versions = s3.get_paginator("list_object_versions").paginate(Bucket="clips", Prefix="1/",
                                                                     PaginationConfig={"PageSize": 3})
        self.assertEqual(sum(len(page["Versions"]) for page in versions), 10)
        keys = [{"Key": f"{number // 10}/{number:02}"} for number in range(25)]
        self.assertEqual(len(s3.delete_objects(Bucket="clips", Delete={"Objects": keys})["Deleted"]), 25)
        self.assertEqual(s3.list_objects_v2(Bucket="clips")["KeyCount"], 1)

    def test_reads_errors_as_the_clients_own(self):
        s3 = self.client()
        with self.assertRaises(s3.exceptions.NoSuchBucket):
            s3.list_objects_v2(Bucket="none-such")
        s3.create_bucket(Bucket="clips")
        with self.assertRaises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="clips", Key="none")
        with self.assertRaises(s3.exceptions.NoSuchUpload):
            s3.abort_multipart_upload(Bucket="clips", Key="none", UploadId="none")
        with self.assertRaises(s3.exceptions.ClientError) as missing:
            s3.head_object(Bucket="clips", Key="none")
        self.assertEqual(missing.exception.response["Error"]["Code"], "404")


if __name__ == "__main__":
    unittest.main()

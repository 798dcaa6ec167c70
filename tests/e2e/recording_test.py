"""A live stream becomes the recording that its configuration describes."""
import json
import re
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from support import EndToEnd, ROOT

FRAME = 34  # milliseconds


class Recording(EndToEnd):
    def setUp(self):
        super().setUp()
        (self.project / "live.ts").write_text((ROOT / "examples" / "live.ts").read_text())

    def clip(self, seconds):
        file = self.folder / "clip.mp4"
        self.run_tool("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30", "-f", "lavfi",
                      "-i", "sine", "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-g", "30",
                      "-pix_fmt", "yuv420p", "-c:a", "aac", str(file))
        return file

    def run_tool(self, *words):
        return subprocess.run(words, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
                              timeout=120).stdout

    def deploy_live(self):
        """An AWS with the example's channel, whose key the program prints."""
        aws = self.start_aws(streams=True)
        self.key = re.search(r"stream key: (\S+)", self.deploy("live.ts").text)[1]
        return aws

    def publish(self, aws, clip, *options):
        return subprocess.Popen(["ffmpeg", "-v", "error", *options, "-i", str(clip), "-c", "copy", "-f", "flv",
                                 f"{aws.rtmp}/app/{self.key}"], stdin=subprocess.DEVNULL)

    def recordings(self):
        return json.loads(self.athanor("recordings", "--data", str(self.folder / "aws"), "--json").out)["recordings"]

    def wait_for(self, what, condition):
        until = time.monotonic() + 90
        while not (found := condition()):
            self.assertLess(time.monotonic(), until, f"{what} did not come: {self.recordings()}")
            time.sleep(0.2)
        return found

    def ended(self):
        return next((one for one in self.recordings() if one["state"] in ("ENDED", "FAILED")), None)

    def s3(self):
        import boto3

        return boto3.client("s3", endpoint_url=self.environment["AWS_ENDPOINT_URL"], region_name="us-east-1",
                            aws_access_key_id="test", aws_secret_access_key="test")

    def keys(self, bucket):
        pages = self.s3().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {one["Key"] for page in pages for one in page.get("Contents", [])}

    def test_has_the_renditions_and_thumbnails_of_the_document_in_the_buckets_that_it_names(self):
        aws = self.deploy_live()
        self.publish(aws, self.clip(6)).wait(timeout=60)
        recording = self.wait_for("the recording", self.ended)

        self.assertEqual(recording["state"], "ENDED")
        self.assertAlmostEqual(recording["durationMs"], 6000, delta=FRAME)
        prefix = recording["prefix"] + "/"
        self.assertRegex(prefix, r"^advanced_recordings/ivs/v1/123456789012/\w{12}/\d+/\d+/\d+/\d+/\d+/\w{12}/$")
        keys = self.keys("my-advanced-video-recordings")
        for name in ("events/recording-started.json", "events/recording-ended.json", "media/hls/master.m3u8",
                     "media/hls/720p30/playlist.m3u8", "media/hls/720p30/0.ts", "media/hls/360p30/0.ts"):
            self.assertIn(prefix + name, keys)
        self.assertEqual({key.rsplit("/media/", 1)[1] for key in self.keys("my-thumbnail-recordings")},
                         {"thumbnails/thumb0.jpg"})
        master = f"{aws.url}/my-advanced-video-recordings/{prefix}media/hls/master.m3u8"
        frames = self.run_tool("ffprobe", "-v", "error", "-count_packets", "-select_streams", "v", "-show_entries",
                               "stream=width,height,nb_read_packets", "-of", "csv=p=0", master)
        self.assertIn("1280,720,180", frames)
        self.assertIn("640,360,180", frames)
        events = [json.loads(line) for line in
                  self.athanor("local", "events", "--data", str(self.folder / "aws"), "--json").out.splitlines()]
        self.assertEqual(events[-1]["detail"]["recording_status"], "Recording End")
        self.assertEqual(len({event["id"] for event in events}), len(events))

    def test_plays_while_it_is_live_at_the_playback_url_of_its_channel(self):
        aws = self.deploy_live()
        publisher = self.publish(aws, self.clip(8), "-re")
        url = aws.only("AWS::IVS::Channel")[1]["PlaybackUrl"]

        def playlist():
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return answer.read().decode()
            except urllib.error.HTTPError:
                return ""

        self.wait_for("the live playlist", lambda: playlist().count("#EXTINF") >= 2)
        self.assertEqual(self.run_tool("ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                                       "stream=codec_name,width", "-of", "default=nk=1:nw=1", url).split()[:2],
                         ["h264", "1280"])
        self.assertIsNone(publisher.poll(), "the stream was over before it was played")
        publisher.wait(timeout=60)
        self.wait_for("the end", lambda: not playlist())

    def test_keeps_what_came_before_the_server_was_killed(self):
        aws = self.deploy_live()
        publisher = self.publish(aws, self.clip(20), "-re")
        self.wait_for("four seconds of the stream", lambda: self.seconds_live(aws) >= 4)
        aws.process.kill()
        aws.process.wait()
        publisher.wait(timeout=60)
        self.start_aws(streams=True)
        recording = self.wait_for("the recording", self.ended)
        self.assertEqual(recording["state"], "ENDED")
        self.assertGreaterEqual(recording["durationMs"], 4000 - FRAME)  # whether its last picture is whole is not known
        self.assertIn(recording["prefix"] + "/media/hls/360p30/playlist.m3u8",
                      self.keys("my-advanced-video-recordings"))

    def seconds_live(self, aws):
        url = aws.only("AWS::IVS::Channel")[1]["PlaybackUrl"]
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode().count("#EXTINF")
        except urllib.error.HTTPError:
            return 0


if __name__ == "__main__":
    unittest.main()

import AWS from "alchemy/aws/control";

// A channel whose streams are recorded in two renditions, with a thumbnail a minute.
const recording = await AWS.IVS.RecordingConfiguration("recording", {
  destinationConfiguration: {
    s3: {
      bucketName: "my-advanced-video-recordings",
      prefix: "advanced_recordings/",
      roleArn: "arn:aws:iam::123456789012:role/IVSAdvancedRecordingRole",
    },
  },
  renditionConfiguration: {
    renditions: [
      { resolution: "1280x720", framerate: 30, bitrate: 3000 },
      { resolution: "640x360", framerate: 30, bitrate: 800 },
    ],
  },
  thumbnailConfiguration: {
    destination: {
      s3: {
        bucketName: "my-thumbnail-recordings",
        prefix: "thumbnails/",
        roleArn: "arn:aws:iam::123456789012:role/IVSThumbnailRole",
      },
    },
    intervalSeconds: 60,
  },
  recordingReconnectWindowSeconds: 5,
  tags: [{ key: "Project", value: "LiveStreaming" }],
});

const channel = await AWS.IVS.Channel("channel", {
  name: "live",
  insecureIngest: true, // plain RTMP, for encoders without TLS
  recordingConfigurationArn: recording.arn,
});

const key = await AWS.IVS.StreamKey("key", { channelArn: channel.arn });

console.log("stream key:", key.value);
console.log("plays at:", channel.playbackUrl);

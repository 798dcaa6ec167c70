import AWS from "alchemy/aws/control";

const recordingConfig = await AWS.IVS.RecordingConfiguration("basicRecordingConfig", {
  destinationConfiguration: {
    s3: {
      bucketName: "my-video-recordings",
      prefix: "recordings/",
      roleArn: "arn:aws:iam::123456789012:role/IVSRecordingRole"
    }
  },
  recordingReconnectWindowSeconds: 30
});

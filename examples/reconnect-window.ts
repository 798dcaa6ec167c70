const customReconnectConfig = await AWS.IVS.RecordingConfiguration("customReconnectConfig", {
  destinationConfiguration: {
    s3: {
      bucketName: "my-custom-reconnect-recordings",
      prefix: "custom_recordings/",
      roleArn: "arn:aws:iam::123456789012:role/IVSCustomReconnectRole"
    }
  },
  recordingReconnectWindowSeconds: 45
});

const advancedRecordingConfig = await AWS.IVS.RecordingConfiguration("advancedRecordingConfig", {
  destinationConfiguration: {
    s3: {
      bucketName: "my-advanced-video-recordings",
      prefix: "advanced_recordings/",
      roleArn: "arn:aws:iam::123456789012:role/IVSAdvancedRecordingRole"
    }
  },
  renditionConfiguration: {
    renditions: [
      {
        resolution: "1280x720",
        framerate: 30,
        bitrate: 3000
      },
      {
        resolution: "640x360",
        framerate: 30,
        bitrate: 800
      }
    ]
  },
  thumbnailConfiguration: {
    destination: {
      s3: {
        bucketName: "my-thumbnail-recordings",
        prefix: "thumbnails/",
        roleArn: "arn:aws:iam::123456789012:role/IVSThumbnailRole"
      }
    },
    intervalSeconds: 60
  },
  tags: [
    {
      key: "Project",
      value: "LiveStreaming"
    }
  ]
});

const thumbnailConfig = await AWS.IVS.RecordingConfiguration("thumbnailConfig", {
  destinationConfiguration: {
    s3: {
      bucketName: "my-thumbnail-config-recordings",
      prefix: "thumbnails/",
      roleArn: "arn:aws:iam::123456789012:role/IVSThumbnailRole"
    }
  },
  thumbnailConfiguration: {
    destination: {
      s3: {
        bucketName: "my-thumbnails-bucket",
        prefix: "thumbnail_images/",
        roleArn: "arn:aws:iam::123456789012:role/IVSThumbnailRole"
      }
    },
    intervalSeconds: 30
  }
});

/// Where the bucket's name is in URLs of an S3 API: `S3_ADDRESSING`.
enum S3Addressing: String, Sendable, CaseIterable {
  /// `https://host/bucket/key`: R2, MinIO, Ceph, OpenStack Swift.
  case path
  /// `https://bucket.host/key`: required by AWS for new buckets.
  case virtual
}

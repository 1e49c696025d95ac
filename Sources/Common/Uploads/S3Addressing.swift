/// How a URL of an S3 API names the bucket: `S3_ADDRESSING`.
package enum S3Addressing: String, Sendable, CaseIterable {
  /// `https://host/bucket/key`: R2, MinIO, Ceph, OpenStack Swift.
  case path
  /// `https://bucket.host/key`: what AWS asks of new buckets.
  case virtual
}

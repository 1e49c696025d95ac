/// Where a video can be read without a claim.
package struct VideoToRead: Sendable {
  /// The status in the row. The video can be read only if it is `completed`.
  package let status: String?
  /// The URL in the row; nil or empty if the platform has not set one.
  package let videoURL: String?
  /// The shape for which the row asks.
  package let aspectRatio: String?
  /// As ``Claim/tenant``.
  package let tenant: String?
}

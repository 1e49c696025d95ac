/// A webhook this deliverer has to itself for a while.
package struct LeasedWebhook: Sendable {
  package let videoID: String
  /// Changes with every announcement; a late reply to an older delivery is recognised by it.
  package let version: Int64

  package init(videoID: String, version: Int64) {
    self.videoID = videoID
    self.version = version
  }
}

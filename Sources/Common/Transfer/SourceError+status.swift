internal import Deadlines
internal import Failures

extension SourceError {
  /// The error for an answer that is no part of the video.
  static func status(_ response: HTTPResponse) -> SourceError {
    let status = response.status
    let word = word(response)
    let meaning =
      switch (status, word) {
      case (202, _), (425, _): " (not ready yet)"
      case (200..<300, _): " (no part of the video)"
      case (300..<400, _): " (a redirect that leads nowhere)"
      case (400...410, _?) where saysExpired(response): " (the signed URL has expired)"
      case (_, "SignatureDoesNotMatch"): " (the signature is not that of this URL: has it been changed or cut off?)"
      case (_, "InvalidObjectState"), (_, "BlobArchived"): " (archived: it has to be restored before it can be read)"
      case (_, "not_found"), (404, _): " (not found)"
      // The answer that nginx's manual proposes for `secure_link`.
      case (410, _): " (gone: has a signed URL expired?)"
      case _ where response.headers["cf-mitigated"] != nil: " (Cloudflare wants to see a browser there)"
      // S3's answer also for an object that is not there, if the bucket may not be listed.
      case (403, "AccessDenied"): " (access denied: has a signed URL expired, or is nothing there?)"
      case (401, _), (403, _): " (access denied: has a signed URL expired?)"
      case (408, _): " (it was too slow itself)"
      case (429, _): " (too many requests)"
      case (451, _): " (withheld for legal reasons)"
      case (500...599, _): " (server error)"
      default: ""
      }
    let answer = "\(status)" + (word.map { " \($0)" } ?? "")
    return SourceError(
      .source, "the origin answered \(answer)\(meaning)", retryAfterSeconds: response.retryAfterSeconds,
      isFinalAnswer: status < 500 && ![202, 408, 425, 429].contains(status), isBusy: [429, 503].contains(status))
  }

  /// The error code of stores and CDNs in XML or JSON: `AccessDenied`, `not_found`. A plain word (`request`) means nothing to others.
  private static func word(_ response: HTTPResponse) -> String? {
    [response.element("Code"), response.member("code"), response.member("error")].compactMap(\.self).first {
      $0.utf8.count <= 64 && $0.utf8.allSatisfy(\.isNameByte)
        && $0.utf8.contains { (0x41...0x5a).contains($0) || $0 == 0x5f }
    }
  }

  /// Recognises the messages of S3, Google and B2; of Azure; of Supabase.
  private static func saysExpired(_ response: HTTPResponse) -> Bool {
    let text = String(decoding: response.body.prefix(4096), as: UTF8.self).lowercased()
    return ["expired", "signed expiry time", "claim timestamp"].contains { text.contains($0) }
  }

  static func overBudget(_ settings: SourceSettings, _ failureClass: FailureClass) -> SourceError {
    SourceError(
      failureClass, "the video cannot be read within \(settings.maximumBytes) bytes (SOURCE_MAX_BYTES)", isFinalAnswer: true,
      isLimit: true)
  }

  static func overTime(_ settings: SourceSettings) -> SourceError {
    SourceError(
      .source, "the origin is too slow: reading took longer than \(settings.seconds) seconds (SOURCE_SECONDS)", isTimeout: true,
      isFinalAnswer: true, isLimit: true)
  }

  /// The error for an exchange that failed.
  init(_ error: TransferError, deadline: Deadline) {
    switch error.kind {
    case .forbiddenAddress:
      self.init(.forbidden, "the video URL leads to an address that is not public")
    case .unusableURL:
      self.init(.forbidden, "the video URL cannot be fetched: \(error)")
    case .timedOut where deadline.secondsLeft < 0.05, .unconnected where deadline.secondsLeft < 0.05:
      self.init(.source, "the deadline passed while reading the video", isTimeout: true, hadNoAnswer: error.partial.status == 0)
    case .unconnected:
      self.init(.source, "the origin cannot be reached: \(error) (SOURCE_CONNECT_TIMEOUT)", isTimeout: true, hadNoAnswer: true)
    case .timedOut:
      self.init(
        .source, "the origin is too slow (SOURCE_MIN_SPEED, SOURCE_SLOW_SECONDS)", isTimeout: true,
        hadNoAnswer: error.partial.status == 0)
    case .noAuthorities:
      self.init(
        .configuration, "the origin cannot be asked: this host has no list of certificate authorities (package ca-certificates)"
      )
    case .noNameServer, .shortage:
      self.init(.configuration, "the origin cannot be asked: \(error)")
    case .unknownName, .unreachable:
      self.init(.source, "the origin cannot be reached: \(error)", hadNoAnswer: true)
    case .tooLarge, .broken:
      self.init(.source, "the origin broke off: \(error)")
    }
  }
}

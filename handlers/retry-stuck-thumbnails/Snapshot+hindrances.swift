extension Snapshot {
  /// What keeps videos waiting even if every process is well: a sentence each.
  var hindrances: [String] {
    paused.map(\.sentence) + breakers.filter(\.open).map(\.sentence) + platform.sentences(kept: queue.kept)
  }
}

extension Snapshot.Pause {
  fileprivate var sentence: String {
    let what = tenant.map { "the uploader \($0)" } ?? host.map { "the host \($0)" } ?? "everything"
    return "\(what) is paused since \(at): \(text)"
  }
}

extension Snapshot.Breaker {
  fileprivate var sentence: String {
    "the host \(host) takes no video until \(openUntil ?? "?"), because of faults of class \(`class`): \(lastError ?? "?")"
  }
}

extension Snapshot.Platform {
  fileprivate func sentences(kept: Int) -> [String] {
    var sentences: [String] = []
    if kept > 0 {
      let words = lastRefusal.map { ": \($0)" } ?? ""
      sentences.append("finished results are kept (\(kept)), because the platform refuses them\(words)")
    }
    if setAside > 0 { sentences.append("changes of videos cannot be queued (\(setAside)): thumbnails.set_aside says why") }
    return sentences
  }
}

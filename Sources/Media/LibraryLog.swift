internal import CLibAV
internal import Synchronization

/// Keeps what FFmpeg's libraries log (`av_log`) until it is taken. Only the first lines for each file are kept, since a hostile file can
/// make them write without end. In the sandbox there is no standard error, so this is what an operator sees at `LOG_LEVEL=debug`.
enum LibraryLog {
  private static let lines = Mutex<[String]>([])
  private static let maximumLines = 8

  /// Redirects the log from standard error to this buffer.
  static func capture() {
    av_log_set_level(AV_LOG_WARNING)
    unsafe cav_set_log_sink { _, line in
      guard let text = unsafe line.map({ unsafe String(cString: $0) }) else { return }
      LibraryLog.lines.withLock { lines in
        if lines.count < LibraryLog.maximumLines { lines.append(text.filter { !$0.isNewline }) }
      }
    }
  }

  /// Returns the lines since the last call, and forgets them.
  static func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

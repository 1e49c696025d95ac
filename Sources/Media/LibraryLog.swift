internal import CLibAV
internal import Synchronization

/// What FFmpeg's libraries log (`av_log`), kept until somebody asks: a hostile file can make them write without end, so
/// only the first lines of each file are. They are what an operator has to go by at `LOG_LEVEL=debug`: in the box there is no standard error.
enum LibraryLog {
  private static let lines = Mutex<[String]>([])
  private static let maximumLines = 8

  /// Takes the log over from standard error, to which it would go otherwise.
  static func capture() {
    av_log_set_level(AV_LOG_WARNING)
    unsafe cav_set_log_sink { _, line in
      guard let text = unsafe line.map({ unsafe String(cString: $0) }) else { return }
      LibraryLog.lines.withLock { lines in
        if lines.count < LibraryLog.maximumLines { lines.append(text.filter { !$0.isNewline }) }
      }
    }
  }

  /// The lines since the last time, and forgets them.
  static func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

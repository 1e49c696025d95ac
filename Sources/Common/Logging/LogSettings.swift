package import Settings

/// What is logged.
package struct LogSettings: Sendable {
  /// Lines below this level are dropped.
  package let level: LogLevel
  /// For how long a fault that everything meets is not logged again; 0 to log it each time.
  package let repeatSeconds: Double

  /// - Parameter fallback: the level if `LOG_LEVEL` is not set; commands for people at a terminal log less than services.
  package init(_ reader: inout SettingsReader, level fallback: LogLevel = .info) {
    reader.begin("The process")
    level = reader.choice("LOG_LEVEL", fallback: fallback, meaning: "lines below it are not written")
    repeatSeconds = reader.seconds(
      "LOG_REPEAT_SECONDS", fallback: 60, in: 0...3600,
      meaning: "an error that repeats is written once in so many seconds, with the number of times; 0: each time")
  }
}

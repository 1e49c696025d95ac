package import Settings

/// What is logged.
package struct LogSettings: Sendable {
  /// `LOG_LEVEL`: lines below it are dropped (info).
  package let level: LogLevel
  /// `LOG_REPEAT_SECONDS`: for how long a fault that everything meets is not said again (60, 0 to 3600; 0: each time).
  package let repeatSeconds: Double

  package init(_ reader: inout SettingsReader, level fallback: LogLevel = .info) {
    level = reader.choice("LOG_LEVEL", fallback: fallback)
    repeatSeconds = reader.seconds("LOG_REPEAT_SECONDS", fallback: 60, in: 0...3600)
  }
}

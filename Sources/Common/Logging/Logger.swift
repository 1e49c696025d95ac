internal import FoundationEssentials
internal import Glibc

/// Writes one JSON object per line to standard error.
///
/// Messages are static; what varies goes into typed fields. Modules are given a logger, only `main.swift` makes one.
package struct Logger: Sendable {
  private let service: String
  private let level: LogLevel
  private var fields: [LogKey: LogValue] = [:]

  /// - Parameters:
  ///   - service: the executable's name, in every line.
  ///   - level: lines below it are dropped.
  package init(service: String, level: LogLevel) {
    self.service = service
    self.level = level
  }

  /// The same logger with fields that go into each of its lines.
  package func with(_ fields: [LogKey: LogValue]) -> Logger {
    var copy = self
    copy.fields.merge(fields) { $1 }
    return copy
  }

  package func debug(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .debug { write(.debug, message, fields()) }
  }
  package func info(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .info { write(.info, message, fields()) }
  }
  package func warning(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .warning { write(.warning, message, fields()) }
  }
  package func error(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .error { write(.error, message, fields()) }
  }

  private func write(_ level: LogLevel, _ message: StaticString, _ extra: [LogKey: LogValue]) {
    var line: [String: LogValue] = [
      "time": .text(Date.now.formatted(.iso8601WithMilliseconds)),
      "level": .text(level.rawValue),
      "service": .text(service),
      "pid": .integer(Int(getpid())),
      "message": .text("\(message)"),
    ]
    for (key, value) in fields { line[key.rawValue] = value }
    for (key, value) in extra { line[key.rawValue] = value }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // Every case of LogValue can be encoded; a line that cannot be is worth knowing about all the same.
    var bytes = (try? encoder.encode(line)) ?? Data("{\"message\":\"a log line could not be encoded\"}".utf8)
    bytes.append(0x0a)
    Self.writeAll(bytes)
  }

  /// `write(2)` in one call per line, so that the lines of several workers do not mix; what a full pipe refuses is dropped.
  private static func writeAll(_ bytes: Data) {
    unsafe bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        let written = unsafe Glibc.write(2, buffer.baseAddress! + offset, buffer.count - offset)
        if written < 0 {
          if errno == EINTR { continue }
          return
        }
        offset += written
      }
    }
  }
}

extension FormatStyle where Self == Date.ISO8601FormatStyle {
  static var iso8601WithMilliseconds: Date.ISO8601FormatStyle { Date.ISO8601FormatStyle(includingFractionalSeconds: true) }
}

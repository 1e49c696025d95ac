internal import Deadlines
internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Writes one JSON object per line to standard error.
///
/// Messages are static; what varies goes into typed fields. Only `main.swift` makes a logger; modules are given one.
package struct Logger: Sendable {
  private let service: String
  private let level: LogLevel
  private let memory: Memory
  private let clock: @Sendable () -> Double
  private let output: @Sendable (Data) -> Void
  private var fields: [LogKey: LogValue] = [:]

  /// - Parameters:
  ///   - service: the executable's name, in every line.
  ///   - level: lines below it are dropped.
  ///   - repeatSeconds: for how long a line with the same cause is not written again.
  package init(service: String, level: LogLevel, repeatSeconds: Double = 60) {
    self.init(service: service, level: level, repeatSeconds: repeatSeconds, output: Self.writeAll)
  }

  /// - Parameters:
  ///   - clock: seconds on a monotonic clock.
  ///   - output: is given each line with its line end.
  init(
    service: String, level: LogLevel, repeatSeconds: Double,
    clock: @escaping @Sendable () -> Double = { [stopwatch = Stopwatch()] in stopwatch.seconds },
    output: @escaping @Sendable (Data) -> Void
  ) {
    self.service = service
    self.level = level
    self.clock = clock
    self.output = output
    memory = Memory(Repetitions(seconds: repeatSeconds))
  }

  /// - Parameter service: the executable's name, in every line.
  package init(service: String, settings: LogSettings) {
    self.init(service: service, level: settings.level, repeatSeconds: settings.repeatSeconds)
  }

  /// The same logger with additional fields in each of its lines.
  package func with(_ fields: [LogKey: LogValue]) -> Logger {
    var copy = self
    copy.fields.merge(fields) { $1 }
    return copy
  }

  /// Only of use when looking for a fault. Here and below, the fields are evaluated only if the line is written.
  package func debug(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .debug { write(.debug, message, fields()) }
  }
  /// What happens as intended: a start, a request, a finished job.
  package func info(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .info { write(.info, message, fields()) }
  }
  /// A problem that needs nobody: it is retried, or only one video fails.
  package func warning(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .warning { write(.warning, message, fields()) }
  }
  /// A problem that a person may have to look after: a store, a setting, a database.
  package func error(_ message: StaticString, _ fields: @autoclosure () -> [LogKey: LogValue] = [:]) {
    if level <= .error { write(.error, message, fields()) }
  }

  /// A warning about a fault that everything meets while it lasts. It is written once and then once in a while, with the number of lines
  /// that were left out in `repeated`.
  ///
  /// - Parameter cause: identifies the fault: a sentence without anything that differs each time.
  package func warning(_ message: StaticString, cause: String, _ fields: [LogKey: LogValue] = [:]) {
    writeSometimes(.warning, message, cause, fields)
  }

  /// As ``warning(_:cause:_:)``.
  package func error(_ message: StaticString, cause: String, _ fields: [LogKey: LogValue] = [:]) {
    writeSometimes(.error, message, cause, fields)
  }

  /// As ``warning(_:cause:_:)``: the error's description is the cause, and the line has all that the error tells.
  package func warning(_ message: StaticString, _ error: some CustomStringConvertible & CustomDebugStringConvertible) {
    writeSometimes(.warning, message, error.description, [.error: .foreign(error.debugDescription)])
  }

  /// The same for ``error(_:cause:_:)``.
  package func error(_ message: StaticString, _ error: some CustomStringConvertible & CustomDebugStringConvertible) {
    writeSometimes(.error, message, error.description, [.error: .foreign(error.debugDescription)])
  }

  private func writeSometimes(_ level: LogLevel, _ message: StaticString, _ cause: String, _ fields: [LogKey: LogValue]) {
    guard self.level <= level else { return }
    let subject = Repetitions.Subject(level: level, message: "\(message)", cause: cause)
    guard let leftOut = memory.repetitions.withLock({ $0.admit(subject, now: clock()) }) else { return }
    var line = self.fields.merging(fields) { $1 }
    if line[.error] == nil { line[.error] = .foreign(cause) }
    if leftOut > 0 { line[.repeated] = .integer(leftOut) }
    write(level, subject.message, line)
  }

  private func write(_ level: LogLevel, _ message: StaticString, _ extra: [LogKey: LogValue]) {
    // Any line is an occasion to report what was left out and has not come again.
    for (subject, leftOut) in memory.repetitions.withLock({ $0.takeOverdue(now: clock()) }) {
      write(subject.level, subject.message, [.error: .foreign(subject.cause), .repeated: .integer(leftOut)])
    }
    write(level, "\(message)", fields.merging(extra) { $1 })
  }

  /// - Parameter fields: all of the line's own. This logger's may be about another request than the line.
  private func write(_ level: LogLevel, _ message: String, _ fields: [LogKey: LogValue]) {
    var line: [String: LogValue] = [
      "time": .text(Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
      "level": .text(level.rawValue),
      "service": .text(service),
      "pid": .integer(Int(getpid())),
      "message": .text(message),
    ]
    for (key, value) in fields { line[key.rawValue] = value }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    // Every LogValue can be encoded. If that should ever fail, the log says so.
    var bytes = (try? encoder.encode(line)) ?? Data("{\"message\":\"a log line could not be encoded\"}".utf8)
    bytes.append(0x0a)
    output(bytes)
  }

  /// Writes each line with one call of `write(2)`, so that the lines of several workers do not mix. The reader may hang: if there is no
  /// room within a tenth of a second, the line is dropped and the work goes on.
  @Sendable private static func writeAll(_ bytes: Data) {
    unsafe bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count {
        var entry = pollfd(fd: 2, events: Int16(POLLOUT), revents: 0)
        if unsafe poll(&entry, 1, 100) == 0 { return }
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

/// The state that copies of a logger share.
private final class Memory: Sendable {
  let repetitions: Mutex<Repetitions>

  init(_ repetitions: consuming Repetitions) {
    self.repetitions = Mutex(repetitions)
  }
}

import Foundation
import Synchronization
import Testing

@testable import Logging

@Suite struct LoggerTests {
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: Data) { lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }

    func line(with text: String) -> String? { lines.withLock { lines in lines.first { $0.contains(text) } } }
  }

  private let lines = Lines()

  private func logger(clock: @escaping @Sendable () -> Double = { 0 }) -> Logger {
    Logger(service: "test", level: .info, repeatSeconds: 60, clock: clock) { [lines] in lines.add($0) }
  }

  @Test func whatWasLeftOutIsNotSaidOfTheRequestThatCameNext() throws {
    let seconds = Mutex(0.0)
    let logger = logger { seconds.withLock { $0 } }
    for _ in 0..<2 { logger.warning("not delivered", cause: "503", [.videoID: "first"]) }
    seconds.withLock { $0 = 60 }
    logger.with([.videoID: "second"]).info("request")
    let late = try #require(lines.line(with: "\"repeated\":1"))
    #expect(late.contains("not delivered"))
    #expect(!late.contains("second"))
    #expect(try #require(lines.line(with: "\"message\":\"request\"")).contains("second"))
  }

  @Test func theCauseReplacesNoErrorThatSaysMore() throws {
    let logger = logger()
    logger.with([.error: "the store said no: a quota"]).error("released", cause: "the store said no")
    logger.error("released", cause: "nobody said why")
    #expect(lines.line(with: "the store said no: a quota") != nil)
    #expect(lines.line(with: "nobody said why") != nil)
  }
}

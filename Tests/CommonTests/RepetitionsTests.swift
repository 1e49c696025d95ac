import Testing

@testable import Logging

@Suite struct RepetitionsTests {
  private let away = Repetitions.Subject(level: .warning, message: "polling failed", cause: "the database cannot be reached")
  private let refused = Repetitions.Subject(
    level: .warning, message: "polling failed", cause: "the database refused a statement")

  @Test func aLineIsWrittenAtOnceThenOnceAMinuteWithTheNumberLeftOut() {
    var repetitions = Repetitions(seconds: 60)
    #expect(repetitions.admit(away, now: 0) == 0)
    for second in 1..<60 { #expect(repetitions.admit(away, now: Double(second)) == nil) }
    #expect(repetitions.admit(away, now: 60) == 59)
    #expect(repetitions.admit(away, now: 61) == nil)
    #expect(repetitions.admit(away, now: 120) == 1)
    #expect(repetitions.admit(away, now: 200) == 0)
  }

  @Test func anotherCauseIsAnotherLine() {
    var repetitions = Repetitions(seconds: 60)
    #expect(repetitions.admit(away, now: 0) == 0)
    #expect(repetitions.admit(refused, now: 1) == 0)
    #expect(repetitions.admit(away, now: 2) == nil)
  }

  @Test func whatHasNotComeAgainIsToldOnceItsTimeIsOver() {
    var repetitions = Repetitions(seconds: 60)
    _ = repetitions.admit(away, now: 0)
    _ = repetitions.admit(away, now: 1)
    _ = repetitions.admit(refused, now: 2)
    #expect(repetitions.takeOverdue(now: 59).isEmpty)
    let told = repetitions.takeOverdue(now: 100)
    #expect(told.map(\.subject) == [away])
    #expect(told.map(\.leftOut) == [1])
    #expect(repetitions.takeOverdue(now: 200).isEmpty)
    #expect(repetitions.admit(away, now: 201) == 0)
  }

  @Test func withoutAnIntervalEachLineIsWritten() {
    var repetitions = Repetitions(seconds: 0)
    for second in 0..<3 { #expect(repetitions.admit(away, now: Double(second)) == 0) }
  }

  @Test func moreCausesThanAreKeptAreAllWritten() {
    var repetitions = Repetitions(seconds: 60)
    for _ in 0..<2 {
      for number in 100..<300 {
        let subject = Repetitions.Subject(level: .error, message: "x", cause: "\(number)")
        let isKept = number < 200
        let isFirst = repetitions.admit(subject, now: 0) != nil
        if !isKept { #expect(isFirst) }
      }
    }
    // Room is made when their time is over.
    #expect(repetitions.takeOverdue(now: 61).count == 100)
    #expect(repetitions.admit(away, now: 61) == 0)
    #expect(repetitions.admit(away, now: 62) == nil)
  }
}

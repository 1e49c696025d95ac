import Testing

@testable import Transfer

@Suite struct RangeHabitsTests {
  /// A refused range from 100 on, after parts of what was asked for.
  struct Case: Sendable {
    let parts: [(ClosedRange<Int64>, asked: Range<Int64>)]
    var told: Int64?
    var size: Int64?
    let nothingFrom: Int64?
    let areServed: Bool
  }

  @Test(arguments: [
    // Nothing has come yet: the origin serves no ranges.
    Case(parts: [], nothingFrom: nil, areServed: false),
    // The last part ended before it was asked to, as the end of the file does.
    Case(parts: [(0...99, 0..<150)], nothingFrom: 100, areServed: true),
    // It ended where it was asked to, so the file may go on.
    Case(parts: [(0...99, 0..<100)], nothingFrom: nil, areServed: false),
    // More came after a short part.
    Case(parts: [(0...49, 0..<150), (50...149, 50..<150)], nothingFrom: nil, areServed: false),
    // The size was known, so the end is no question.
    Case(parts: [(0...99, 0..<150)], size: 400, nothingFrom: nil, areServed: false),
    // The refusal tells the size: the range ended behind it.
    Case(parts: [], told: 120, nothingFrom: nil, areServed: true),
    // The range ended within it.
    Case(parts: [], told: 400, nothingFrom: nil, areServed: false),
  ]) func refusedRange(_ item: Case) {
    var habits = RangeHabits()
    for (bounds, asked) in item.parts { habits.notePart(bounds, asked: asked) }
    habits.noteRefusal(of: 100..<200, told: item.told, size: item.size)
    #expect(habits.nothingFrom == item.nothingFrom)
    #expect(habits.areServed == item.areServed)
  }

  @Test func wholeFileIsDeclinedOnceFromAnOriginThatServesRanges() {
    var habits = RangeHabits()
    #expect(!habits.declinesWhole(nil))
    // More than was asked for, from the beginning: the origin may have ignored the range.
    habits.notePart(0...199, asked: 0..<100)
    #expect(!habits.declinesWhole(nil))
    habits.notePart(0...99, asked: 0..<100)
    #expect(habits.declinesWhole(nil))
    #expect(habits.declinesWhole(2 << 20))
    #expect(!habits.declinesWhole(1 << 20))
    habits.noteDeclined()
    #expect(!habits.declinesWhole(nil))
  }

  @Test func wholeFileIsNotDeclinedFromAnOriginWithoutRanges() {
    var habits = RangeHabits()
    habits.notePart(100...199, asked: 100..<200)
    habits.noteNone()
    #expect(!habits.declinesWhole(nil))
  }
}

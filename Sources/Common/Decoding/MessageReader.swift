/// Reads the fields of a message. Whoever wrote it may be hostile: nothing is taken for granted but that it ends.
package struct MessageReader {
  private var rest: ArraySlice<UInt8>

  /// - Parameter bytes: the body of a message.
  package init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// Whether all bytes have been read.
  package var isAtEnd: Bool { rest.isEmpty }

  /// Bytes behind their number.
  ///
  /// - Throws: `MalformedMessage` where that is above `limit`, or fewer are left.
  package mutating func block(limit: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
    let count = try integer(in: 0...Int64(limit))
    return try take(Int(count))
  }

  /// Eight bytes, least byte first.
  ///
  /// - Throws: `MalformedMessage` where the number is out of range, or fewer bytes are left.
  package mutating func integer(in range: ClosedRange<Int64>) throws(MalformedMessage) -> Int64 {
    let number = try integer()
    guard range.contains(number) else { throw MalformedMessage("the number \(number) where \(range) was due") }
    return number
  }

  /// The same as an `Int`.
  package mutating func integer(in range: ClosedRange<Int>) throws(MalformedMessage) -> Int {
    Int(try integer(in: Int64(range.lowerBound)...Int64(range.upperBound)))
  }

  /// One byte: 0 for no, 1 for yes.
  ///
  /// - Throws: `MalformedMessage` for any other, or where none is left.
  package mutating func flag() throws(MalformedMessage) -> Bool {
    switch try take(1).first {
    case 0: false
    case 1: true
    default: throw MalformedMessage("a flag that is neither yes nor no")
    }
  }

  /// A finite number. One that is absurd is cut, for files tell absurd times: what is reckoned with it afterwards must not overflow.
  package mutating func number() throws(MalformedMessage) -> Double {
    let number = Double(bitPattern: UInt64(bitPattern: try integer()))
    guard number.isFinite else { throw MalformedMessage("a number that is none") }
    return min(max(number, -Self.mostOfAnything), Self.mostOfAnything)
  }

  private static let mostOfAnything = 1e12

  /// A flag and, behind a yes, what `read` reads; nil behind a no.
  package mutating func optional<Value>(
    _ read: (inout MessageReader) throws(MalformedMessage) -> Value
  ) throws(MalformedMessage) -> Value? {
    try flag() ? try read(&self) : nil
  }

  /// A text of up to `limit` bytes in one line: what is no UTF-8 is replaced; control characters, and what ends a line or turns the
  /// direction of writing, are dropped.
  package mutating func text(limit: Int = 1000) throws(MalformedMessage) -> String {
    let text = String(decoding: try block(limit: limit), as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !Self.unseen.contains($0.properties.generalCategory) }))
  }

  private static let unseen: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]

  /// Several of what ``text(limit:)`` reads, each up to 1000 bytes, behind their number.
  ///
  /// - Throws: `MalformedMessage` where there are more than `limit`, or one is too long.
  package mutating func texts(limit: Int) throws(MalformedMessage) -> [String] {
    let count = try integer(in: 0...limit)
    var texts: [String] = []
    for _ in 0..<count { texts.append(try text()) }
    return texts
  }

  /// One of the cases of an enumeration, by its raw value.
  package mutating func choice<Choice: RawRepresentable>() throws(MalformedMessage) -> Choice
  where Choice.RawValue == String {
    let word = try text(limit: 40)
    guard let choice = Choice(rawValue: word) else { throw MalformedMessage("an unknown word") }
    return choice
  }

  /// Eight bytes, least byte first.
  ///
  /// - Throws: `MalformedMessage` where fewer are left.
  private mutating func integer() throws(MalformedMessage) -> Int64 {
    try take(8).reversed().reduce(0) { $0 << 8 | Int64($1) }
  }

  private mutating func take(_ count: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw MalformedMessage("a message that is too short") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

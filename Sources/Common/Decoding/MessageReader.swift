/// Reads the fields of a message. The writer may be hostile, so nothing about the bytes is taken for granted.
package struct MessageReader {
  private var rest: ArraySlice<UInt8>

  /// - Parameter bytes: the body of a message.
  package init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// Whether all bytes have been read.
  package var isAtEnd: Bool { rest.isEmpty }

  /// Reads a number of bytes, and then those bytes.
  ///
  /// - Throws: `MalformedMessage` if the number is above `limit`, or fewer bytes are left.
  package mutating func block(limit: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
    let count = try integer(in: 0...Int64(limit))
    return try take(Int(count))
  }

  /// Reads eight bytes in little-endian order.
  ///
  /// - Throws: `MalformedMessage` if the number is out of range, or fewer bytes are left.
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
  /// - Throws: `MalformedMessage` for any other byte, or if none is left.
  package mutating func flag() throws(MalformedMessage) -> Bool {
    switch try take(1).first {
    case 0: false
    case 1: true
    default: throw MalformedMessage("a flag that is neither yes nor no")
    }
  }

  /// A finite number. Since files tell absurd times, it is clamped, so that later calculations cannot overflow.
  package mutating func number() throws(MalformedMessage) -> Double {
    let number = Double(bitPattern: UInt64(bitPattern: try integer()))
    guard number.isFinite else { throw MalformedMessage("a number that is none") }
    return min(max(number, -Self.mostOfAnything), Self.mostOfAnything)
  }

  private static let mostOfAnything = 1e12

  /// Reads a flag and, if it is 1, a number; otherwise nil.
  package mutating func optionalNumber() throws(MalformedMessage) -> Double? { try flag() ? try number() : nil }

  /// Reads a flag and, if it is 1, the size of a file; otherwise nil.
  package mutating func optionalSize() throws(MalformedMessage) -> Int64? {
    try flag() ? try integer(in: 0...Int64.max) : nil
  }

  /// A text of up to `limit` bytes in one line. Invalid UTF-8 is replaced. Control characters, and those that end a line or change the
  /// direction of writing, are removed.
  package mutating func text(limit: Int = 1000) throws(MalformedMessage) -> String {
    let text = String(decoding: try block(limit: limit), as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.filter { !Self.unseen.contains($0.properties.generalCategory) }))
  }

  private static let unseen: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]

  /// Reads a number of texts, and then each of them as ``text(limit:)`` does, up to 1000 bytes long.
  ///
  /// - Throws: `MalformedMessage` if there are more than `limit`, or one is too long.
  package mutating func texts(limit: Int) throws(MalformedMessage) -> [String] {
    let count = try integer(in: 0...limit)
    var texts: [String] = []
    for _ in 0..<count { texts.append(try text()) }
    return texts
  }

  /// Reads a case of an enumeration by its raw value.
  package mutating func choice<Choice: RawRepresentable<String>>() throws(MalformedMessage) -> Choice {
    guard let choice = Choice(rawValue: try text(limit: 40)) else { throw MalformedMessage("an unknown word") }
    return choice
  }

  private mutating func integer() throws(MalformedMessage) -> Int64 {
    try take(8).reversed().reduce(0) { $0 << 8 | Int64($1) }
  }

  private mutating func take(_ count: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw MalformedMessage("a message that is too short") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

import Testing

@testable import Media

@Suite struct FrameNumberTests {
  /// Bits, the last of them the one that ends a unit, and zeroes up to a whole byte.
  static func bits(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace } + "1"
    let padded = digits + String(repeating: "0", count: (8 - digits.count % 8) % 8)
    return stride(from: 0, to: padded.count, by: 8).map { start in
      let from = padded.index(padded.startIndex, offsetBy: start)
      return UInt8(padded[from..<padded.index(from, offsetBy: 8)], radix: 2)!
    }
  }
  /// Exp-Golomb codes of 0 to 3.
  static let codes = ["1", "010", "011", "00100"]

  /// A sequence parameter set of the Baseline profile, numbers of 4 bits, order by number.
  static func sequence(mayLeaveOut: Bool = false) -> [UInt8] {
    [0x67, 66, 0, 30] + bits(codes[0] + codes[0] + codes[2] + codes[1] + (mayLeaveOut ? "1" : "0") + "1")
  }
  /// One of the profile High 4:4:4 with separate planes, a scaling list that ends at once, and numbers of 5 bits.
  static let planes: [UInt8] =
    [0x67, 244, 0, 30]
    + bits(
      codes[0] + codes[3] + "1" + codes[0] + codes[0] + "0" + "1" + "1" + "000010001" + "00000000000" + codes[1] + codes[2]
        + codes[1] + "0")
  static let set: [UInt8] = [0x68] + bits(codes[0] + codes[0] + "0")

  static func slice(_ number: Int, bits width: Int = 4, planes: Bool = false, head: UInt8 = 0x41) -> [UInt8] {
    let digits = String(number, radix: 2)
    return [head]
      + bits(
        codes[0] + codes[0] + codes[0] + (planes ? "00" : "") + String(repeating: "0", count: width - digits.count) + digits
          + "1111")
  }
  static func stream(_ units: [UInt8]...) -> [UInt8] { units.flatMap { [0, 0, 0, 1] + $0 } }

  func gaps(_ numbers: FrameNumbers, _ packets: [[UInt8]]) -> [Bool] {
    var numbers = numbers
    return packets.map { numbers.missesPictures(before: $0) }
  }

  @Test(
    "a number that is neither the last one nor the next tells of lost pictures",
    arguments: [
      ([0, 1, 2, 3], [false, false, false, false]), ([0, 1, 3, 4], [false, false, true, false]),
      ([14, 15, 0, 1], [false, false, false, false]), ([3, 3, 4], [false, false, false]), ([9, 0, 1], [false, false, false]),
      ([9, 1, 2], [false, false, false]), ([7], [false]), ([5, 4], [false, true]),
    ])
  func ofNumbers(numbers: [Int], expected: [Bool]) {
    let header = Self.stream(Self.sequence(), Self.set)
    #expect(gaps(FrameNumbers(header: header), numbers.map { Self.stream(Self.slice($0)) }) == expected)
  }

  @Test func aPictureToWhichNoneRefersMayBeMissing() {
    let numbers = FrameNumbers(header: Self.stream(Self.sequence(), Self.set))
    let packets = [(1, 0x41), (2, 0x01), (2, 0x01), (2, 0x41), (4, 0x01), (4, 0x41), (5, 0x41)]
    #expect(
      gaps(numbers, packets.map { Self.stream(Self.slice($0.0, head: UInt8($0.1))) })
        == [false, false, false, false, true, false, false])
  }

  @Test func numbersMayBeLeftOutOnPurpose() {
    let numbers = FrameNumbers(header: Self.stream(Self.sequence(mayLeaveOut: true), Self.set))
    #expect(gaps(numbers, [2, 5].map { Self.stream(Self.slice($0)) }) == [false, false])
  }

  @Test func whatFollowsASeekIsNoGap() {
    var numbers = FrameNumbers(header: Self.stream(Self.sequence(), Self.set))
    let before = numbers.missesPictures(before: Self.stream(Self.slice(2)))
    numbers.restart()
    let after = numbers.missesPictures(before: Self.stream(Self.slice(9)))
    #expect(!before && !after)
  }

  @Test func theSetsMayComeInTheStreamOrInTheBoxOfMP4() {
    let inStream = FrameNumbers(header: [])
    let first = Self.stream(Self.sequence(), Self.set, Self.slice(1))
    #expect(gaps(inStream, [first, Self.stream(Self.slice(3))]) == [false, true])
    let box: [UInt8] =
      [1, 66, 0, 30, 0xff, 0xe1, 0, UInt8(Self.sequence().count)] + Self.sequence() + [1, 0, UInt8(Self.set.count)] + Self.set
    let packets = [1, 3].map { number in [0, 0, 0, 2, 9, 16, 0, 0, 0, UInt8(Self.slice(number).count)] + Self.slice(number) }
    #expect(gaps(FrameNumbers(header: box), packets) == [false, true])
  }

  @Test func separatePlanesAndScalingLists() {
    let numbers = FrameNumbers(header: Self.stream(Self.planes, Self.set))
    let packets = [20, 21, 23].map { Self.stream(Self.slice($0, bits: 5, planes: true)) }
    #expect(gaps(numbers, packets) == [false, false, true])
  }

  @Test func setsWithNumbersTooHighAreNotKept() {
    let set = [0x68] + Self.bits("000000001" + "00000001" + Self.codes[0] + "0")
    let slices = [1, 3].map { number in
      Self.stream(
        [0x41] + Self.bits(Self.codes[0] + Self.codes[0] + "000000001" + "00000001" + "00" + (number == 1 ? "01" : "11")))
    }
    #expect(gaps(FrameNumbers(header: Self.stream(Self.sequence(), set)), slices) == [false, false])
  }

  @Test func brokenBytesAreNoGap() {
    let whole = Self.stream(Self.sequence(), Self.set)
    for length in 0..<whole.count - 2 {
      _ = gaps(FrameNumbers(header: Array(whole.prefix(length))), [1, 3].map { Self.stream(Self.slice($0)) })
    }
    for bytes in [
      [], [1], [1, 66, 0, 30, 0xff, 0xff, 0xff], [0, 0, 1], [0, 0, 1, 0x67, 244] + [UInt8](repeating: 0, count: 90),
    ] as [[UInt8]] {
      #expect(
        gaps(FrameNumbers(header: bytes), [bytes, Self.stream(Self.slice(3)), bytes, [0, 0, 1, 0x41]]) == [
          false, false, false, false,
        ])
    }
  }
}

/// Reads the bits of a unit of H.264 behind its first byte. Past the end they are 0.
struct PayloadBits {
  /// Without the bytes that keep start codes out (ITU-T H.264, 7.4.1).
  private let bytes: [UInt8]
  private var place = 0

  /// The bytes of a unit that are read: parameter sets and heads of slices are shorter.
  private static let most = 1024
  /// The longest code of a number that means something, in bits before the first 1.
  private static let longest = 31

  init(_ unit: ArraySlice<UInt8>) {
    var bytes: [UInt8] = []
    var zeroes = 0
    for byte in unit.dropFirst().prefix(Self.most) {
      if byte != 3 || zeroes < 2 { bytes.append(byte) }
      zeroes = byte == 0 ? zeroes + 1 : 0
    }
    self.bytes = bytes
  }

  /// Whether more was read than there is.
  var isOver: Bool { place > 8 * bytes.count }

  mutating func bits(_ count: Int) -> Int {
    var value = 0
    for _ in 0..<count {
      let bit = place < 8 * bytes.count ? bytes[place / 8] >> (7 - UInt8(place % 8)) & 1 : 0
      value = value << 1 | Int(bit)
      place += 1
    }
    return value
  }

  /// A number in Exp-Golomb code (9.1, `ue(v)`).
  mutating func number() -> Int {
    var zeroes = 0
    while zeroes < Self.longest, bits(1) == 0 { zeroes += 1 }
    return 1 << zeroes - 1 + bits(zeroes)
  }

  /// Passes over a scaling list (7.3.2.1.1.1).
  mutating func skipScalingList(of size: Int) {
    var (last, next) = (8, 8)
    for _ in 0..<size where next != 0 {
      let code = number()
      next = (last + (code.isMultiple(of: 2) ? -code / 2 : (code + 1) / 2)) & 0xff
      if next != 0 { last = next }
    }
  }
}

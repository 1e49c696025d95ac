/// Notices where pictures of an H.264 stream are lost, by the numbers that reference pictures have (`frame_num`, ITU-T H.264, 7.4.3). What
/// follows refers to the lost ones, and libavcodec puts others in their place without a word.
struct FrameNumbers {
  /// Of a sequence parameter set, what is needed to read the numbers.
  private struct Sequence {
    let bits: Int
    let hasSeparatePlanes: Bool
    /// Numbers may be left out on purpose, as where layers of time are.
    let mayLeaveOut: Bool
  }

  private var sequences: [Int: Sequence] = [:]
  /// The sequence parameter set of a picture parameter set.
  private var sequenceOfSet: [Int: Int] = [:]
  /// The bytes of the length before each unit; nil if start codes separate them.
  private let lengthBytes: Int?
  private var last: Int?

  /// How many parameter sets of a sequence and of pictures there may be (7.4.2).
  private static let (mostSequences, mostSets) = (32, 256)

  /// The bytes of a packet that are looked at.
  static let head = 16 * 1024

  /// - Parameter header: what the container tells the decoder (`extradata`): an `avcC` box, or units with start codes.
  init(header: [UInt8]) {
    guard header.first == 1, header.count > 6 else {
      lengthBytes = nil
      for unit in units(of: header) { note(unit) }
      return
    }
    lengthBytes = Int(header[4] & 3) + 1
    var place = 5
    for mask in [0x1f, 0xff] as [UInt8] where place < header.count {
      let count = header[place] & mask
      place += 1
      for _ in 0..<count where place + 2 <= header.count {
        let end = min(place + 2 + Int(header.bigEndian(place..<place + 2)), header.count)
        note(header[place + 2..<end])
        place = end
      }
    }
  }

  /// Must be called when the next packet does not follow the one before.
  mutating func restart() { last = nil }

  /// Whether reference pictures are missing between the last packet and this one.
  mutating func missesPictures(before packet: [UInt8]) -> Bool {
    for unit in units(of: packet) {
      guard let first = unit.first, [1, 2, 5].contains(first & 0x1f) else {
        note(unit)
        continue
      }
      return missesPictures(beforeSlice: unit, isReference: first & 0x60 != 0)
    }
    last = nil
    return false
  }

  private mutating func missesPictures(beforeSlice unit: ArraySlice<UInt8>, isReference: Bool) -> Bool {
    var bits = PayloadBits(unit)
    _ = (bits.number(), bits.number())
    guard let sequence = sequenceOfSet[bits.number()].flatMap({ sequences[$0] }) else {
      last = nil
      return false
    }
    if sequence.hasSeparatePlanes { _ = bits.bits(2) }
    let number = bits.bits(sequence.bits)
    let before = (number - 1) & (1 << sequence.bits - 1)
    let known = last ?? number
    // Numbers may begin anew at any picture (memory_management_control_operation 5).
    let isGap = number != known && before != known && number > 1 && !sequence.mayLeaveOut
    if isReference { last = number } else if isGap { last = before }
    return isGap
  }

  /// The units of a packet or header, without what separates them.
  private func units(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var found: [ArraySlice<UInt8>] = []
    if let lengthBytes {
      var place = 0
      while place + lengthBytes < bytes.count {
        let start = place + lengthBytes
        let end = min(start + Int(bytes.bigEndian(place..<start)), bytes.count)
        found.append(bytes[start..<end])
        place = end
      }
      return found
    }
    var start: Int?
    var place = 0
    while place + 3 <= bytes.count {
      guard bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1 else {
        place += 1
        continue
      }
      if let start { found.append(bytes[start..<place]) }
      place += 3
      start = place
    }
    if let start { found.append(bytes[start...]) }
    return found
  }

  /// Keeps a parameter set.
  private mutating func note(_ unit: ArraySlice<UInt8>) {
    guard let first = unit.first else { return }
    var bits = PayloadBits(unit)
    switch first & 0x1f {
    case 7:
      let (id, sequence) = Self.sequence(&bits)
      if id < Self.mostSequences { sequences[id] = bits.isOver ? nil : sequence }
    case 8:
      let id = bits.number()
      if id < Self.mostSets { sequenceOfSet[id] = bits.number() }
    default: break
    }
  }

  /// Reads a sequence parameter set (7.3.2.1.1) as far as it is needed.
  private static func sequence(_ bits: inout PayloadBits) -> (id: Int, Sequence) {
    let profile = bits.bits(8)
    _ = bits.bits(16)
    let id = bits.number()
    var hasSeparatePlanes = false
    if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
      let chroma = bits.number()
      hasSeparatePlanes = chroma == 3 && bits.bits(1) == 1
      _ = (bits.number(), bits.number(), bits.bits(1))
      if bits.bits(1) == 1 {
        for list in 0..<(chroma == 3 ? 12 : 8) where bits.bits(1) == 1 { bits.skipScalingList(of: list < 6 ? 16 : 64) }
      }
    }
    let numberBits = bits.number() + 4
    switch bits.number() {
    case 0: _ = bits.number()
    case 1:
      _ = (bits.bits(1), bits.number(), bits.number())
      for _ in 0..<min(bits.number(), 255) { _ = bits.number() }
    default: break
    }
    _ = bits.number()
    let mayLeaveOut = bits.bits(1) == 1
    return (id, Sequence(bits: min(numberBits, 16), hasSeparatePlanes: hasSeparatePlanes, mayLeaveOut: mayLeaveOut))
  }
}

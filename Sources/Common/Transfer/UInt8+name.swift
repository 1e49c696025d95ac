extension UInt8 {
  /// Whether it is an ASCII letter, a digit, a dash, a dot or an underscore, which mean nothing special in a path, a host or a URL.
  package var isNameByte: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
    default: false
    }
  }
}

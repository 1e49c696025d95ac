import Database

extension VideoID: ExpressibleByStringLiteral {
  /// The last digits, in hexadecimal, for each video of a test.
  public init(stringLiteral digits: String) {
    self.init("00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - digits.count))\(digits)")!
  }
}

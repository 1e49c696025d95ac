internal import CCrypto

enum Hashing {
  /// Calls `EVP_Digest`; nil if this libcrypto forbids the algorithm.
  static func digest(_ bytes: [UInt8], length: Int, algorithm: () -> OpaquePointer?) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: length)
    return unsafe EVP_Digest(bytes, bytes.count, &result, nil, algorithm(), nil) == 1 ? result : nil
  }
}

internal import CCrypto

enum Hashing {
  /// Calls `EVP_Digest`. It fails only if the algorithm is disabled in this libcrypto, and then the process ends.
  static func digest(_ bytes: [UInt8], length: Int, algorithm: () -> OpaquePointer?) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: length)
    let ok = unsafe EVP_Digest(bytes, bytes.count, &result, nil, algorithm(), nil)
    precondition(ok == 1, "libcrypto refused a digest")
    return result
  }
}

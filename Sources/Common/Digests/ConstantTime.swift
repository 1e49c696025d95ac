internal import CCrypto

/// Comparison whose time does not tell where two texts differ (`CRYPTO_memcmp` over digests of equal length).
package enum ConstantTime {
  /// Whether both texts hold the same bytes in UTF-8: unlike `==`, it does not take two spellings of one letter for the same. The time grows
  /// with the lengths of the texts, and tells nothing else.
  package static func equal(_ left: String, _ right: String) -> Bool {
    let a = SHA256.digest(left.utf8)
    let b = SHA256.digest(right.utf8)
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}

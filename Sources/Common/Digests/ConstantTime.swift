internal import CCrypto

/// Compares texts in a time that does not tell where they differ (`CRYPTO_memcmp` of digests of equal length).
package enum ConstantTime {
  /// Whether both texts have the same bytes in UTF-8. Unlike `==`, it distinguishes two spellings of one character. The time depends only
  /// on the lengths of the texts.
  package static func equal(_ left: String, _ right: String) -> Bool {
    let a = SHA256.digest(left.utf8)
    let b = SHA256.digest(right.utf8)
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}

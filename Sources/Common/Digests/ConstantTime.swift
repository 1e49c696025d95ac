internal import CCrypto

/// Comparison whose time does not tell where two texts differ (`CRYPTO_memcmp` over digests of equal length).
package enum ConstantTime {
  package static func equal(_ left: String, _ right: String) -> Bool {
    let a = SHA256.digest(left.utf8)
    let b = SHA256.digest(right.utf8)
    return unsafe CRYPTO_memcmp(a, b, a.count) == 0
  }
}

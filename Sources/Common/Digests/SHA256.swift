internal import CCrypto

/// SHA-256 by OpenSSL's libcrypto (`EVP_Digest`).
package enum SHA256 {
  /// The digest of `bytes`: 32 bytes.
  package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
    // Every libcrypto allows it, in FIPS mode, too.
    unsafe Hashing.digest(Array(bytes), length: 32) { unsafe EVP_sha256() }!
  }

  /// The digest as 64 lowercase hexadecimal digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String { Hexadecimal.string(digest(bytes)) }
}

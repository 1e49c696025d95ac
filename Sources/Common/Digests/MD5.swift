internal import CCrypto

/// MD5, only because S3's ETags are made of it: a checksum here, never a protection.
package enum MD5 {
  /// The digest as 32 lowercase hexadecimal digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String {
    Hexadecimal.string(unsafe Hashing.digest(Array(bytes), length: 16) { unsafe EVP_md5() })
  }
}

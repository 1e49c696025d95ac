internal import CCrypto

/// MD5, only because S3's ETags and `Content-MD5` use it: a checksum, never a protection. Nil on a host in FIPS mode, which forbids it.
package enum MD5 {
  /// The digest as 32 lowercase hexadecimal digits.
  package static func hex(_ bytes: some Collection<UInt8>) -> String? { digest(bytes).map { Hexadecimal.string($0) } }

  /// The digest: 16 bytes.
  package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8]? {
    unsafe Hashing.digest(Array(bytes), length: 16) { unsafe EVP_md5() }
  }
}
